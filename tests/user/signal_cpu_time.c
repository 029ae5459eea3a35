/*
 * signal_cpu_time.c - a timer on user time that is nearly due leaves a thread that runs in the kernel alone: its rest
 * does not shrink there, so it must not be looked at all the time either.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { size = 4 << 20, rounds = 60 };

static char data[size];
static int zero;
static volatile sig_atomic_t fired;

static void on_alarm(int signal)
{
    (void)signal;
    fired = 1;
}

static long now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec % 1000 * 1000000000 + now.tv_nsec;
}

/* Nanoseconds that a long call takes. */
static long call_takes(void)
{
    long start = now_ns();

    read(zero, data, size);
    return now_ns() - start;
}

/* Set the timer so that it is due after a microsecond of user time; false: it has gone off. */
static bool nearly_due(void)
{
    struct itimerval set = {.it_value.tv_usec = 1};

    fired = 0;
    setitimer(ITIMER_VIRTUAL, &set, NULL);
    return !fired;
}

int main(void)
{
    long without, with, longest = 0;
    int caught = 0;

    tap_begin();
    signal(SIGVTALRM, on_alarm);
    zero = open("/dev/zero", O_RDONLY);
    call_takes();
    without = call_takes();
    for (int i = 0; i < rounds; i++) {
        if (!nearly_due())
            continue;
        caught++;
        with = call_takes();
        if (with > longest)
            longest = with;
    }
    close(zero);
    tap_in_time(caught > 0, "the timer has a microsecond or less left in %d rounds of %d", caught, rounds);
    tap_note("a call takes %ld ns, with the timer %ld", without, longest);
    tap_in_time(longest < without + without / 2, "a call is not slowed by a timer that is nearly due");
    return tap_end();
}
