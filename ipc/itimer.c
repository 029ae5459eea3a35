/*
 * itimer.c - a process's interval timer on the real clock (POSIX.1-2017 setitimer, alarm).
 *
 * It is one struct timer in the process.  An interval is counted from when the timer was due, not from when it was
 * handled, so that it does not drift.  It is not shorter than INTERVAL_MIN_NS: no program shall keep a CPU in the
 * timer's interrupt.  (POSIX setitimer: intervals are rounded up to the timer's resolution.)
 *
 * One mutex keeps those apart who set timers at once: setting one is rare and short.  The timer's function takes no
 * part in it; it finds the interval that was stored before the timer was armed.
 *
 * The two timers on CPU time are in cpu_itimer.c.
 */
#include <arch/cpu.h>
#include <core/timer.h>
#include <ipc/itimer.h>
#include <ipc/signal.h>

#define INTERVAL_MIN_NS 100000

static struct mutex itimer_mutex;

void itimer_start(void)
{
    mutex_init(&itimer_mutex, "itimer");
}

/* The timer is due: from the interrupt. */
static void itimer_due(struct timer *timer)
{
    struct process *process = container_of(timer, struct process, alarm);
    uint64_t interval = process->alarm_interval, now = counter_read(), next = timer->deadline + interval;

    signal_send_process(process, SIGALRM, NULL);
    if (interval != 0)
        timer_set(timer, next > now ? next : now + interval);
}

static uint64_t time_left(const struct timer *timer)
{
    uint64_t now = counter_read();

    if (timer->cpu == NULL)
        return 0;
    return timer->deadline > now ? timer->deadline - now : 1; /* due this moment, not disarmed */
}

void itimer_get(struct process *process, uint64_t *value, uint64_t *interval)
{
    mutex_lock(&itimer_mutex);
    *value = time_left(&process->alarm);
    *interval = process->alarm_interval;
    mutex_unlock(&itimer_mutex);
}

/* The timer's function may arm it again while it is being cancelled, but not once it finds no interval. */
void itimer_cancel(struct process *process)
{
    process->alarm_interval = 0;
    timer_cancel(&process->alarm);
    timer_cancel(&process->alarm);
}

void itimer_set(struct process *process, uint64_t value, uint64_t interval, uint64_t *old_value, uint64_t *old_interval)
{
    uint64_t shortest = ticks_from_ns(INTERVAL_MIN_NS);

    mutex_lock(&itimer_mutex);
    *old_value = time_left(&process->alarm);
    *old_interval = process->alarm_interval;
    itimer_cancel(process);
    process->alarm_interval = interval == 0 || interval > shortest ? interval : shortest;
    if (value != 0) {
        timer_init(&process->alarm, itimer_due);
        timer_set(&process->alarm, counter_read() + value);
    }
    mutex_unlock(&itimer_mutex);
}
