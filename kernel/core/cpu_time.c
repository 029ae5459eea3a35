/*
 * cpu_time.c - the CPU time of threads and processes, and timers on it.
 *
 * A thread's CPU time is exact at switches.  How it splits into user and system is sampled: an interrupt says for all
 * the time since the one before where it went.
 *
 * A process's armed timers stand in one list.  As long as there are any its threads are watched: whenever one comes to
 * run, the scheduler's tick is set for the moment at which, if it goes on running, it should be looked at
 * (thread->watch_until, 0: it is not watched).  A look fires what is due and says when to look next.  So a process
 * that sleeps costs nothing, and a switch to one that has no such timers costs one test.  What is left until a timer of
 * the process is shared out among its threads, and looks come closer as it shrinks.
 *
 * Left out on purpose: timers on the clocks of other processes.
 */
#include <abi/time.h>
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/process.h>
#include <core/thread.h>

#define LOOK_MIN_NS 100000 /* looks are not closer than this */
#define SAMPLE_NS 1000000  /* nor farther apart where user time is wanted: there must be samples */

void times_add(struct cpu_times *sum, const struct cpu_times *more)
{
    sum->ticks += more->ticks;
    sum->user += more->user;
    sum->system += more->system;
    sum->voluntary += more->voluntary;
    sum->involuntary += more->involuntary;
    sum->faults += more->faults;
    times_add_peak(sum, more->peak_pages);
}

void times_add_peak(struct cpu_times *sum, uint32_t pages)
{
    if (pages > sum->peak_pages)
        sum->peak_pages = pages;
}

void times_add_thread(struct cpu_times *sum, struct thread *thread)
{
    sum->ticks += sched_cpu_time(thread);
    sum->user += thread->user_ticks;
    sum->system += thread->system_ticks;
    sum->voluntary += thread->voluntary;
    sum->involuntary += thread->involuntary;
    sum->faults += thread->faults;
}

void process_times(struct process *process, struct cpu_times *times)
{
    struct thread *t;

    debug_lock_held(&process->signal_lock);
    *times = process->ended_times;
    list_for_each_entry (t, &process->threads, process_link)
        times_add_thread(times, t);
}

void cpu_time_sample(bool user)
{
    struct thread *self = current;
    struct cpu *cpu = self->cpu;
    uint64_t now = counter_read(), total = self->run_ticks + (now - self->run_start);

    *(user ? &self->user_ticks : &self->system_ticks) += total - self->user_ticks - self->system_ticks;
    if (self != cpu->idle)
        *(user ? &cpu->user_ticks : &cpu->system_ticks) +=
            now - cpu->idle->run_ticks - cpu->user_ticks - cpu->system_ticks;
}

void cpu_time_enter(struct thread *thread)
{
    thread->watch_until = !list_empty(&thread->process->cpu_timers); /* to be looked at as soon as it runs */
}

/* What the process keeps is taken from the thread: it begins at 0 again. */
void cpu_time_leave(struct thread *thread)
{
    struct process *process = thread->process;
    uint64_t before = process->ended_times.ticks;
    struct cpu_timer *timer, *after;

    debug_lock_held(&process->signal_lock);
    times_add_thread(&process->ended_times, thread);
    thread->run_ticks -= process->ended_times.ticks - before;
    thread->user_ticks = thread->system_ticks = 0;
    thread->voluntary = thread->involuntary = thread->faults = 0;
    thread->watch_until = 0;
    list_for_each_entry_safe (timer, after, &process->cpu_timers, link) {
        if (timer->thread == thread)
            cpu_timer_cancel(timer);
    }
}

bool cpu_clock_owner(int clock, struct process **process, struct thread **thread)
{
    const struct id *id = id_find(clock & CLOCK_CPU_NUMBER);
    int kind = clock & ~CLOCK_CPU_NUMBER;

    debug_lock_held(&processes_lock);
    *process = current->process;
    *thread = NULL;
    if (clock == CLOCK_PROCESS_CPUTIME_ID)
        return true;
    if (clock == CLOCK_THREAD_CPUTIME_ID) {
        *thread = current;
        return true;
    }
    if (kind != CLOCK_CPU_OF_PROCESS && kind != CLOCK_CPU_OF_THREAD)
        return false;
    if (kind == CLOCK_CPU_OF_THREAD)
        *thread = id->thread;
    *process = *thread != NULL ? (*thread)->process : kind == CLOCK_CPU_OF_PROCESS ? id->process : NULL;
    return *process != NULL;
}

bool cpu_clock_read(int clock, uint64_t *ticks)
{
    struct cpu_timer asking = {.clock = CPU_CLOCK_PROCESS};
    struct process *process;
    bool found;

    spin_lock(&processes_lock);
    found = cpu_clock_owner(clock, &process, &asking.thread);
    if (found) {
        if (asking.thread != NULL)
            asking.clock = CPU_CLOCK_THREAD;
        spin_lock(&process->signal_lock);
        *ticks = cpu_timer_now(process, &asking);
        spin_unlock(&process->signal_lock);
    }
    spin_unlock(&processes_lock);
    return found;
}

static uint64_t time_of(const struct cpu_timer *timer, const struct cpu_times *times)
{
    if (timer->clock == CPU_CLOCK_THREAD)
        return sched_cpu_time(timer->thread);
    return timer->clock == CPU_CLOCK_USER ? times->user : times->ticks;
}

uint64_t cpu_timer_now(struct process *process, const struct cpu_timer *timer)
{
    struct cpu_times times;

    process_times(process, &times);
    return time_of(timer, &times);
}

/* What is left until a timer is due. */
static uint64_t left(const struct cpu_timer *timer, const struct cpu_times *times)
{
    uint64_t now = time_of(timer, times);

    return timer->deadline > now ? timer->deadline - now : 0;
}

static void fire_due(struct process *process, const struct cpu_times *times)
{
    struct cpu_timer *timer, *after;

    list_for_each_entry_safe (timer, after, &process->cpu_timers, link) {
        if (left(timer, times) == 0) {
            list_remove(&timer->link);
            timer->function(timer);
        }
    }
}

/* How much each thread may run before the process is looked at again. */
static uint64_t next_look(struct process *process, const struct cpu_times *times)
{
    uint64_t sample = ticks_from_ns(SAMPLE_NS), shortest = ticks_from_ns(LOOK_MIN_NS), step = ~0ull >> 1;
    const struct cpu_timer *timer;

    list_for_each_entry (timer, &process->cpu_timers, link) {
        uint64_t ticks = left(timer, times);

        if (timer->clock == CPU_CLOCK_USER && ticks > sample)
            ticks = sample;
        if (timer->clock != CPU_CLOCK_THREAD && ticks < step)
            step = ticks;
    }
    step /= process->thread_count;
    /* What is left of user time does not shrink while the thread runs in the kernel: however little that is, there must
     * be time to get on between two looks. */
    return step > shortest ? step : shortest;
}

/* Watch all threads until the next look, those with timers of their own until those are due; or none any more. */
static void watch(struct process *process, const struct cpu_times *times)
{
    uint64_t step = next_look(process, times);
    const struct cpu_timer *timer;
    struct thread *t;

    list_for_each_entry (t, &process->threads, process_link)
        t->watch_until = list_empty(&process->cpu_timers) ? 0 : sched_cpu_time(t) + step;
    list_for_each_entry (timer, &process->cpu_timers, link) {
        if (timer->clock == CPU_CLOCK_THREAD && timer->deadline < timer->thread->watch_until)
            timer->thread->watch_until = timer->deadline;
    }
}

void cpu_timers_look(void)
{
    struct process *process = current->process;
    struct cpu_times times;

    spin_lock(&process->signal_lock);
    process_times(process, &times);
    fire_due(process, &times);
    watch(process, &times);
    spin_unlock(&process->signal_lock);
}

/* Whichever thread runs or comes to run is looked at at once, and then it is known when to look next. */
void cpu_timer_set(struct process *process, struct cpu_timer *timer, uint64_t deadline)
{
    struct thread *t;

    debug_lock_held(&process->signal_lock);
    cpu_timer_cancel(timer);
    timer->deadline = deadline;
    list_add_tail(&process->cpu_timers, &timer->link);
    list_for_each_entry (t, &process->threads, process_link) {
        t->watch_until = 1;
        if (t->state == THREAD_RUNNING)
            irq_send(SGI_RESCHEDULE, 1u << t->cpu->number);
    }
}

void cpu_timer_cancel(struct cpu_timer *timer)
{
    if (list_linked(&timer->link))
        list_remove(&timer->link);
}
