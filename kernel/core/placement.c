/*
 * placement.c - on which CPU a thread runs: where it goes when it becomes ready, what an idle CPU takes from the
 * others, and changes of a thread's policy and affinity.
 *
 * A thread that makes another ready is often about to wait itself: for the answer, for its child, for room in a
 * pipe.  So the other becomes ready on the same CPU, where it can go on at once, while no third waits there.  Should
 * it still wait 50 us later, an idle CPU is told, and takes it.  What an interrupt makes ready, real-time threads,
 * and those that find others waiting go to an idle CPU directly, best to the one where they ran last; a CPU's bit in
 * cpus_idle is taken away with the choice, so that two threads do not choose the same.  With none idle they go where
 * the lowest real-time priority runs or waits, which for most is none, where they ran last.  A CPU that runs out of
 * work takes a ready thread from another's queue; one whose slice ends with threads waiting tells the idle ones.
 *
 * A thread on its way between two queues is THREAD_READY and on none; only its mover touches it.
 */
#include <core/explore.h>
#include <core/irq.h>
#include <core/run_queue.h>

/* Take one idle CPU of `mask` for a thread that comes to it, so that the next thread looks elsewhere; NULL: none is
 * idle. `best` is preferred. */
static struct cpu *claim_idle(uint32_t mask, unsigned best)
{
    uint32_t idle, taken;

    while ((idle = __atomic_load_n(&cpus_idle, __ATOMIC_RELAXED) & mask) != 0) {
        taken = idle & 1u << best ? 1u << best : idle & -idle;
        if (__atomic_fetch_and(&cpus_idle, ~taken, __ATOMIC_RELAXED) & taken)
            return &cpus[__builtin_ctz(taken)];
    }
    return NULL;
}

/* Is this CPU, where `t` is made ready, the place for it (see above)? */
static inline bool stays_here(const struct thread *t, const struct cpu *here)
{
    return !is_realtime(t) && t->affinity & 1u << here->number && here->run_queue.ready == 0 && !here->in_interrupt &&
           here->running != here->idle;
}

/* The highest real-time priority on the CPU, of who runs or waits there; 0: none.  Without its lock it may have just
 * changed. */
static int urgency(const struct cpu *cpu)
{
    uint32_t waiting = __atomic_load_n(&cpu->run_queue.realtime.present, __ATOMIC_RELAXED);
    int first = waiting != 0 ? 32 - __builtin_clz(waiting) : 0;
    int running = __atomic_load_n(&cpu->priority, __ATOMIC_RELAXED);

    return running > first ? running : first;
}

/* The least urgent of the CPUs where `t` may run, its own before its equals. */
static struct cpu *least_urgent(const struct thread *t)
{
    uint32_t allowed = t->affinity & cpus_online;
    struct cpu *least = t->cpu;
    int lowest = allowed & 1u << least->number ? urgency(least) : SCHED_PRIORITY_MAX + 1;

    for (; allowed != 0 && lowest > 0; allowed &= allowed - 1) {
        struct cpu *cpu = &cpus[__builtin_ctz(allowed)];

        if (urgency(cpu) < lowest) {
            lowest = urgency(cpu);
            least = cpu;
        }
    }
    return least;
}

/* The place for a thread that does not stay where it is made ready: an idle CPU, or where it is least in the way. */
static __attribute__((noinline)) struct cpu *choose_cpu(const struct thread *t)
{
    struct cpu *idle = claim_idle(t->affinity & cpus_online, t->cpu->number);

    return idle != NULL ? idle : least_urgent(t);
}

/*
 * Real-time threads run before others at once, on any CPU.  One that cannot run where it is ready calls the less urgent
 * CPUs where it may; and a CPU that becomes less urgent looks who waits elsewhere.  Between the store of the one, that
 * it waits or is less urgent, and its look at the other there is a barrier on both sides: so at least one of them sees
 * the other, and that is enough.
 */
void sched_realtime_waits(const struct thread *t)
{
    uint32_t called = 0;

    dmb();
    for (uint32_t allowed = t != NULL ? t->affinity & cpus_online : 0; allowed != 0; allowed &= allowed - 1) {
        unsigned n = (unsigned)__builtin_ctz(allowed);

        if (urgency(&cpus[n]) < t->priority)
            called |= 1u << n;
    }
    if (called != 0)
        irq_send(SGI_RESCHEDULE, called); /* all, for others may wait, too: sched_steal_realtime() */
}

void sched_realtime_stops(struct cpu *cpu)
{
    __atomic_store_n(&cpu->priority, 0, __ATOMIC_RELAXED);
    dmb();
    if ((realtime_waiting & ~(1u << cpu->number)) != 0)
        irq_send(SGI_RESCHEDULE, 1u << cpu->number);
}

/* The running thread of a CPU is to be preempted.  `now`: as soon as the last spinlock is given up. */
static inline void preempt(struct cpu *cpu, bool now)
{
    thread_set_work(cpu->running, WORK_RESCHEDULE);
    if (now || cpu != current->cpu)
        irq_send(SGI_RESCHEDULE, 1u << cpu->number);
}

/* A thread waits until the one that runs has had its slice, or an idle CPU comes; on this CPU, on any. */
static inline void await_slice_here(struct cpu *here)
{
    slice_start(here, here->running->run_start);
    if (cpus_idle != 0)
        timer_set_tick(counter_read() + offer_ticks);
}

static inline void await_slice(struct cpu *cpu)
{
    if (cpu == current->cpu) {
        await_slice_here(cpu);
    } else if (!tick_is_set(cpu)) {
        irq_send(SGI_RESCHEDULE, 1u << cpu->number); /* its timer is its own to set: sched_kicked() */
    }
}

static void make_realtime_ready(struct cpu *cpu, struct thread *t)
{
    const struct thread *second = t;
    bool ahead = t->priority > urgency(cpu);

    if (ahead)
        second = realtime_first(&cpu->run_queue);
    queue_add_realtime(cpu, t, false);
    sched_realtime_waits(second);
    if (ahead)
        preempt(cpu, true);
    else
        await_slice(cpu);
}

/* Put a thread on the queue of its CPU, and tell who runs there.  `arrives`: it was not on this queue before.  Lock
 * held. */
static void make_ready(struct cpu *cpu, struct thread *t, bool arrives)
{
    bool ahead;

    if (is_realtime(t)) {
        make_realtime_ready(cpu, t);
        return;
    }
    ahead = arrives && class_arrived(&cpu->run_queue, t, cpu->running);
    queue_add_sharing(&cpu->run_queue, t);
    if (ahead || cpu->running == cpu->idle)
        preempt(cpu, false);
    else
        await_slice(cpu);
}

/* The same for most who are woken: one that stays on this CPU, where nobody waits. */
static inline void make_ready_alone(struct cpu *here, struct thread *t)
{
    bool ahead = class_arrived(&here->run_queue, t, here->running);

    t->state = THREAD_READY;
    here->run_queue.lone = t;
    here->run_queue.ready = 1;
    if (ahead)
        preempt(here, false);
    else
        await_slice_here(here);
}

/* Does no time-sharing thread run or wait there? */
static bool is_unshared(const struct cpu *cpu)
{
    return sharing_empty(&cpu->run_queue) && (cpu->running == cpu->idle || cpu->priority != 0);
}

/* In ticks of virtual time, a quarter of a second: by no more is a thread ahead or behind where it comes. */
#define LEAD_MAX (1 << 24)

static inline int64_t limit(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* Move an unqueued thread to `to`, whose time stood still if no time-sharing thread was there, and becomes that of
 * `from`.  One that has waited keeps its place in the virtual time of all CPUs, others their lead over those of their
 * own.  Lock of `from` held, given up. Takes that of `to`.  The thread belongs to `to` before the first lock is given
 * up: who wants to change it meanwhile waits for the second. */
static void change_cpu(struct thread *t, struct cpu *from, struct cpu *to, bool waited)
{
    struct run_queue *rq = &to->run_queue;
    uint64_t present = from->run_queue.virtual_time + from->run_queue.offset;
    int64_t lead = (int64_t)(t->virtual_time - from->run_queue.virtual_time);

    __atomic_store_n(&t->cpu, to, __ATOMIC_RELEASE);
    spin_unlock_irq_off(&from->run_queue.lock);
    spin_lock_irq_off(&rq->lock);
    if (is_unshared(to))
        rq->offset = present - rq->virtual_time;
    if (waited)
        lead += (int64_t)(present - rq->offset - rq->virtual_time);
    t->virtual_time = rq->virtual_time + (uint64_t)limit(lead, -LEAD_MAX, LEAD_MAX);
}

static __attribute__((noinline)) void place_anywhere(struct cpu *cpu, struct thread *t)
{
    struct cpu *here = current->cpu, *to = stays_here(t, here) ? here : choose_cpu(t);

    if (to != cpu) {
        t->state = THREAD_READY;
        change_cpu(t, cpu, to, false);
    }
    make_ready(to, t, true);
    spin_unlock_irq_off(&to->run_queue.lock);
}

/* Make a thread that is on no queue ready, where it should run.  The lock of `cpu`, its own, is held, and given up. */
static inline void place(struct cpu *cpu, struct thread *t)
{
    if (cpu != current->cpu || !stays_here(t, cpu)) {
        place_anywhere(cpu, t);
        return;
    }
    make_ready_alone(cpu, t);
    spin_unlock_irq_off(&cpu->run_queue.lock);
}

void sched_wake(struct thread *t)
{
    struct cpu *cpu = lock_cpu_of(t);

    if (t->state == THREAD_BLOCKED && t->wait_state == WAIT_DECIDED)
        place(cpu, t);
    else
        spin_unlock_irq_off(&cpu->run_queue.lock);
}

void sched_add(struct thread *t)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);

    if (t->run_ticks == 0)
        forget_arrears(t);
    place(cpu, t);
    irq_restore(psr);
}

/* A thread of the lists that may run on CPU `to`, of the last one that has any, but not `except`; or NULL. */
static struct thread *find_allowed(struct ready_lists *lists, unsigned to, const struct thread *except)
{
    struct thread *t;

    for (int n = READY_LISTS - 1; n >= 0 && lists->present != 0; n--)
        list_for_each_entry (t, &lists->list[n], run_link)
            if (t->affinity & 1u << to && t != except)
                return t;
    return NULL;
}

/* The thread to take from one CPU to another: real-time ones by priority, then others.  Not the one that is about to
 * run where it is. */
static struct thread *find_takeable(struct cpu *from, const struct cpu *to, bool realtime)
{
    struct run_queue *rq = &from->run_queue;
    const struct thread *first = realtime_first(rq), *next = urgency(from) > from->priority ? first : NULL;
    struct thread *t = find_allowed(&rq->realtime, to->number, next);

    if (t != NULL && t->priority > urgency(to))
        return t;
    if (realtime)
        return NULL;
    t = rq->lone != NULL || rq->sharing.present == 0 ? rq->lone : class_first(rq);
    return t == NULL || t->affinity & 1u << to->number ? t : find_allowed(&rq->sharing, to->number, NULL);
}

/* Have a thread that waits on one CPU wait on another, or run there.  No lock held.  False: there is none. */
static bool move_one(struct cpu *from, struct cpu *to, bool realtime)
{
    struct thread *t;
    uint64_t time;

    spin_lock_irq_off(&from->run_queue.lock);
    t = find_takeable(from, to, realtime);
    if (t == NULL) {
        spin_unlock_irq_off(&from->run_queue.lock);
        return false;
    }
    queue_remove(from, t);
    change_cpu(t, from, to, true);
    time = t->virtual_time;
    make_ready(to, t, true);
    if (!exploring)
        t->virtual_time = time; /* it has not slept, and keeps all that it is owed */
    spin_unlock_irq_off(&to->run_queue.lock);
    return true;
}

bool sched_steal(struct cpu *self)
{
    for (unsigned i = 1; i < cpu_count; i++) {
        struct cpu *from = &cpus[(self->number + i) % cpu_count];

        if (__atomic_load_n(&from->run_queue.ready, __ATOMIC_RELAXED) != 0 && move_one(from, self, false))
            return true;
    }
    return false;
}

void sched_steal_realtime(struct cpu *self)
{
    uint32_t waiting = __atomic_load_n(&realtime_waiting, __ATOMIC_RELAXED) & ~(1u << self->number);

    for (; waiting != 0; waiting &= waiting - 1)
        move_one(&cpus[__builtin_ctz(waiting)], self, true);
}

/* Has the time-sharing thread that runs there had more than one with this virtual time, by two slices of its own?  What
 * CPUs with unlike loads have got apart is no debt: beyond four slices, or the calendar's length behind, it is
 * forgotten. */
static bool is_ahead(struct cpu *cpu, uint64_t time)
{
    struct run_queue *rq = &cpu->run_queue;
    const struct thread *running;
    int64_t lead, counted = 0, slice = 0;

    spin_lock_irq_off(&rq->lock);
    running = cpu->running;
    if (running != cpu->idle && cpu->priority == 0) {
        slice = (int64_t)virtual_ticks(running, slice_ticks);
        lead = (int64_t)(running->virtual_time + virtual_ticks(running, counter_read() - running->run_start) +
                         rq->offset - time);
        counted = limit(lead, -LEAD_MAX, 4 * slice);
        rq->offset += (uint64_t)(counted - lead);
    }
    spin_unlock_irq_off(&rq->lock);
    return counted > 2 * slice;
}

/* Does a time-sharing thread that waits here get less than the one that runs there? */
static bool is_behind(struct cpu *self, struct cpu *to)
{
    struct run_queue *rq = &self->run_queue;
    const struct thread *t;
    uint64_t time = 0;

    spin_lock_irq_off(&rq->lock);
    t = find_takeable(self, to, false);
    if (t != NULL)
        time = t->virtual_time + rq->offset;
    spin_unlock_irq_off(&rq->lock);
    return t != NULL && !is_realtime(t) && is_ahead(to, time);
}

/* So threads that are too many for the CPUs go round, and each gets its share of all of them. */
void sched_share(struct cpu *self)
{
    for (unsigned i = 1; i < cpu_count; i++) {
        struct cpu *to = &cpus[(self->number + i) % cpu_count];

        if (to->online && is_behind(self, to) && move_one(self, to, false))
            return;
    }
}

/* Give `t` a priority, having taken it off its queue if it stands on one.  `cpu` is its, and locked. */
static void change_priority(struct cpu *cpu, struct thread *t, int priority)
{
    bool queued = t->state == THREAD_READY && queue_holds(&cpu->run_queue, t);

    if (queued)
        queue_remove(cpu, t);
    else if (t->state == THREAD_RUNNING && cpu->running == t)
        account(cpu, t, t == current ? counter_read() : t->run_start);
    if (is_realtime(t) && priority == 0)
        forget_arrears(t); /* its virtual time stood still */
    t->priority = priority;
    if (queued) {
        make_ready(cpu, t, false);
    } else if (t->state == THREAD_RUNNING && cpu->running == t) {
        __atomic_store_n(&cpu->priority, priority, __ATOMIC_RELAXED);
        sched_realtime_waits(realtime_first(&cpu->run_queue));
        thread_set_work(t, WORK_RESCHEDULE);
    }
    if (t->state != THREAD_BLOCKED)
        irq_send(SGI_RESCHEDULE, 1u << cpu->number); /* somebody else may come first now, here or from elsewhere */
}

void sched_set_priority(struct thread *t, int priority)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);

    change_priority(cpu, t, priority);
    spin_unlock_irq_off(&cpu->run_queue.lock);
    irq_restore(psr);
}

void sched_set_policy(struct thread *t, int policy, int priority, int nice)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);

    t->policy = policy;
    t->own_priority = policy == SCHED_OTHER ? 0 : priority;
    t->slice_left = slice_ticks;
    change_priority(cpu, t, t->priority); /* it comes behind its equals */
    weight_set_nice(t, nice);
    spin_unlock_irq_off(&cpu->run_queue.lock);
    irq_restore(psr);
    mutex_inherit(t);
}

void sched_set_affinity(struct thread *t, uint32_t mask)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);
    t->affinity = mask;
    if (t->state == THREAD_READY && queue_holds(&cpu->run_queue, t)) {
        queue_remove(cpu, t);
        place(cpu, t);
    } else {
        if (t->state != THREAD_BLOCKED) /* it runs, or is on its way to a queue: its next look moves it */
            thread_set_work(t, WORK_RESCHEDULE);
        spin_unlock_irq_off(&cpu->run_queue.lock);
    }
    irq_send(SGI_RESCHEDULE, 1u << cpu->number); /* for that, or because another may run there instead of it */
    irq_restore(psr);
}

uint64_t sched_cpu_time(struct thread *t)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);
    uint64_t ticks = t->run_ticks;

    if (cpu->running == t)
        ticks += counter_read() - t->run_start;
    spin_unlock_irq_off(&cpu->run_queue.lock);
    irq_restore(psr);
    return ticks;
}
