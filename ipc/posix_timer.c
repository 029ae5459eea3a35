/*
 * posix_timer.c - timers by number (POSIX.1-2017 timer_create).
 *
 * A process has POSIX_TIMER_MAX slots; a timer's number is its slot's.  A timer sends one signal at a time: its record
 * is a part of it, so nothing is allocated when it is due and nothing can fail.  While that signal waits to be taken
 * the timer is not armed; when it is taken, the whole intervals that have gone by are the overrun, and the timer is
 * armed for the next one.  So a timer costs one interrupt for each signal that somebody takes, however short the
 * interval, and none while its signal is blocked.  Only where the signal is ignored the timer arms itself, and then at
 * most every INTERVAL_MIN_NS.
 *
 * A timer without a signal (SIGEV_NONE) is two numbers: what is left is computed when somebody asks.
 *
 * The process's signal_lock guards slots and timers.  The timer's function takes it, so cancelling is done without:
 * whoever takes a timer out of its slot frees it.
 *
 * Left out on purpose: SIGEV_THREAD and clocks of CPU time (ENOTSUP; setitimer has the latter), and absolute times on
 * CLOCK_REALTIME do not follow when somebody sets the clock.
 */
#include <abi/errno.h>
#include <abi/time.h>
#include <arch/cpu.h>
#include <core/thread.h>
#include <core/timer.h>
#include <ipc/posix_timer.h>
#include <ipc/signal.h>
#include <ipc/signal_pending.h>
#include <mm/kmalloc.h>

#define INTERVAL_MIN_NS 100000
#define OVERRUN_MAX 0x7fffffff /* DELAYTIMER_MAX */

struct posix_timer {
    struct timer timer;
    struct process *process;
    int id, clock;
    int signal; /* 0: none is sent */
    uint32_t value;
    uint64_t deadline; /* ticks; 0: disarmed */
    uint64_t interval; /* ticks; 0: once */
    int overrun;       /* of the last signal taken */
    struct signal_record record;
};

OBJECT_CACHE(timer_cache, "posix timer", sizeof(struct posix_timer));

/* Does the timer's signal wait to be taken?  signal_lock held. */
static bool is_pending(const struct posix_timer *timer)
{
    const struct pending_signals *pending = &timer->process->pending;
    const struct signal_note *note = &pending->notes[timer->signal];

    if (timer->signal > SIGSYS)
        return list_linked(&timer->record.link);
    return pending->set & signal_bit(timer->signal) && note->code == SI_TIMER && note->timer_id == timer->id;
}

static void withdraw(struct posix_timer *timer)
{
    if (timer->signal != 0 && is_pending(timer))
        pending_withdraw(&timer->process->pending, timer->signal, &timer->record);
}

/* Arm for the first of the timer's moments that is still to come.  Answers how many have gone by, but for the first. */
static uint64_t arm_next(struct posix_timer *timer, uint64_t interval)
{
    uint64_t now = counter_read(), passed = now > timer->deadline ? (now - timer->deadline) / interval : 0;

    timer->deadline += (passed + 1) * interval;
    timer_set(&timer->timer, timer->deadline);
    return passed;
}

static void send(struct posix_timer *timer)
{
    struct signal_note note = {.code = SI_TIMER, .timer_id = timer->id, .timer_value = timer->value};
    struct signal_record *record = &timer->record;
    uint64_t shortest = ticks_from_ns(INTERVAL_MIN_NS);

    signal_post_locked(timer->process, NULL, timer->signal, &note, &record);
    if (timer->interval == 0)
        timer->deadline = 0;
    else if (!is_pending(timer))
        arm_next(timer, timer->interval > shortest ? timer->interval : shortest);
}

/* From the interrupt.  What is set now may be something else than what was due. */
static void posix_timer_due(struct timer *t)
{
    struct posix_timer *timer = container_of(t, struct posix_timer, timer);
    struct process *process = timer->process;

    spin_lock(&process->signal_lock);
    if (timer->deadline != 0 && timer->deadline <= counter_read() && !is_pending(timer))
        send(timer);
    spin_unlock(&process->signal_lock);
}

void posix_timer_taken(struct process *process, struct signal_note *note)
{
    struct posix_timer *timer = process->posix_timers[note->timer_id];
    uint64_t passed = 0;

    debug_lock_held(&process->signal_lock);
    if (timer->deadline != 0)
        passed = arm_next(timer, timer->interval);
    timer->overrun = passed < OVERRUN_MAX ? (int)passed : OVERRUN_MAX;
    note->overrun = timer->overrun;
}

/* Enter the timer in a free slot.  Its number, or -EAGAIN. */
static int enter(struct process *process, struct posix_timer *timer)
{
    int id = 0;

    spin_lock(&process->signal_lock);
    while (id < POSIX_TIMER_MAX && process->posix_timers[id] != NULL)
        id++;
    if (id < POSIX_TIMER_MAX) {
        process->posix_timers[id] = timer;
        timer->id = id;
    }
    spin_unlock(&process->signal_lock);
    return id < POSIX_TIMER_MAX ? id : -EAGAIN; /* POSIX timer_create: EAGAIN, too many timers */
}

static int check(int clock, const struct abi_sigevent *event)
{
    if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
        return -ENOTSUP; /* POSIX timer_create: ENOTSUP */
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
        return -EINVAL; /* POSIX timer_create: EINVAL */
    if (event == NULL || event->sigev_notify == SIGEV_NONE)
        return 0;
    if (event->sigev_notify == SIGEV_THREAD)
        return -ENOTSUP;
    return event->sigev_notify == SIGEV_SIGNAL && signal_valid(event->sigev_signo) ? 0 : -EINVAL;
}

int posix_timer_create(int clock, const struct abi_sigevent *event)
{
    struct process *process = current->process;
    int id = check(clock, event);
    struct posix_timer *timer;

    if (id < 0)
        return id;
    timer = cache_alloc(&timer_cache);
    if (timer == NULL)
        return -EAGAIN; /* POSIX timer_create: EAGAIN */
    timer_init(&timer->timer, posix_timer_due);
    timer->process = process;
    timer->clock = clock;
    timer->record.of_timer = true;
    if (event == NULL)
        timer->signal = SIGALRM;
    else if (event->sigev_notify == SIGEV_SIGNAL)
        timer->signal = event->sigev_signo;
    id = enter(process, timer);
    if (id < 0)
        cache_free(&timer_cache, timer);
    else
        timer->value = event != NULL ? event->sigev_value : (uint32_t)id;
    return id;
}

/* The timer of number `id`, with signal_lock held; NULL, without: there is none. */
static struct posix_timer *lock(int id)
{
    struct process *process = current->process;

    if (id < 0 || id >= POSIX_TIMER_MAX)
        return NULL;
    spin_lock(&process->signal_lock);
    if (process->posix_timers[id] != NULL)
        return process->posix_timers[id];
    spin_unlock(&process->signal_lock);
    return NULL;
}

static void unlock(const struct posix_timer *timer)
{
    spin_unlock(&timer->process->signal_lock);
}

/* A timer that is armed never shows 0, unless it sends nothing and its moment has passed. */
static struct posix_timer_times what_is_left(const struct posix_timer *timer)
{
    struct posix_timer_times times = {.interval = timer->interval};
    uint64_t now = counter_read();

    if (timer->deadline == 0)
        return times;
    if (timer->deadline > now)
        times.value = timer->deadline - now;
    else if (timer->interval != 0)
        times.value = timer->interval - (now - timer->deadline) % timer->interval;
    else
        times.value = timer->signal != 0;
    return times;
}

int posix_timer_clock(int id)
{
    const struct posix_timer *timer = lock(id);
    int clock;

    if (timer == NULL)
        return -EINVAL; /* POSIX timer_settime: EINVAL, no such timer */
    clock = timer->clock;
    unlock(timer);
    return clock;
}

/* A timer that is disarmed stays in its heap, and does nothing there when it is due. */
int posix_timer_set(int id, uint64_t deadline, uint64_t interval, struct posix_timer_times *old)
{
    struct posix_timer *timer = lock(id);

    if (timer == NULL)
        return -EINVAL;
    *old = what_is_left(timer);
    withdraw(timer);
    timer->deadline = deadline;
    timer->interval = interval;
    timer->overrun = 0;
    if (deadline != 0 && timer->signal != 0)
        timer_set(&timer->timer, deadline);
    unlock(timer);
    return 0;
}

int posix_timer_get(int id, struct posix_timer_times *now)
{
    const struct posix_timer *timer = lock(id);

    if (timer == NULL)
        return -EINVAL; /* POSIX timer_gettime: EINVAL */
    *now = what_is_left(timer);
    unlock(timer);
    return 0;
}

int posix_timer_overrun(int id)
{
    const struct posix_timer *timer = lock(id);
    int overrun;

    if (timer == NULL)
        return -EINVAL; /* POSIX timer_getoverrun: EINVAL */
    overrun = timer->overrun;
    unlock(timer);
    return overrun;
}

int posix_timer_delete(int id)
{
    struct posix_timer *timer = lock(id);

    if (timer == NULL)
        return -EINVAL; /* POSIX timer_delete: EINVAL */
    withdraw(timer);
    timer->deadline = 0; /* its function, if it runs now, finds that and does not arm it again */
    timer->process->posix_timers[id] = NULL;
    unlock(timer);
    timer_cancel(&timer->timer);
    cache_free(&timer_cache, timer);
    return 0;
}

void posix_timer_delete_all(struct process *process)
{
    for (int id = 0; id < POSIX_TIMER_MAX; id++) {
        if (process->posix_timers[id] != NULL)
            posix_timer_delete(id);
    }
}
