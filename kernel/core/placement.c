/*
 * placement.c - on which CPU a thread runs: where it goes when it becomes ready, what an idle CPU takes from the
 * others, and changes of a thread's policy and affinity.
 *
 * A thread that makes another ready is often about to wait itself: for the answer, for its child, for room in a
 * pipe.  So the other becomes ready on the same CPU, where it can go on at once, while no third waits there.  Should
 * it still wait 50 us later, an idle CPU is told, and takes it.  What an interrupt makes ready, real-time threads,
 * and those that find others waiting go to an idle CPU directly, best to the one where they ran last; a CPU's bit in
 * cpus_idle is taken away with the choice, so that two threads do not choose the same.  A CPU that runs out of work
 * takes a ready thread from another's queue; one whose slice ends with threads waiting tells the idle ones.
 *
 * A thread on its way between two queues is THREAD_READY and on none; only its mover touches it.
 */
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
static bool stays_here(const struct thread *t, const struct cpu *here)
{
    return here->run_queue.ready == 0 && !here->in_interrupt && here->running != here->idle && !is_realtime(t);
}

/* Where a thread that becomes ready should run: here, on an idle CPU, or where it was. */
static struct cpu *choose_cpu(struct thread *t)
{
    uint32_t allowed = t->affinity & cpus_online;
    struct cpu *here = current->cpu, *cpu;

    if (allowed & 1u << here->number && stays_here(t, here))
        return here;
    cpu = claim_idle(allowed, t->cpu->number);
    if (cpu != NULL)
        return cpu;
    if (is_realtime(t) && t->cpu->running->priority >= t->priority && (allowed & ~cpus_realtime) != 0)
        allowed &= ~cpus_realtime;
    return allowed & 1u << t->cpu->number || allowed == 0 ? t->cpu : &cpus[__builtin_ctz(allowed)];
}

/* Should `t`, about to be queued, run before the one that runs? */
static inline bool preempts(struct cpu *cpu, struct thread *t)
{
    struct thread *running = cpu->running;
    bool ahead = !is_realtime(t) && class_woken(&cpu->run_queue, t, running);

    if (running == cpu->idle)
        return true;
    return ahead || t->priority > running->priority;
}

/* Put a thread that has become ready on the queue of its CPU, and tell who runs there.  Lock held. */
static void make_ready(struct cpu *cpu, struct thread *t)
{
    bool preempt = preempts(cpu, t), here = cpu == current->cpu;

    queue_add(&cpu->run_queue, t, false);
    if (preempt) {
        thread_set_work(cpu->running, WORK_RESCHEDULE);
        if (!here || is_realtime(t))
            irq_send(SGI_RESCHEDULE, 1u << cpu->number);
    } else if (here) {
        slice_start(cpu);
        if (cpus_idle != 0)
            timer_set_tick(counter_read() + offer_ticks);
    } else if (cpu->tick == DEADLINE_NEVER) {
        irq_send(SGI_RESCHEDULE, 1u << cpu->number); /* its timer is its own to set: sched_kicked() */
    }
}

/* Move an unqueued thread to `to`, keeping its place in virtual time. Lock of `from` held, given up. Takes that of
 * `to`.  The thread belongs to `to` before the first lock is given up: who wants to change it meanwhile waits for the
 * second. */
static void change_cpu(struct thread *t, struct cpu *from, struct cpu *to)
{
    int64_t lead = virtual_lead(&from->run_queue, t);

    __atomic_store_n(&t->cpu, to, __ATOMIC_RELEASE);
    spin_unlock_irq_off(&from->run_queue.lock);
    spin_lock_irq_off(&to->run_queue.lock);
    t->virtual_time = to->run_queue.virtual_time + (uint64_t)lead;
}

/* Make a thread that is on no queue ready, where it should run.  The lock of `cpu`, its own, is held, and given up. */
static inline void place(struct cpu *cpu, struct thread *t)
{
    struct cpu *to = choose_cpu(t);

    if (to != cpu) {
        t->state = THREAD_READY;
        change_cpu(t, cpu, to);
    }
    make_ready(to, t);
    spin_unlock_irq_off(&to->run_queue.lock);
}

void sched_wake(struct thread *t)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);

    if (t->state == THREAD_BLOCKED && t->wait_state == WAIT_DECIDED)
        place(cpu, t);
    else
        spin_unlock_irq_off(&cpu->run_queue.lock);
    irq_restore(psr);
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

/* A thread of the lists that may run on CPU `to`, of the last one that has any; or NULL. */
static struct thread *find_allowed(struct ready_lists *lists, unsigned to)
{
    struct thread *t;

    for (int n = READY_LISTS - 1; n >= 0 && lists->present != 0; n--)
        list_for_each_entry (t, &lists->list[n], run_link)
            if (t->affinity & 1u << to)
                return t;
    return NULL;
}

/* The thread of a queue to take to CPU `to`: real-time ones by priority, then others. */
static struct thread *find_takeable(struct run_queue *rq, unsigned to, bool realtime)
{
    struct thread *t = find_allowed(&rq->realtime, to);

    if (t != NULL || realtime)
        return t;
    if (rq->lone != NULL && rq->lone->affinity & 1u << to)
        return rq->lone;
    return find_allowed(&rq->sharing, to);
}

/* Have a thread that waits on one CPU wait on another, or run there.  No lock held.  False: there is none. */
static bool move_one(struct cpu *from, struct cpu *to, bool realtime)
{
    struct thread *t;

    spin_lock_irq_off(&from->run_queue.lock);
    t = find_takeable(&from->run_queue, to->number, realtime);
    if (t == NULL) {
        spin_unlock_irq_off(&from->run_queue.lock);
        return false;
    }
    queue_remove(&from->run_queue, t);
    change_cpu(t, from, to);
    make_ready(to, t);
    spin_unlock_irq_off(&to->run_queue.lock);
    return true;
}

bool sched_steal(struct cpu *self, bool realtime)
{
    for (unsigned i = 1; i < cpu_count; i++) {
        struct cpu *from = &cpus[(self->number + i) % cpu_count];

        if (__atomic_load_n(&from->run_queue.ready, __ATOMIC_RELAXED) != 0 && move_one(from, self, realtime))
            return true;
    }
    return false;
}

/* Where fewer wait than here, on a CPU whose thread has no greater share than ours; or NULL. */
static struct cpu *find_shorter(struct cpu *self)
{
    unsigned here = self->run_queue.ready;

    for (unsigned i = 1; i < cpu_count; i++) {
        struct cpu *cpu = &cpus[(self->number + i) % cpu_count];
        bool fits;

        if (!cpu->online || __atomic_load_n(&cpu->run_queue.ready, __ATOMIC_RELAXED) >= here)
            continue;
        spin_lock_irq_off(&cpu->run_queue.lock);
        fits = !is_realtime(cpu->running) && cpu->running->weight <= current->weight;
        spin_unlock_irq_off(&cpu->run_queue.lock);
        if (fits)
            return cpu;
    }
    return NULL;
}

/* So the thread that is one too many for the CPUs goes round, and all wait equally long. */
void sched_share(struct cpu *self)
{
    struct cpu *to = find_shorter(self);

    if (to != NULL)
        move_one(self, to, false);
}

void sched_realtime_stops(struct cpu *cpu)
{
    __atomic_fetch_and(&cpus_realtime, ~(1u << cpu->number), __ATOMIC_RELAXED);
    if (realtime_waiting != 0 && cpu->run_queue.realtime.present == 0)
        irq_send(SGI_RESCHEDULE, 1u << cpu->number); /* another CPU's may run here: sched_kicked() */
}

/* Give `t` a priority, having taken it off its queue if it stands on one.  `cpu` is its, and locked. */
static void change_priority(struct cpu *cpu, struct thread *t, int priority)
{
    bool queued = t->state == THREAD_READY && queue_holds(&cpu->run_queue, t);

    if (queued)
        queue_remove(&cpu->run_queue, t);
    else if (t->state == THREAD_RUNNING && cpu->running == t)
        account(cpu, t, t == current ? counter_read() : t->run_start);
    t->priority = priority;
    if (queued) {
        make_ready(cpu, t);
    } else if (t->state == THREAD_RUNNING) {
        thread_set_work(t, WORK_RESCHEDULE); /* somebody ready may now come first */
        irq_send(SGI_RESCHEDULE, 1u << cpu->number);
    }
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
    bool leaves = !(mask & 1u << cpu->number);

    t->affinity = mask;
    if (leaves && t->state == THREAD_READY && queue_holds(&cpu->run_queue, t)) {
        queue_remove(&cpu->run_queue, t);
        place(cpu, t);
    } else {
        if (leaves && t->state != THREAD_BLOCKED) { /* it runs, or is on its way to a queue: its next look moves it */
            thread_set_work(t, WORK_RESCHEDULE);
            irq_send(SGI_RESCHEDULE, 1u << cpu->number);
        }
        spin_unlock_irq_off(&cpu->run_queue.lock);
    }
    irq_restore(psr);
}

uint64_t sched_cpu_time(struct thread *t)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);
    uint64_t ticks = t->run_ticks;

    if (t->state == THREAD_RUNNING)
        ticks += counter_read() - t->run_start;
    spin_unlock_irq_off(&cpu->run_queue.lock);
    irq_restore(psr);
    return ticks;
}
