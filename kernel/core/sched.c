/*
 * sched.c - the scheduler: who runs next on each CPU.
 *
 * Each CPU has a run queue of the threads that are ready, without the one that runs.  Real-time threads stand in one list
 * for each priority, with a bitmap of those that are not empty; time-sharing threads in the calendar of fair.c.  Picking
 * is a count of leading zeros in either bitmap: its cost does not grow with the number of threads.
 *
 * Locks: a run queue's lock guards the queue, cpu->running, and the scheduling fields of the threads that belong to the
 * CPU (thread->cpu).  It is held across a switch: the thread that comes in gives it up (sched_finish_switch), so a thread
 * whose state is not THREAD_RUNNING, seen under its CPU's lock, has left its stack.  A thread changes CPU only while it is
 * on no queue, or under the lock of the queue it leaves.
 *
 * Preemption: to be done at a safe point, WORK_RESCHEDULE is set in the running thread; the way out of every interrupt
 * and every system call looks at it.  Another CPU is told by SGI_RESCHEDULE; for a real-time thread so is this one, since
 * the interrupt comes as soon as the last spinlock is given up.
 *
 * Left out on purpose: groups of threads, deadlines, load averages by weight.
 */
#include <core/cpu_data.h>
#include <core/fair.h>
#include <core/irq.h>
#include <core/process.h>
#include <core/thread.h>
#include <arch/pgtable.h>
#include <core/log.h>

/* arch/vectors.S */
struct thread *thread_switch(struct thread *from, struct thread *to);

struct cpu cpus[CPU_MAX];
unsigned cpu_count = 1;
uint32_t cpus_online;
bool system_started;
static uint32_t cpus_idle; /* a  bit n: CPU n runs its idle thread */

/* A round-robin thread's slice, and a time-sharing thread's between two looks at its neighbours: 4 ms. */
static uint64_t slice_ticks;

static inline bool is_realtime(const struct thread *t)
{
    return t->priority > 0;
}

/* The run queue lock of the CPU that `t` belongs to, which may change until it is held. Interrupts off. */
static struct cpu *lock_cpu_of(struct thread *t)
{
    for (;;) {
        struct cpu *cpu = __atomic_load_n(&t->cpu, __ATOMIC_RELAXED);

        spin_lock_irq_off(&cpu->run_queue.lock);
        if (t->cpu == cpu)
            return cpu;
        spin_unlock_irq_off(&cpu->run_queue.lock);
    }
}

/* Put a thread on the queue of its class; `first`: it was preempted, and keeps its turn. */
static void queue_add(struct run_queue *rq, struct thread *t, bool first)
{
    t->state = THREAD_READY;
    rq->ready++;
    if (!is_realtime(t)) {
        fair_add(rq, t);
        return;
    }
    if (first)
        list_add_head(&rq->rt[t->priority - 1], &t->run_link);
    else
        list_add_tail(&rq->rt[t->priority - 1], &t->run_link);
    rq->rt_ready |= 1u << (t->priority - 1);
}

static void queue_remove(struct run_queue *rq, struct thread *t)
{
    rq->ready--;
    if (!is_realtime(t)) {
        fair_remove(rq, t);
        return;
    }
    list_remove(&t->run_link);
    if (list_empty(&rq->rt[t->priority - 1]))
        rq->rt_ready &= ~(1u << (t->priority - 1));
}

/* Take the thread that should run next off the queue; the idle thread where none is ready. */
static struct thread *queue_pick(struct cpu *cpu)
{
    struct run_queue *rq = &cpu->run_queue;
    struct thread *t;

    if (rq->ready == 0)
        return cpu->idle;
    if (rq->rt_ready != 0)
        t = container_of(rq->rt[31 - __builtin_clz(rq->rt_ready)].next, struct thread, run_link);
    else
        t = fair_next(rq);
    queue_remove(rq, t);
    return t;
}

/* Charge the running thread for its time up to `now`. */
static inline void account(struct cpu *cpu, struct thread *t, uint64_t now)
{
    uint64_t ran = now - t->run_start;

    t->run_start = now;
    t->run_ticks += ran;
    if (t == cpu->idle)
        cpu->idle_ticks += ran;
    else if (!is_realtime(t))
        fair_charge(t, ran);
}

/* The queue has threads that wait for the running one: see that its slice ends. */
static inline void slice_start(struct cpu *cpu)
{
    if (cpu->slice_deadline == DEADLINE_NEVER)
        timer_set_slice(cpu->running->run_start + slice_ticks);
}

/* Switch from the running thread, which has been queued or blocked, to the next.  Run queue lock held, and held again
 * when this thread comes back, perhaps on another CPU. */
static void switch_to_next(struct cpu *cpu, struct thread *from, uint64_t now)
{
    struct thread *to = queue_pick(cpu);

    if (to == from) {
        from->state = THREAD_RUNNING;
        return;
    }
    if (from == cpu->idle)
        __atomic_fetch_and(&cpus_idle, ~(1u << cpu->number), __ATOMIC_RELAXED);
    to->state = THREAD_RUNNING;
    to->run_start = now;
    cpu->running = to;
    cpu->switches++;
    if (to->mmu != from->mmu)
        mmu_switch(to->mmu);
    if (cpu->run_queue.ready > 0)
        slice_start(cpu);
    thread_switch(from, to);
}

/* What is left to do on the new thread's stack: give the lock up; send on a thread that may not stay on this CPU. */
void sched_finish_switch(void)
{
    struct cpu *cpu = current->cpu;
    struct thread *moving = cpu->moving, *dead = cpu->dead;

    cpu->moving = cpu->dead = NULL;
    spin_unlock_irq_off(&cpu->run_queue.lock);
    if (moving != NULL)
        sched_add(moving);
    if (dead != NULL)
        cpu->after_death(dead);
}

static inline void finish_switch(void)
{
    struct cpu *cpu = current->cpu;

    if (__builtin_expect(((uint32_t)cpu->moving | (uint32_t)cpu->dead) != 0, 0))
        sched_finish_switch();
    else
        spin_unlock_irq_off(&cpu->run_queue.lock);
}

/* Give the CPU up, staying ready; interrupts off. */
static void reschedule(bool first)
{
    struct thread *self = current;
    struct cpu *cpu = self->cpu;
    uint64_t now;

    spin_lock_irq_off(&cpu->run_queue.lock);
    thread_clear_work(self, WORK_RESCHEDULE);
    now = counter_read();
    account(cpu, self, now);
    if (self != cpu->idle) {
        if (self->affinity & 1u << cpu->number)
            queue_add(&cpu->run_queue, self, first);
        else
            cpu->moving = self;
    }
    switch_to_next(cpu, self, now);
    finish_switch();
}

void sched_yield(void)
{
    uint32_t psr = irq_save();

    current->voluntary++;
    reschedule(false);
    irq_restore(psr);
}

void sched_preempt(void)
{
    struct thread *self = current;
    bool first = is_realtime(self) && (self->policy == SCHED_FIFO || self->slice_left != 0);

    if (self->slice_left == 0)
        self->slice_left = slice_ticks;
    self->involuntary++;
    reschedule(first);
}

void sched_block(void)
{
    uint32_t psr = irq_save();
    struct thread *self = current;
    struct cpu *cpu = self->cpu;
    uint64_t now;

    spin_lock_irq_off(&cpu->run_queue.lock);
    if (self->wait_state == WAIT_ARMED) {
        now = counter_read();
        account(cpu, self, now);
        self->state = THREAD_BLOCKED;
        self->voluntary++;
        switch_to_next(cpu, self, now);
        finish_switch();
    } else {
        spin_unlock_irq_off(&cpu->run_queue.lock);
    }
    irq_restore(psr);
}

/* Take one idle CPU of `mask` for a thread that comes to it, so that the next thread looks elsewhere; NULL: none is idle.
 * `best` is preferred. */
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

/* Where a thread that becomes ready should run: on an idle CPU, best the one it knows; else where it was, if it may. */
static struct cpu *choose_cpu(struct thread *t)
{
    uint32_t allowed = t->affinity & cpus_online;
    struct cpu *cpu = claim_idle(allowed, t->cpu->number);

    if (cpu != NULL)
        return cpu;
    return allowed & 1u << t->cpu->number || allowed == 0 ? t->cpu : &cpus[__builtin_ctz(allowed)];
}

/* Should `t`, just queued, run before the one that runs? */
static bool preempts(struct cpu *cpu, struct thread *t)
{
    struct thread *running = cpu->running;

    if (running == cpu->idle)
        return true;
    if (is_realtime(t) || is_realtime(running))
        return t->priority > running->priority;
    return fair_preempts(t, running);
}

/* A ready thread has come onto the queue of `cpu`: tell who runs there.  Lock held. */
static void announce(struct cpu *cpu, struct thread *t)
{
    if (preempts(cpu, t)) {
        thread_set_work(cpu->running, WORK_RESCHEDULE);
        if (cpu != current->cpu || is_realtime(t))
            irq_send(SGI_RESCHEDULE, 1u << cpu->number);
    } else if (cpu == current->cpu) {
        slice_start(cpu);
    } else if (cpu->slice_deadline == DEADLINE_NEVER) {
        irq_send(SGI_RESCHEDULE, 1u << cpu->number); /* its timer is its own to set: sched_kicked() */
    }
}

/* Move an unqueued thread to `to`, keeping its place in virtual time. Lock of `from` held, given up. Takes that of `to`. */
static void change_cpu(struct thread *t, struct cpu *from, struct cpu *to)
{
    t->virtual_time -= from->run_queue.virtual_time;
    spin_unlock_irq_off(&from->run_queue.lock);
    spin_lock_irq_off(&to->run_queue.lock);
    t->virtual_time += to->run_queue.virtual_time;
    __atomic_store_n(&t->cpu, to, __ATOMIC_RELAXED);
}

void sched_wake(struct thread *t)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t), *to;

    if (t->state == THREAD_BLOCKED && t->wait_state == WAIT_DECIDED) {
        to = choose_cpu(t);
        if (to != cpu) {
            t->state = THREAD_READY;
            change_cpu(t, cpu, to);
            cpu = to;
        }
        if (!is_realtime(t))
            fair_woken(&cpu->run_queue, t, cpu->running);
        queue_add(&cpu->run_queue, t, false);
        announce(cpu, t);
    }
    spin_unlock_irq_off(&cpu->run_queue.lock);
    irq_restore(psr);
}

void sched_add(struct thread *t)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t), *to = choose_cpu(t);

    if (to != cpu)
        change_cpu(t, cpu, to);
    fair_woken(&to->run_queue, t, to->running);
    queue_add(&to->run_queue, t, false);
    announce(to, t);
    spin_unlock_irq_off(&to->run_queue.lock);
    irq_restore(psr);
}

void sched_exit(void (*after)(struct thread *dead))
{
    struct thread *self = current;
    struct cpu *cpu;
    uint64_t now;

    irq_disable();
    cpu = self->cpu;
    spin_lock_irq_off(&cpu->run_queue.lock);
    now = counter_read();
    account(cpu, self, now);
    self->state = THREAD_DEAD;
    cpu->dead = self;
    cpu->after_death = after;
    switch_to_next(cpu, self, now);
    panic("thread %d ran after its end", self->tid);
}

/* The slice's timer: the running thread has had its share if somebody waits for the CPU.  Interrupts off. */
void sched_slice_over(uint64_t now)
{
    struct thread *self = current;
    struct cpu *cpu = self->cpu;
    uint64_t end = self->run_start + slice_ticks;

    cpu->slice_deadline = DEADLINE_NEVER;
    if (cpu->run_queue.ready == 0)
        return;
    if (now < end) {
        timer_set_slice(end);
        return;
    }
    if (cpus_idle & cpus_online)
        irq_send(SGI_RESCHEDULE, cpus_idle & cpus_online); /* let one of them take what waits here */
    if (self->policy == SCHED_RR)
        self->slice_left = 0;
    if (self->policy != SCHED_FIFO)
        thread_set_work(self, WORK_RESCHEDULE);
}

/* SGI_RESCHEDULE: the work flag is set already; a thread may wait without a slice being timed. */
static void sched_kicked(void *unused)
{
    struct cpu *cpu = current->cpu;

    (void)unused;
    if (cpu->run_queue.ready > 0)
        slice_start(cpu);
}

/* The first thread of a list that may run on CPU `to`, or NULL. */
static struct thread *first_allowed(struct list *head, unsigned to)
{
    struct thread *t;

    list_for_each_entry (t, head, run_link) {
        if (t->affinity & 1u << to)
            return t;
    }
    return NULL;
}

/* The thread of a queue to take to CPU `to`: real-time ones by priority, then fair ones. */
static struct thread *find_takeable(struct run_queue *rq, unsigned to)
{
    struct thread *t = NULL;

    for (int p = SCHED_PRIORITY_MAX - 1; t == NULL && p >= 0 && rq->rt_ready != 0; p--)
        t = first_allowed(&rq->rt[p], to);
    for (unsigned i = 0; t == NULL && i < FAIR_BUCKETS; i++)
        t = first_allowed(&rq->fair[i], to);
    return t;
}

/* An idle CPU looks for work on the others; what it finds is put on its own queue.  Interrupts off.  True: found. */
static bool steal(struct cpu *self)
{
    for (unsigned i = 1; i < cpu_count; i++) {
        struct cpu *from = &cpus[(self->number + i) % cpu_count];
        struct thread *t;

        if (__atomic_load_n(&from->run_queue.ready, __ATOMIC_RELAXED) == 0)
            continue;
        spin_lock_irq_off(&from->run_queue.lock);
        t = find_takeable(&from->run_queue, self->number);
        if (t == NULL) {
            spin_unlock_irq_off(&from->run_queue.lock);
            continue;
        }
        queue_remove(&from->run_queue, t);
        change_cpu(t, from, self);
        queue_add(&self->run_queue, t, false);
        spin_unlock_irq_off(&self->run_queue.lock);
        return true;
    }
    return false;
}

void sched_idle(void)
{
    for (;;) {
        irq_disable();
        if (current->cpu->run_queue.ready > 0 || steal(current->cpu)) {
            reschedule(false);
            irq_enable();
            continue;
        }
        __atomic_fetch_or(&cpus_idle, 1u << current->cpu->number, __ATOMIC_SEQ_CST);
        if (current->cpu->run_queue.ready == 0)
            wfi(); /* wakes for an interrupt that is pending though masked */
        irq_enable();
        isb(); /* take it here */
    }
}

void sched_set_policy(struct thread *t, int policy, int priority, int nice)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);
    bool queued = t->state == THREAD_READY && list_linked(&t->run_link);

    if (queued)
        queue_remove(&cpu->run_queue, t);
    else if (t->state == THREAD_RUNNING && cpu->running == t)
        account(cpu, t, t == current ? counter_read() : t->run_start);
    t->policy = policy;
    t->priority = policy == SCHED_OTHER ? 0 : priority;
    t->slice_left = slice_ticks;
    fair_set_nice(t, nice);
    if (queued) {
        if (!is_realtime(t))
            fair_woken(&cpu->run_queue, t, cpu->running);
        queue_add(&cpu->run_queue, t, false);
        announce(cpu, t);
    } else if (t->state == THREAD_RUNNING) {
        thread_set_work(t, WORK_RESCHEDULE); /* somebody ready may now come first */
        irq_send(SGI_RESCHEDULE, 1u << cpu->number);
    }
    spin_unlock_irq_off(&cpu->run_queue.lock);
    irq_restore(psr);
}

void sched_set_affinity(struct thread *t, uint32_t mask)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = lock_cpu_of(t);
    bool leaves = !(mask & 1u << cpu->number);

    t->affinity = mask;
    if (leaves && t->state == THREAD_READY && list_linked(&t->run_link)) {
        queue_remove(&cpu->run_queue, t);
        spin_unlock_irq_off(&cpu->run_queue.lock);
        sched_add(t);
    } else {
        if (leaves && t->state == THREAD_RUNNING) {
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

unsigned sched_ready_count(void)
{
    unsigned count = 0;

    for (unsigned i = 0; i < cpu_count; i++)
        count += cpus[i].run_queue.ready + (cpus[i].online && cpus[i].running != cpus[i].idle);
    return count;
}

void sched_start(void)
{
    for (unsigned i = 0; i < CPU_MAX; i++) {
        struct cpu *cpu = &cpus[i];

        cpu->number = i;
        cpu->slice_deadline = cpu->hardware_deadline = DEADLINE_NEVER;
        spin_init(&cpu->run_queue.lock, "run queue", RANK_RUN_QUEUE);
        spin_init(&cpu->timer_lock, "timers", RANK_TIMER);
        for (unsigned p = 0; p < SCHED_PRIORITY_MAX; p++)
            list_init(&cpu->run_queue.rt[p]);
        fair_start(&cpu->run_queue);
    }
    slice_ticks = ticks_from_ns(4000000);
    irq_register(SGI_RESCHEDULE, "reschedule", sched_kicked, NULL, false);
}

void sched_start_cpu(void)
{
    struct thread *idle = current;
    struct cpu *cpu = idle->cpu;

    idle->state = THREAD_RUNNING;
    idle->run_start = counter_read();
    cpu->idle = cpu->running = idle;
    cpu->online = true;
    __atomic_fetch_or(&cpus_online, 1u << cpu->number, __ATOMIC_RELEASE);
}
