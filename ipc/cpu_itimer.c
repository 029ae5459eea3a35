/*
 * cpu_itimer.c - interval timers on CPU time: ITIMER_VIRTUAL (SIGVTALRM) and ITIMER_PROF (SIGPROF).
 *
 * As long as one is set, the process's threads are watched: whenever one comes to run, its CPU's hardware timer is set
 * for the moment at which, if it goes on running, it should be looked at (core/sched.c).  A look charges every thread
 * of the process for what it ran since the last look, sends what is due, and says when the next look should be.  So
 * there is no interrupt for a process that sleeps, and nothing but one test of a flag at a switch for all others.  With
 * several threads the rest is shared out among them, and looks come closer as it shrinks.
 *
 * ITIMER_PROF is exact.  For ITIMER_VIRTUAL the time is split into user and system as it is everywhere, in proportion
 * to samples at interrupts; looks are then at most a millisecond apart, so that there are samples.
 *
 * The process's signal_lock guards all of it.
 */
#include <abi/time.h>
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/thread.h>
#include <ipc/cpu_itimer.h>
#include <ipc/signal.h>

#define INTERVAL_MIN_NS 100000
#define LOOK_MIN_NS 100000 /* looks are not closer than this */
#define SAMPLE_NS 1000000  /* nor farther apart with ITIMER_VIRTUAL */

static struct cpu_alarm *alarm_of(struct process *process, int which)
{
    return &process->cpu_alarms[which == ITIMER_PROF];
}

/* `ran` ticks have passed on the clock of one timer. */
static void spend(struct process *process, int which, uint64_t ran)
{
    static const struct signal_note from_kernel = {.code = SI_KERNEL};
    struct cpu_alarm *alarm = alarm_of(process, which);

    if (alarm->left > ran) {
        alarm->left -= ran;
    } else if (alarm->left != 0) {
        ran -= alarm->left;
        alarm->left = alarm->interval == 0 ? 0 : alarm->interval - ran % alarm->interval;
        signal_post_locked(process, NULL, which == ITIMER_PROF ? SIGPROF : SIGVTALRM, &from_kernel, NULL);
    }
}

/* What a thread has run since the last look is charged. */
static void charge(struct process *process, struct thread *thread)
{
    struct cpu_watch *watch = &thread->watch;
    uint64_t ticks = sched_cpu_time(thread), ran = ticks - watch->ticks;
    uint32_t user = thread->user_samples - watch->user, system = thread->system_samples - watch->system;

    watch->ticks = ticks;
    watch->user += user;
    watch->system += system;
    spend(process, ITIMER_PROF, ran);
    spend(process, ITIMER_VIRTUAL, user + system == 0 ? ran : ran * user / (user + system));
}

static void charge_all(struct process *process)
{
    struct thread *t;

    if (!process->watched)
        return;
    list_for_each_entry (t, &process->threads, process_link)
        charge(process, t);
}

/* How much each thread may run before the next look; 0: no timer is set. */
static uint64_t next_look(struct process *process)
{
    uint64_t prof = alarm_of(process, ITIMER_PROF)->left, virtual = alarm_of(process, ITIMER_VIRTUAL)->left;
    uint64_t sample = ticks_from_ns(SAMPLE_NS), shortest = ticks_from_ns(LOOK_MIN_NS), step;

    if (prof == 0 && virtual == 0)
        return 0;
    if (virtual > sample)
        virtual = sample;
    step = prof == 0 || (virtual != 0 && virtual < prof) ? virtual : prof;
    if (process->thread_count > 1)
        step /= process->thread_count;
    /* What is left of ITIMER_VIRTUAL does not shrink while the thread runs in the kernel: however little that is, there
     * must be time to get on between two looks. */
    return step > shortest ? step : shortest;
}

/* Charged just now: watch all threads until the next look, or none any more. */
static void watch_all(struct process *process)
{
    uint64_t step = next_look(process);
    struct thread *t;

    process->watched = step != 0;
    list_for_each_entry (t, &process->threads, process_link) {
        t->watch.until = t->watch.ticks + step;
        t->watched = process->watched;
    }
    if (process->watched)
        timer_set_watch(counter_read() + step);
}

/* From the timer's interrupt: the running thread is watched and has run for long enough. */
static void look(void)
{
    struct process *process = current->process;

    spin_lock(&process->signal_lock);
    charge_all(process);
    watch_all(process);
    spin_unlock(&process->signal_lock);
}

/* Nothing was charged as long as nothing was set: begin with what the threads have run until now. */
static void begin(struct process *process)
{
    struct thread *t;

    list_for_each_entry (t, &process->threads, process_link)
        t->watch = (struct cpu_watch){sched_cpu_time(t), 0, t->user_samples, t->system_samples};
    if (process->thread_count > 1)
        irq_send(SGI_RESCHEDULE, cpus_online & ~(1u << current->cpu->number)); /* some of them may run just now */
}

void cpu_itimer_set(struct process *process, int which, uint64_t value, uint64_t interval, uint64_t *old_value,
                    uint64_t *old_interval)
{
    struct cpu_alarm *alarm = alarm_of(process, which);
    uint64_t shortest = ticks_from_ns(INTERVAL_MIN_NS);

    spin_lock(&process->signal_lock);
    charge_all(process);
    *old_value = alarm->left;
    *old_interval = alarm->interval;
    alarm->left = value;
    alarm->interval = interval == 0 || interval > shortest ? interval : shortest;
    if (!process->watched && value != 0)
        begin(process);
    watch_all(process);
    spin_unlock(&process->signal_lock);
}

void cpu_itimer_get(struct process *process, int which, uint64_t *value, uint64_t *interval)
{
    const struct cpu_alarm *alarm = alarm_of(process, which);

    spin_lock(&process->signal_lock);
    charge_all(process);
    watch_all(process);
    *value = alarm->left;
    *interval = alarm->interval;
    spin_unlock(&process->signal_lock);
}

/* It is looked at as soon as it runs. */
void cpu_itimer_enter(struct thread *thread)
{
    thread->watched = thread->process->watched;
}

void cpu_itimer_leave(struct thread *thread)
{
    if (thread->watched)
        charge(thread->process, thread);
    thread->watched = false;
}

void cpu_itimer_start(void)
{
    timer_watch_over = look;
}
