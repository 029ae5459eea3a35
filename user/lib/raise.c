/*
 * raise.c - a signal to the calling thread itself.
 */
#include "pthread/thread.h"
#include <signal.h>
#include <unistd.h>

int tgkill(pid_t pid, pid_t tid, int signal);

int raise(int signal)
{
    return tgkill(getpid(), __thread_id(), signal);
}
