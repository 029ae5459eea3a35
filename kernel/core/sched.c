/*
 * sched.c - the scheduler: who runs next on each CPU, and the switch to it (placement.c: on which CPU a thread runs).
 *
 * Each CPU has a run queue of the threads that are ready, without the one that runs.  Real-time threads stand in one
 * list for each priority, with a bitmap of those that are not empty; time-sharing threads where their class puts them
 * (class.h, fair.c).
 *
 * Locks: a run queue's lock guards the queue, cpu->running, and the scheduling fields of the threads that belong to the
 * CPU (thread->cpu).  It is held across a switch: the thread that comes in gives it up (sched_finish_switch), so a
 * thread whose state is not THREAD_RUNNING, seen under its CPU's lock, has left its stack.  A thread changes CPU only
 * while it is on no queue, or under the lock of the queue it leaves.
 *
 * Preemption: to be done at a safe point, WORK_RESCHEDULE is set in the running thread; the way out of every interrupt
 * and every system call looks at it.  Another CPU is told by SGI_RESCHEDULE; for a real-time thread so is this one,
 * since the interrupt comes as soon as the last spinlock is given up.
 *
 * Left out on purpose: groups of threads, deadlines, load averages by weight.
 */
#include <core/cpu_time.h>
#include <core/explore.h>
#include <core/irq.h>
#include <core/run_queue.h>
#include <core/syscalls.h>
#include <arch/pgtable.h>

/* arch/vectors.S */
struct thread *thread_switch(struct thread *from, struct thread *to);

struct cpu cpus[CPU_MAX];
unsigned cpu_count = 1;
uint32_t cpus_online;
bool system_started;
uint32_t cpus_idle, realtime_waiting;

uint64_t slice_ticks, offer_ticks;
uint32_t lag_ticks;

/* The CPU time of the running thread is watched: look at it when it is time, or a slice from now and see. */
static void watch_start(const struct thread *t, uint64_t now)
{
    uint64_t end = t->watch_until > t->run_ticks ? t->run_start + (t->watch_until - t->run_ticks) : now;

    timer_set_tick(end < now + slice_ticks ? end : now + slice_ticks);
}

/* What is left to do on the new thread's stack: give the lock up; look after a thread that left this CPU for good. */
void sched_finish_switch(void)
{
    struct cpu *cpu = current->cpu;
    struct thread *gone = cpu->gone;

    cpu->gone = NULL;
    spin_unlock_irq_off(&cpu->run_queue.lock);
    if (gone != NULL && gone->state == THREAD_DEAD)
        cpu->after_death(gone);
    else if (gone != NULL)
        sched_add(gone);
}

static inline void finish_switch(void)
{
    struct cpu *cpu = current->cpu;

    if (__builtin_expect(cpu->gone != NULL, 0))
        sched_finish_switch();
    else
        spin_unlock_irq_off(&cpu->run_queue.lock);
}

/* Switch from the running thread, which has been queued or blocked, to `to`, another one, which has been taken off the
 * queue.  Run queue lock held, and given up when this thread comes back, perhaps on another CPU. */
static inline void switch_to(struct cpu *cpu, struct thread *from, struct thread *to, uint64_t now)
{
    to->state = THREAD_RUNNING;
    to->run_start = now;
    cpu->running = to;
    cpu->switches++;
    if (to->mmu != from->mmu)
        mmu_switch(to->mmu);
    if (__builtin_expect(to->watch_until != 0, 0))
        watch_start(to, now);
    thread_switch(from, to);
    finish_switch();
}

/* The running thread was taken again.  Run queue lock held, given up. */
static void go_on(struct cpu *cpu, struct thread *self)
{
    self->state = THREAD_RUNNING;
    spin_unlock_irq_off(&cpu->run_queue.lock);
}

/* The running thread is the idle one, or may not stay on this CPU: then the next one sends it on.  Answers that one. */
static struct thread *leave(struct cpu *cpu, struct thread *self, uint64_t now)
{
    account(cpu, self, now);
    if (self == cpu->idle) {
        __atomic_fetch_and(&cpus_idle, ~(1u << cpu->number), __ATOMIC_RELAXED);
    } else {
        cpu->gone = self;
        self->slice_left = slice_ticks;
    }
    if (exploring)
        explore_turn(now);
    return queue_pick(cpu);
}

/* Who wants the running thread to go sets WORK_RESCHEDULE, with the lock held.  Take note; true: it may not come back
 * to this CPU. */
static inline bool called_away(const struct cpu *cpu, struct thread *self)
{
    thread_clear_work(self, WORK_RESCHEDULE);
    return !(self->affinity & 1u << cpu->number);
}

/* Give the CPU up, staying ready (see queue_exchange()); interrupts off. */
static void reschedule(bool yields)
{
    struct thread *self = current, *to;
    struct cpu *cpu = self->cpu;
    uint64_t now;

    spin_lock_irq_off(&cpu->run_queue.lock);
    now = counter_read();
    if (self->work & WORK_RESCHEDULE && called_away(cpu, self)) {
        to = leave(cpu, self, now);
    } else {
        account_thread(cpu, self, now);
        to = queue_exchange(cpu, self, yields);
    }
    if (cpu->run_queue.ready > 0)
        slice_start(cpu, now);
    if (to != self)
        switch_to(cpu, self, to, now);
    else
        go_on(cpu, self);
}

long sys_sched_yield(void)
{
    irq_disable();
    current->voluntary++;
    reschedule(true);
    irq_enable();
    return 0;
}

void sched_preempt(void)
{
    current->involuntary++;
    reschedule(false);
}

/* The running thread does not stay ready.  Its run queue's lock is held. */
static inline __attribute__((always_inline)) void stop(struct cpu *cpu, struct thread *self, enum thread_state state)
{
    uint64_t now = counter_read();
    struct thread *to;

    account_thread(cpu, self, now);
    self->state = state;
    if (lone_comes(&cpu->run_queue)) { /* behind it nobody waits for a slice to end */
        to = lone_take(&cpu->run_queue);
    } else {
        to = queue_pick_any(cpu);
        if (cpu->run_queue.ready > 0)
            slice_start(cpu, now);
    }
    switch_to(cpu, self, to, now);
}

void sched_block(void)
{
    struct thread *self = current;
    struct cpu *cpu;

    /* The tick that looks at CPU timers may come late, and finds nobody when the thread sleeps already: perhaps for the
     * signal of one that is due. */
    if (__builtin_expect(self->watch_until != 0, 0))
        cpu_timers_look();
    irq_disable();
    cpu = self->cpu;
    spin_lock_irq_off(&cpu->run_queue.lock);
    if (wait_is_armed(self->wait_state)) {
        self->voluntary++;
        stop(cpu, self, THREAD_BLOCKED);
    } else {
        spin_unlock_irq_off(&cpu->run_queue.lock);
    }
    irq_enable();
}

void sched_exit(void (*after)(struct thread *dead))
{
    struct thread *self = current;
    struct cpu *cpu;

    irq_disable();
    cpu = self->cpu;
    spin_lock_irq_off(&cpu->run_queue.lock);
    cpu->gone = self;
    cpu->after_death = after;
    stop(cpu, self, THREAD_DEAD);
    panic("thread %d ran after its end", self->tid);
}

/* Somebody waits for the CPU.  Has the running thread had its share, or may an idle CPU take who waits? Run queue lock
 * held.  True: it has had its share. */
static bool slice_tick(struct thread *self, uint64_t now)
{
    uint64_t end = self->run_start + slice_ticks;

    if (cpus_idle != 0)
        irq_send(SGI_RESCHEDULE, cpus_idle & -cpus_idle);
    if (now < end) {
        timer_set_tick(end);
        return false;
    }
    if (self->policy == SCHED_RR)
        self->slice_left = 0;
    if (self->policy != SCHED_FIFO && (is_realtime(self) || class_slice_over(self)))
        thread_set_work(self, WORK_RESCHEDULE);
    else
        timer_set_tick(now + slice_ticks);
    return true;
}

/* The queue is looked at with its lock held, so that whoever queues a thread here either sees that no tick is set
 * (await_slice()), or is seen. */
void sched_tick(uint64_t now)
{
    struct thread *self = current;
    struct cpu *cpu = self->cpu;
    bool over = false, preempted = self->work & WORK_RESCHEDULE;

    spin_lock_irq_off(&cpu->run_queue.lock);
    cpu->tick = DEADLINE_NEVER;
    if (exploring)
        explore_tick(cpu, self, now);
    /* The idle thread looks for itself, when this is over; so does a thread that is to be preempted already. */
    if (cpu->run_queue.ready > 0 && self != cpu->idle && !preempted)
        over = slice_tick(self, now);
    spin_unlock_irq_off(&cpu->run_queue.lock);
    if (over)
        sched_share(cpu);
    if (self->watch_until != 0 && self->run_ticks + (now - self->run_start) >= self->watch_until)
        cpu_timers_look();
    if (self->watch_until != 0)
        watch_start(self, now);
}

/* SGI_RESCHEDULE: the work flag is set already; a thread may wait without a slice being timed, or be watched from now
 * on. */
static void sched_kicked(void *unused)
{
    struct cpu *cpu = current->cpu;

    sched_steal_realtime(cpu);
    if (cpu->run_queue.ready > 0 && current != cpu->idle)
        slice_start(cpu, current->run_start);
    if (current->watch_until != 0)
        watch_start(current, counter_read());
    if (exploring)
        timer_set_tick(counter_read());
}

void sched_idle(void)
{
    for (;;) {
        irq_disable();
        if (current->cpu->run_queue.ready > 0 || sched_steal(current->cpu)) {
            thread_set_work(current, WORK_RESCHEDULE); /* the idle thread is allowed nowhere */
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
        cpu->tick = cpu->hardware_deadline = DEADLINE_NEVER;
        spin_init(&cpu->run_queue.lock, "run queue", RANK_RUN_QUEUE);
        spin_init(&cpu->timer_lock, "timers", RANK_TIMER);
        queue_start(&cpu->run_queue);
    }
    slice_ticks = ticks_from_ns(SCHED_SLICE);
    offer_ticks = ticks_from_ns(50000);
    lag_ticks = (uint32_t)ticks_from_ns(SCHED_LAG);
    irq_register(SGI_RESCHEDULE, "reschedule", sched_kicked, NULL, false);
}

void sched_start_cpu(void)
{
    struct thread *idle = current;
    struct cpu *cpu = idle->cpu;

    idle->state = THREAD_RUNNING;
    idle->affinity = 0; /* it stands on no queue */
    list_init(&idle->held);
    idle->run_start = counter_read();
    cpu->idle = cpu->running = idle;
    cpu->online = true;
    __atomic_fetch_or(&cpus_online, 1u << cpu->number, __ATOMIC_RELEASE);
}
