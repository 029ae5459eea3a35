/*
 * signal-timer.c - a timer that ticks while its owner works: no tick is lost, those that come too fast are counted.
 *
 * The signal is blocked and taken by sigwaitinfo(), so no handler is needed.  After the fourth tick the program is busy
 * and does not look: the ticks of that time arrive as one signal, whose overrun says how many more there were.
 */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#define MS 1000000L

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void work(long milliseconds)
{
    long long end = now() + milliseconds * MS;

    while (now() < end)
        continue;
}

int main(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 42};
    struct itimerspec every = {.it_value.tv_nsec = 100 * MS, .it_interval.tv_nsec = 100 * MS};
    long long start = now();
    siginfo_t info;
    timer_t timer;
    sigset_t set;
    int ticks = 0;

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1) {
        perror("timer_create");
        return 1;
    }
    timer_settime(timer, 0, &every, NULL);
    printf("a tick every 100 ms\n");
    for (int signals = 1; signals <= 8; signals++) {
        sigwaitinfo(&set, &info);
        ticks += 1 + info.si_overrun;
        printf("%4lld ms: signal %d, value %d, overrun %d: %d ticks\n", (now() - start) / MS, signals,
               info.si_value.sival_int, info.si_overrun, ticks);
        if (signals == 4) {
            printf("         busy for 450 ms\n");
            work(450);
        }
    }
    timer_delete(timer);
    return 0;
}
