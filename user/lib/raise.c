/*
 * raise.c - a signal to the calling thread itself.
 */
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

int tgkill(pid_t pid, pid_t tid, int signal);

int raise(int signal)
{
    return tgkill(getpid(), gettid(), signal);
}
