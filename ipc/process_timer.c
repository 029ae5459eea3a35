/*
 * process_timer.c - timers that send a process signals: those by number (POSIX.1-2017 timer_create) and the three
 * interval timers (setitimer, alarm).
 *
 * A process has POSIX_TIMER_MAX slots; a timer's number is its slot's.  The interval timers lie in the process itself,
 * so that alarm() cannot fail; their numbers come behind.  Times are nanoseconds on the timer's clock, which is the
 * time since boot, the time of day for absolute times of CLOCK_REALTIME alone, or CPU time (core/cpu_time.c).
 *
 * A timer sends one signal at a time: its record is a part of it, so nothing is allocated when it is due and nothing
 * can fail.  While that signal waits to be taken the timer is not armed; when it is taken, the whole intervals that
 * have gone by are the overrun, and the timer is armed for the next one.  So a timer costs one interrupt for each
 * signal that somebody takes, however short the interval, and none while its signal is blocked.  Only where the signal
 * is ignored the timer arms itself, and then at most every INTERVAL_MIN_NS.
 *
 * A timer without a signal (SIGEV_NONE) is two numbers: what is left is computed when somebody asks.
 *
 * The process's signal_lock guards slots and timers.  The timer's function takes it, so cancelling is done without:
 * whoever takes a timer out of its slot frees it.
 *
 * Left out on purpose: SIGEV_THREAD, and timers on the CPU time of other processes (ENOTSUP).
 */
#include <abi/time.h>
#include <core/syscalls.h>
#include <ipc/process_timer.h>
#include <ipc/signal_pending.h>
#include <mm/kmalloc.h>
#include <mm/user.h>

#define INTERVAL_MIN_NS 100000
#define OVERRUN_MAX 0x7fffffff /* DELAYTIMER_MAX */

/* A setting or what is left of it, in nanoseconds; value 0: disarmed. */
struct timer_setting {
    uint64_t value, interval;
};

OBJECT_CACHE(timer_cache, "posix timer", sizeof(struct process_timer));

static bool is_itimer(const struct process_timer *timer)
{
    return timer->id >= POSIX_TIMER_MAX;
}

/* Does the timer's signal wait to be taken?  signal_lock held. */
static bool is_pending(const struct process_timer *timer)
{
    const struct pending_signals *pending = &timer->process->pending;
    const struct signal_note *note;

    if (timer->signal > SIGSYS)
        return list_linked(&timer->record.link);
    note = &pending->notes[timer->signal];
    return pending->set & signal_bit(timer->signal) && note->code == SI_TIMER && note->timer_id == timer->id;
}

/* The timer is set anew: a signal that it has sent is taken back or, setitimer's, not its own any more. */
static void withdraw(struct process_timer *timer)
{
    struct pending_signals *pending = &timer->process->pending;

    if (timer->signal == 0 || !is_pending(timer))
        return;
    if (is_itimer(timer))
        pending->notes[timer->signal] = (struct signal_note){.code = SI_KERNEL};
    else
        pending_withdraw(pending, timer->signal, &timer->record);
}

/* Find the thread whose clock it is, which may have ended.  False: so it has. */
static bool find_thread(struct process_timer *timer)
{
    struct thread *t;

    if (timer->base != TIMER_CPU || timer->cpu.clock != CPU_CLOCK_THREAD)
        return true;
    list_for_each_entry (t, &timer->process->threads, process_link) {
        if (t->tid == timer->tid) {
            timer->cpu.thread = t;
            return true;
        }
    }
    return false;
}

static uint64_t time_now(struct process_timer *timer)
{
    if (timer->base == TIMER_MONOTONIC)
        return clock_monotonic();
    if (timer->base == TIMER_OF_DAY)
        return (uint64_t)clock_realtime();
    return find_thread(timer) ? ns_from_ticks(cpu_timer_now(timer->process, &timer->cpu)) : 0;
}

static void arm(struct process_timer *timer)
{
    if (timer->base == TIMER_MONOTONIC)
        timer_set(&timer->timer, deadline_from_monotonic(timer->deadline));
    else if (timer->base == TIMER_OF_DAY)
        timer_set(&timer->timer, deadline_from_realtime(timer->deadline));
    else if (find_thread(timer))
        cpu_timer_set(timer->process, &timer->cpu, ticks_from_ns(timer->deadline));
}

/* Arm for the first of the timer's moments that is still to come.  Answers how many have gone by, but for the first. */
static uint64_t arm_next(struct process_timer *timer, uint64_t interval)
{
    uint64_t now = time_now(timer), passed = now > timer->deadline ? (now - timer->deadline) / interval : 0;

    timer->deadline += (passed + 1) * interval;
    arm(timer);
    return passed;
}

static void send(struct process_timer *timer)
{
    struct signal_note note = {.code = SI_TIMER, .timer_id = timer->id, .timer_value = timer->value};
    struct signal_record *record = &timer->record;

    signal_post_locked(timer->process, NULL, timer->signal, &note, &record);
    if (timer->interval == 0)
        timer->deadline = 0;
    else if (!is_pending(timer))
        arm_next(timer, timer->interval > INTERVAL_MIN_NS ? timer->interval : INTERVAL_MIN_NS);
}

/* From the interrupt.  What is set now may be something else than what was due. */
static void timer_due(struct timer *t)
{
    struct process_timer *timer = container_of(t, struct process_timer, timer);
    struct process *process = timer->process;

    spin_lock(&process->signal_lock);
    if (timer->deadline != 0 && timer->deadline <= time_now(timer) && !is_pending(timer))
        send(timer);
    spin_unlock(&process->signal_lock);
}

static void cpu_timer_due(struct cpu_timer *t)
{
    send(container_of(t, struct process_timer, cpu));
}

void process_timer_taken(struct process *process, struct signal_note *note)
{
    int id = note->timer_id;
    struct process_timer *timer =
        id < POSIX_TIMER_MAX ? process->posix_timers[id] : &process->itimers[id - POSIX_TIMER_MAX];
    uint64_t passed = 0;

    debug_lock_held(&process->signal_lock);
    if (timer->deadline != 0)
        passed = arm_next(timer, timer->interval);
    timer->overrun = passed < OVERRUN_MAX ? (int)passed : OVERRUN_MAX;
    note->overrun = timer->overrun;
    if (is_itimer(timer))
        *note = (struct signal_note){.code = SI_KERNEL};
}

static void prepare(struct process_timer *timer, struct process *process, int signal)
{
    timer_init(&timer->timer, timer_due);
    timer->cpu.function = cpu_timer_due;
    timer->process = process;
    timer->signal = signal;
}

/* Enter the timer in a free slot.  Its number, or -EAGAIN. */
static int enter(struct process *process, struct process_timer *timer)
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

/* Whose CPU time is it?  *tid: a thread's.  0, -EINVAL, -ENOTSUP. */
static int check_cpu_clock(int clock, int *tid)
{
    struct process *process;
    struct thread *thread;
    int error = 0;

    spin_lock(&processes_lock);
    if (!cpu_clock_owner(clock, &process, &thread))
        error = -EINVAL; /* POSIX timer_create: EINVAL */
    else if (process != current->process)
        error = -ENOTSUP; /* POSIX timer_create: ENOTSUP */
    else if (thread != NULL)
        *tid = thread->tid;
    spin_unlock(&processes_lock);
    return error;
}

static int check_event(const struct abi_sigevent *event)
{
    if (event == NULL || event->sigev_notify == SIGEV_NONE)
        return 0;
    if (event->sigev_notify == SIGEV_THREAD)
        return -ENOTSUP;
    return event->sigev_notify == SIGEV_SIGNAL && signal_valid(event->sigev_signo) ? 0 : -EINVAL;
}

/* A new timer's number, -EAGAIN, -EINVAL or -ENOTSUP.  `event` NULL: SIGALRM, with the number as its value. */
static int create(int clock, const struct abi_sigevent *event)
{
    bool on_cpu = clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC;
    int tid = 0, error = check_event(event), id;
    struct process_timer *timer;

    if (error == 0 && on_cpu)
        error = check_cpu_clock(clock, &tid);
    if (error != 0)
        return error;
    timer = cache_alloc(&timer_cache);
    if (timer == NULL)
        return -EAGAIN; /* POSIX timer_create: EAGAIN */
    prepare(timer, current->process,
            event == NULL                         ? SIGALRM
            : event->sigev_notify == SIGEV_SIGNAL ? event->sigev_signo
                                                  : 0);
    timer->clock = clock;
    timer->base = on_cpu ? TIMER_CPU : TIMER_MONOTONIC;
    timer->cpu.clock = tid != 0 ? CPU_CLOCK_THREAD : CPU_CLOCK_PROCESS;
    timer->tid = tid;
    timer->record.of_timer = true;
    id = enter(current->process, timer);
    if (id < 0)
        cache_free(&timer_cache, timer);
    else
        timer->value = event != NULL ? event->sigev_value : (uint32_t)id;
    return id;
}

long sys_timer_create(int clock, uaddr_t event, uaddr_t id)
{
    struct abi_sigevent wanted;
    int number;

    if (event != 0 && copy_from_user(&wanted, event, sizeof(wanted)) != 0)
        return -EFAULT;
    number = create(clock, event != 0 ? &wanted : NULL);
    if (number < 0)
        return number;
    if (copy_to_user(id, &number, sizeof(number)) == 0)
        return 0;
    sys_timer_delete(number);
    return -EFAULT;
}

/* The timer of number `id`, with signal_lock held; NULL, without: there is none. */
static struct process_timer *lock(int id)
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

static void unlock(const struct process_timer *timer)
{
    spin_unlock(&timer->process->signal_lock);
}

/* A timer that is armed never shows 0, unless it sends nothing and its moment has passed. */
static struct timer_setting what_is_left(struct process_timer *timer)
{
    struct timer_setting left = {.interval = timer->interval};
    uint64_t now;

    if (timer->deadline == 0)
        return left;
    now = time_now(timer);
    if (timer->deadline > now)
        left.value = timer->deadline - now;
    else if (timer->interval != 0)
        left.value = timer->interval - (now - timer->deadline) % timer->interval;
    else
        left.value = timer->signal != 0;
    return left;
}

/* A timer that is disarmed stays in its heap, and does nothing there when it is due. */
static void set(struct process_timer *timer, bool absolute, const struct timer_setting *setting)
{
    withdraw(timer);
    if (timer->base == TIMER_CPU)
        cpu_timer_cancel(&timer->cpu);
    else
        timer->base = absolute && timer->clock == CLOCK_REALTIME ? TIMER_OF_DAY : TIMER_MONOTONIC;
    timer->deadline = setting->value;
    if (!absolute && setting->value != 0)
        timer->deadline += time_now(timer);
    timer->interval = setting->interval;
    timer->overrun = 0;
    if (timer->deadline != 0 && timer->signal != 0)
        arm(timer);
}

static long store_times(uaddr_t to, const struct timer_setting *setting)
{
    struct abi_itimerspec answer = {ns_to_timespec(setting->interval), ns_to_timespec(setting->value)};

    return copy_to_user(to, &answer, sizeof(answer));
}

long sys_timer_settime(int id, int flags, uaddr_t value, uaddr_t old)
{
    struct timer_setting setting, before;
    struct abi_itimerspec wanted;
    struct process_timer *timer;
    bool runs;

    if (copy_from_user(&wanted, value, sizeof(wanted)) != 0)
        return -EFAULT;
    if (!timespec_valid(&wanted.it_value, &setting.value) || !timespec_valid(&wanted.it_interval, &setting.interval))
        return -EINVAL; /* POSIX timer_settime: EINVAL */
    timer = lock(id);
    if (timer == NULL)
        return -EINVAL; /* POSIX timer_settime: EINVAL, no such timer */
    before = what_is_left(timer);
    runs = find_thread(timer);
    if (runs)
        set(timer, flags & TIMER_ABSTIME, &setting);
    unlock(timer);
    if (!runs)
        return -ESRCH; /* the thread of the timer's clock has ended */
    return old != 0 ? store_times(old, &before) : 0;
}

long sys_timer_gettime(int id, uaddr_t value)
{
    struct process_timer *timer = lock(id);
    struct timer_setting now;

    if (timer == NULL)
        return -EINVAL; /* POSIX timer_gettime: EINVAL */
    now = what_is_left(timer);
    unlock(timer);
    return store_times(value, &now);
}

/* Times that the last signal taken stands for besides the first. */
long sys_timer_getoverrun(int id)
{
    const struct process_timer *timer = lock(id);
    int overrun;

    if (timer == NULL)
        return -EINVAL; /* POSIX timer_getoverrun: EINVAL */
    overrun = timer->overrun;
    unlock(timer);
    return overrun;
}

long sys_timer_delete(int id)
{
    struct process_timer *timer = lock(id);

    if (timer == NULL)
        return -EINVAL; /* POSIX timer_delete: EINVAL */
    withdraw(timer);
    timer->deadline = 0; /* its function, if it runs now, finds that and does not arm it again */
    cpu_timer_cancel(&timer->cpu);
    timer->process->posix_timers[id] = NULL;
    unlock(timer);
    timer_cancel(&timer->timer);
    cache_free(&timer_cache, timer);
    return 0;
}

static bool timeval_to_ns(const struct abi_timeval *time, uint64_t *ns)
{
    struct abi_timespec ts = {.tv_sec = time->tv_sec};

    if (time->tv_usec < 0 || time->tv_usec >= 1000000)
        return false;
    ts.tv_nsec = time->tv_usec * 1000;
    return timespec_valid(&ts, ns);
}

/* A timer that runs never shows 0. */
static struct abi_timeval ns_to_timeval(uint64_t ns)
{
    uint64_t us = (ns + 999) / 1000;

    return (struct abi_timeval){.tv_sec = (abi_time_t)(us / 1000000), .tv_usec = (int32_t)(us % 1000000)};
}

/* Set the timer, unless `wanted` is NULL, and store at `old`, unless that is 0, what was left. */
static long itimer_exchange(int which, const struct timer_setting *wanted, uaddr_t old)
{
    static const int signals[ITIMER_COUNT] = {SIGALRM, SIGVTALRM, SIGPROF};
    struct process *process = current->process;
    struct process_timer *timer = &process->itimers[which];
    struct timer_setting before;
    struct abi_itimerval answer;

    spin_lock(&process->signal_lock);
    before = what_is_left(timer);
    if (timer->process == NULL) {
        prepare(timer, process, signals[which]);
        timer->id = POSIX_TIMER_MAX + which;
        timer->base = which == ITIMER_REAL ? TIMER_MONOTONIC : TIMER_CPU;
        timer->cpu.clock = which == ITIMER_VIRTUAL ? CPU_CLOCK_USER : CPU_CLOCK_PROCESS;
    }
    if (wanted != NULL)
        set(timer, false, wanted);
    spin_unlock(&process->signal_lock);
    answer = (struct abi_itimerval){ns_to_timeval(before.interval), ns_to_timeval(before.value)};
    return old != 0 ? copy_to_user(old, &answer, sizeof(answer)) : 0;
}

long sys_setitimer(int which, uaddr_t value, uaddr_t old)
{
    struct timer_setting setting;
    struct abi_itimerval wanted;

    if (which < ITIMER_REAL || which > ITIMER_PROF)
        return -EINVAL; /* POSIX setitimer: EINVAL */
    if (copy_from_user(&wanted, value, sizeof(wanted)) != 0)
        return -EFAULT;
    if (!timeval_to_ns(&wanted.it_value, &setting.value) || !timeval_to_ns(&wanted.it_interval, &setting.interval))
        return -EINVAL; /* POSIX setitimer: EINVAL */
    return itimer_exchange(which, &setting, old);
}

long sys_getitimer(int which, uaddr_t value)
{
    if (which < ITIMER_REAL || which > ITIMER_PROF)
        return -EINVAL; /* POSIX getitimer: EINVAL */
    return itimer_exchange(which, NULL, value);
}

void process_timers_delete(struct process *process, bool itimers)
{
    struct process_timer *real = &process->itimers[ITIMER_REAL];

    for (int id = 0; id < POSIX_TIMER_MAX; id++) {
        if (process->posix_timers[id] != NULL)
            sys_timer_delete(id);
    }
    if (!itimers)
        return;
    spin_lock(&process->signal_lock);
    real->deadline = 0;
    spin_unlock(&process->signal_lock);
    timer_cancel(&real->timer);
}
