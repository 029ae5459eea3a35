/*
 * signal.c - rows of signals: one to oneself, whose handler runs, and one there and one back.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

static volatile sig_atomic_t caught;

static void on_signal(int signal)
{
    (void)signal;
    caught++;
}

static void catch_signal(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    if (sigaction(SIGUSR1, &action, NULL) != 0)
        bench_fail("sigaction");
}

void bench_sig_self(long n, long unused)
{
    pid_t self = getpid();

    (void)unused;
    catch_signal();
    bench_measure(n, "ns/op", kill(self, SIGUSR1));
    if (caught != bench_warm_up(n) + n) {
        errno = EPROTO;
        bench_fail("kill");
    }
}

/* The signal is blocked except inside sigsuspend(), so that none comes too early to be waited for. */
static void await_signal(const sigset_t *open)
{
    sig_atomic_t before = caught;

    while (caught == before)
        sigsuspend(open);
}

static void answer_signals(const sigset_t *open)
{
    pid_t other = getppid();

    for (;;) {
        await_signal(open);
        kill(other, SIGUSR1);
    }
}

void bench_sig_rtt(long n, long unused)
{
    sigset_t blocked, open;

    (void)unused;
    catch_signal();
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    if (sigprocmask(SIG_BLOCK, &blocked, &open) != 0)
        bench_fail("sigprocmask");
    sigdelset(&open, SIGUSR1);
    if (bench_fork() == 0)
        answer_signals(&open);
    bench_measure(n, "ns/rtt", kill(bench_peer, SIGUSR1); await_signal(&open));
    bench_kill();
}
