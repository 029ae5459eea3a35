/*
 * signal_stress.c - processes that queue signals to each other, with timers of all kinds, are killed at random moments:
 * the others go on, and nothing is left behind.
 *
 *      /tests/signal_stress [seed]
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { processes = 4, kills = 60 };

static unsigned seed = 1;
static pid_t pids[processes];

static void on_signal(int signal)
{
    (void)signal;
}

static void start_timers(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct itimerspec every = {.it_value.tv_nsec = 100000, .it_interval.tv_nsec = 100000};
    struct itimerval cpu = {.it_value.tv_usec = 300, .it_interval.tv_usec = 300};
    timer_t timer;

    for (int i = 0; i < 3; i++) {
        event.sigev_signo = i == 0 ? SIGALRM : SIGRTMIN + i;
        timer_create(i == 1 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &event, &timer);
        timer_settime(timer, 0, &every, NULL);
    }
    setitimer(ITIMER_PROF, &cpu, NULL);
    setitimer(ITIMER_VIRTUAL, &cpu, NULL);
    setitimer(ITIMER_REAL, &cpu, NULL);
}

/* Signals all around it, takes what comes by handlers and by waiting, until it is killed. */
static void makes_noise(void)
{
    struct timespec soon = {.tv_nsec = 50000};
    sigset_t set;

    sigemptyset(&set);
    for (int i = SIGRTMIN; i < SIGRTMIN + 4; i++)
        sigaddset(&set, i);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGALRM, on_signal);
    signal(SIGPROF, on_signal);
    signal(SIGVTALRM, on_signal);
    start_timers();
    for (unsigned i = 0;; i++) {
        pid_t other = pids[rand_r(&seed) % processes];

        if (other > 0)
            sigqueue(other, SIGRTMIN + i % 4, (union sigval){.sival_int = (int)i});
        sigtimedwait(&set, NULL, &soon);
    }
}

/* Blocks what the others may send before they can. */
static pid_t start_one(void)
{
    sigset_t all, old;
    pid_t pid;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    pid = tap_fork();
    if (pid == 0) {
        seed += (unsigned)getpid();
        signal(SIGALRM, on_signal);
        signal(SIGPROF, on_signal);
        signal(SIGVTALRM, on_signal);
        sigdelset(&all, SIGALRM);
        sigdelset(&all, SIGPROF);
        sigdelset(&all, SIGVTALRM);
        sigprocmask(SIG_SETMASK, &all, NULL);
        makes_noise();
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    return pid;
}

int main(int argc, char **argv)
{
    bool right = true;
    int status;

    tap_begin();
    if (argc > 1)
        seed = (unsigned)atoi(argv[1]);
    tap_note("seed %u", seed);
    for (int i = 0; i < processes; i++)
        pids[i] = start_one();
    for (int i = 0; i < kills; i++) {
        unsigned victim = rand_r(&seed) % processes;

        usleep(rand_r(&seed) % 3000);
        kill(pids[victim], SIGKILL);
        right &=
            waitpid(pids[victim], &status, 0) == pids[victim] && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        pids[victim] = start_one();
    }
    for (int i = 0; i < processes; i++) {
        kill(pids[i], SIGKILL);
        right &= waitpid(pids[i], &status, 0) == pids[i] && WTERMSIG(status) == SIGKILL;
    }
    tap_ok(right, "each ended by the SIGKILL that was meant for it, and by nothing else");
    return tap_end();
}
