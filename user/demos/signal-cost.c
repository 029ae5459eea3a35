/*
 * signal-cost.c - what signals cost: one to oneself, and to and fro between two processes, with handlers and without.
 *
 * With --icount an instruction takes one nanosecond, so that the figures are instructions:
 *
 *      tools/parley-run --smp 1 --icount /demos/signal-cost
 */
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { rounds = 2000 };

static volatile sig_atomic_t count;
static sigset_t none, both;

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void on_signal(int number)
{
    (void)number;
    count++;
}

/* SIGUSR1 is blocked but in here, so none is missed. */
static void await_handler(void)
{
    sig_atomic_t seen = count;

    while (count == seen)
        sigsuspend(&none);
}

static void send(pid_t to)
{
    kill(to, SIGUSR1);
}

static void await_value(void)
{
    sigwaitinfo(&both, NULL);
}

static void send_value(pid_t to)
{
    sigqueue(to, SIGRTMIN, (union sigval){0});
}

static void measure(const char *what, void (*say)(pid_t), void (*await)(void))
{
    pid_t parent = getpid(), child = fork();
    long long start;

    if (child == 0)
        for (;;) {
            await();
            say(parent);
        }
    say(child);
    await();
    start = now();
    for (int i = 0; i < rounds; i++) {
        say(child);
        await();
    }
    printf("%-36s %5lld ns to and fro\n", what, (now() - start) / rounds);
    fflush(stdout);
    kill(child, SIGKILL);
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    pid_t self = getpid();
    long long start;

    sigemptyset(&none);
    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGRTMIN);
    sigaction(SIGUSR1, &action, NULL);
    start = now();
    for (int i = 0; i < rounds; i++)
        kill(self, SIGUSR1);
    printf("%-36s %5lld ns\n", "kill() to oneself, with a handler", (now() - start) / rounds);
    fflush(stdout);
    sigprocmask(SIG_BLOCK, &both, NULL);
    measure("kill(), handler, sigsuspend()", send, await_handler);
    measure("sigqueue(), sigwaitinfo()", send_value, await_value);
    return 0;
}
