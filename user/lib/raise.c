/*
 * raise.c - a signal to the calling thread itself.
 */
#include "pthread/thread.h"
#include <signal.h>
#include <unistd.h>

int raise(int signal)
{
    return tgkill(getpid(), __thread_id(), signal);
}
