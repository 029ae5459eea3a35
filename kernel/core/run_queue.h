/*
 * run_queue.h - the inside of the scheduler, for its files and for classes: run queues and the accounting of time.
 * Run queue lock held for all of these.
 */
#pragma once

#include <core/class.h>
#include <core/cpu_data.h>
#include <core/thread.h>

extern uint32_t cpus_idle;        /* a  bit n: CPU n runs its idle thread, and no thread was sent there yet */
extern uint32_t realtime_waiting; /* a  bit n: real-time threads are ready on CPU n */
extern uint64_t offer_ticks;      /* how long a thread waits behind another until idle CPUs are told: 50 us */
extern uint32_t lag_ticks;        /* SCHED_LAG; 0 with a seed (explore.c) */
extern uint64_t slice_ticks;      /* a round-robin thread's slice, a time-sharing thread's while others wait: 4 ms */

static inline void queue_start(struct run_queue *rq)
{
    for (unsigned n = 0; n < READY_LISTS; n++) {
        list_init(&rq->realtime.list[n]);
        list_init(&rq->sharing.list[n]);
    }
    rq->virtual_time = 1ull << 32; /* so that a slice of credit before it is not before 0 */
}

static inline bool is_realtime(const struct thread *t)
{
    return t->priority > 0;
}

/* The run queue lock of the CPU that `t` belongs to, which may change until it is held. Interrupts off. */
static inline struct cpu *lock_cpu_of(struct thread *t)
{
    for (;;) {
        struct cpu *cpu = __atomic_load_n(&t->cpu, __ATOMIC_RELAXED);

        spin_lock_irq_off(&cpu->run_queue.lock);
        if (__builtin_expect(t->cpu == cpu, 1))
            return cpu;
        spin_unlock_irq_off(&cpu->run_queue.lock);
    }
}

/* No time-sharing thread is ready. */
static inline bool sharing_empty(const struct run_queue *rq)
{
    return rq->lone == NULL && rq->sharing.present == 0;
}

static inline void ready_add(struct ready_lists *lists, struct thread *t, unsigned n, bool first)
{
    t->ready_list = n;
    if (first)
        list_add_head(&lists->list[n], &t->run_link);
    else
        list_add_tail(&lists->list[n], &t->run_link);
    lists->present |= 1u << n;
}

static inline void ready_remove(struct ready_lists *lists, struct thread *t)
{
    list_remove(&t->run_link);
    if (list_empty(&lists->list[t->ready_list]))
        lists->present &= ~(1u << t->ready_list);
}

/* The first thread of a list that is not empty. */
static inline struct thread *ready_first(const struct ready_lists *lists, unsigned n)
{
    return container_of(lists->list[n].next, struct thread, run_link);
}

/* Put a time-sharing thread on the queue.  One that is ready alone, as most are, stands in no list until another joins
 * it. */
static inline void queue_add_sharing(struct run_queue *rq, struct thread *t)
{
    t->state = THREAD_READY;
    rq->ready++;
    if (sharing_empty(rq)) {
        rq->lone = t;
        return;
    }
    if (rq->lone != NULL)
        class_insert(rq, rq->lone);
    rq->lone = NULL;
    class_insert(rq, t);
}

/* Put a real-time thread on the queue; `first`: it was preempted, and keeps its turn. */
static inline void queue_add_realtime(struct cpu *cpu, struct thread *t, bool first)
{
    t->state = THREAD_READY;
    cpu->run_queue.ready++;
    ready_add(&cpu->run_queue.realtime, t, (unsigned)t->priority - 1, first);
    __atomic_fetch_or(&realtime_waiting, 1u << cpu->number, __ATOMIC_RELAXED);
}

static inline void queue_remove(struct cpu *cpu, struct thread *t)
{
    struct run_queue *rq = &cpu->run_queue;

    rq->ready--;
    if (is_realtime(t)) {
        ready_remove(&rq->realtime, t);
        if (rq->realtime.present == 0)
            __atomic_fetch_and(&realtime_waiting, ~(1u << cpu->number), __ATOMIC_RELAXED);
    } else if (rq->lone == t) {
        rq->lone = NULL;
    } else {
        ready_remove(&rq->sharing, t);
    }
}

/* Is `t`, which is ready, on the queue? */
static inline bool queue_holds(const struct run_queue *rq, const struct thread *t)
{
    return rq->lone == t || list_linked(&t->run_link);
}

/* In virtual time, which wraps round. */
static inline bool is_before(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b) < 0;
}

/* A virtual time, of a thread or of its CPU's time-sharing threads, comes up to another. */
static inline void virtual_time_reach(uint64_t *time, uint64_t other)
{
    if (is_before(*time, other))
        *time = other;
}

/* CPU time in a thread's virtual time. */
static inline uint64_t virtual_ticks(const struct thread *t, uint64_t ticks)
{
    return t->weight == 1024 ? ticks : ticks * t->inverse_weight >> 10;
}

/* A thread that is on no queue forgets what it is behind, so that its equals come first. */
static inline void forget_arrears(struct thread *t)
{
    virtual_time_reach(&t->virtual_time, t->cpu->run_queue.virtual_time);
}

/* Take the time-sharing thread that should run next off the queue: the only one, with no real-time thread ready; of
 * several, which stand in lists. */
static inline struct thread *lone_take(struct run_queue *rq)
{
    struct thread *t = rq->lone;

    rq->ready = 0;
    rq->lone = NULL;
    virtual_time_reach(&rq->virtual_time, t->virtual_time);
    return t;
}

static inline struct thread *listed_take(struct run_queue *rq)
{
    struct thread *t = class_first(rq);

    rq->ready--;
    class_takes(rq, t);
    ready_remove(&rq->sharing, t);
    return t;
}

/* The real-time thread that waits and comes first; NULL: none waits. */
static inline struct thread *realtime_first(const struct run_queue *rq)
{
    uint32_t present = rq->realtime.present;

    return present != 0 ? ready_first(&rq->realtime, 31 - (unsigned)__builtin_clz(present)) : NULL;
}

/* placement.c: a real-time thread waits; one leaves its CPU, or is about to be chosen again. */
void sched_realtime_waits(const struct thread *t);
void sched_realtime_stops(struct cpu *cpu);

static inline struct thread *realtime_take(struct cpu *cpu)
{
    struct thread *t = realtime_first(&cpu->run_queue);

    __atomic_store_n(&cpu->priority, t->priority, __ATOMIC_RELAXED);
    queue_remove(cpu, t);
    return t;
}

/* queue_pick() where it is not a lone thread that comes; seldom enough to be called. */
static __attribute__((noinline, unused)) struct thread *queue_pick_any(struct cpu *cpu)
{
    struct run_queue *rq = &cpu->run_queue;

    if (rq->ready == 0)
        return cpu->idle;
    if (rq->realtime.present != 0)
        return realtime_take(cpu);
    return listed_take(rq);
}

/* Is it a thread that is ready alone that should run next? */
static inline bool lone_comes(const struct run_queue *rq)
{
    return rq->lone != NULL && rq->realtime.present == 0;
}

/* Take the thread that should run next off the queue; the idle thread where none is ready. */
static inline struct thread *queue_pick(struct cpu *cpu)
{
    return lone_comes(&cpu->run_queue) ? lone_take(&cpu->run_queue) : queue_pick_any(cpu);
}

/* A real-time thread that is preempted keeps its turn among its equals, but not at the end of its slice. */
static inline bool keeps_turn(struct thread *t)
{
    bool keeps = t->policy == SCHED_FIFO || t->slice_left != 0;

    t->slice_left = slice_ticks;
    return keeps;
}

/* The running thread takes turns with the others of its class.  `yields`: it gives its turn away. */
static inline struct thread *sharing_exchange(struct run_queue *rq, struct thread *self, bool yields)
{
    struct thread *other = rq->lone;

    if (other != NULL) {
        if (!yields && class_goes_on(self, other))
            return self;
        virtual_time_reach(&rq->virtual_time, other->virtual_time);
        rq->lone = self;
        self->state = THREAD_READY;
        return other;
    }
    if (rq->ready == 0)
        return self;
    if (yields)
        forget_arrears(self);
    queue_add_sharing(rq, self);
    return listed_take(rq);
}

/* Put the running thread back and take who should run next. */
static inline struct thread *queue_exchange(struct cpu *cpu, struct thread *self, bool yields)
{
    struct thread *next;

    if (!is_realtime(self)) {
        if (cpu->run_queue.realtime.present == 0)
            return sharing_exchange(&cpu->run_queue, self, yields);
        queue_add_sharing(&cpu->run_queue, self);
        return queue_pick(cpu);
    }
    queue_add_realtime(cpu, self, !yields && keeps_turn(self));
    next = queue_pick(cpu);
    if (next != self)
        sched_realtime_waits(self);
    return next;
}

static inline uint64_t run_until(struct thread *t, uint64_t now)
{
    uint64_t ran = now - t->run_start;

    t->run_start = now;
    t->run_ticks += ran;
    return ran;
}

/* Charge the running thread for its time up to `now`; account_thread(): it is not the idle one.  The virtual time of
 * the CPU goes with a time-sharing thread that is alone there. */
static inline void account_thread(struct cpu *cpu, struct thread *t, uint64_t now)
{
    struct run_queue *rq = &cpu->run_queue;
    uint64_t ran = run_until(t, now);

    if (__builtin_expect(is_realtime(t), 0)) {
        sched_realtime_stops(cpu);
        return;
    }
    t->virtual_time += virtual_ticks(t, ran);
    if (sharing_empty(rq))
        virtual_time_reach(&rq->virtual_time, t->virtual_time);
}

static inline void account(struct cpu *cpu, struct thread *t, uint64_t now)
{
    if (t == cpu->idle)
        run_until(t, now);
    else
        account_thread(cpu, t, now);
}

/* weight.c: nice -20..19, and the weight that belongs to it. */
void weight_set_nice(struct thread *t, int nice);

/* A tick is a value of the counter. */
static inline bool tick_is_set(const struct cpu *cpu)
{
    return cpu->tick < DEADLINE_REALTIME;
}

/* The queue has threads that wait for one that runs since `start`: see that its slice ends.  Any tick will do: it
 * looks. */
static inline void slice_start(struct cpu *cpu, uint64_t start)
{
    if (!tick_is_set(cpu))
        timer_set_tick(start + slice_ticks);
}

/* placement.c: a CPU takes onto its own queue a thread that is ready on another one, whatever it is; or the real-time
 * threads that wait and need not.  Interrupts off.  True: found. */
bool sched_steal(struct cpu *self);
void sched_steal_realtime(struct cpu *self);
/* placement.c: the slice of the thread that runs here is over: where one runs that has had more than who waits here,
 * the latter may run instead.  Interrupts off, no lock held. */
void sched_share(struct cpu *self);
