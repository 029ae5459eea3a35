/*
 * run_queue.h - the inside of the scheduler, for sched.c and placement.c: run queues and the accounting of time.
 * Run queue lock held for all of these.
 */
#pragma once

#include <core/cpu_data.h>
#include <core/fair.h>
#include <core/thread.h>

extern uint32_t cpus_idle;   /* a  bit n: CPU n runs its idle thread, and no thread was sent there yet */
extern uint64_t offer_ticks; /* how long a thread waits behind another until idle CPUs are told: 50 us */
extern uint32_t lag_ticks;   /* SCHED_LAG; 0 with a seed (explore.c) */
extern uint64_t slice_ticks; /* a round-robin thread's slice, a time-sharing thread's while others wait: 4 ms */

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
        if (t->cpu == cpu)
            return cpu;
        spin_unlock_irq_off(&cpu->run_queue.lock);
    }
}

/* Put a thread on the queue of its class; `first`: it was preempted, and keeps its turn. */
static inline void queue_add(struct run_queue *rq, struct thread *t, bool first)
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

static inline void queue_remove(struct run_queue *rq, struct thread *t)
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
static inline struct thread *queue_pick(struct cpu *cpu)
{
    struct run_queue *rq = &cpu->run_queue;
    struct thread *t;

    if (rq->ready == 0)
        return cpu->idle;
    if (rq->rt_ready == 0) {
        rq->ready--;
        return fair_take(rq);
    }
    t = container_of(rq->rt[31 - __builtin_clz(rq->rt_ready)].next, struct thread, run_link);
    queue_remove(rq, t);
    return t;
}

/* Put the running thread back and take who should run next.  `first`: it keeps its turn among its equals; `yields`: it
 * gives that away. */
static inline struct thread *queue_exchange(struct cpu *cpu, struct thread *self, bool first, bool yields)
{
    struct run_queue *rq = &cpu->run_queue;
    struct thread *other = rq->lone;

    if (other != NULL && rq->rt_ready == 0 && !is_realtime(self) &&
        (yields || (int64_t)(self->virtual_time - other->virtual_time) >= 0)) {
        fair_take(rq); /* two take turns */
        rq->lone = self;
        self->state = THREAD_READY;
        return other;
    }
    queue_add(rq, self, first);
    return queue_pick(cpu);
}

static inline uint64_t run_until(struct thread *t, uint64_t now)
{
    uint64_t ran = now - t->run_start;

    t->run_start = now;
    t->run_ticks += ran;
    return ran;
}

/* Charge the running thread for its time up to `now`; account_thread(): it is not the idle one. */
static inline void account_thread(struct cpu *cpu, struct thread *t, uint64_t now)
{
    uint64_t ran = run_until(t, now);

    if (!is_realtime(t))
        fair_charge(&cpu->run_queue, t, ran);
}

static inline void account(struct cpu *cpu, struct thread *t, uint64_t now)
{
    if (t == cpu->idle)
        cpu->idle_ticks += run_until(t, now);
    else
        account_thread(cpu, t, now);
}

/* The queue has threads that wait for the running one: see that its slice ends.  Any tick will do: it looks. */
static inline void slice_start(struct cpu *cpu)
{
    if (cpu->tick == DEADLINE_NEVER)
        timer_set_tick(cpu->running->run_start + slice_ticks);
}

/* placement.c: an idle CPU takes a ready thread of another onto its own queue.  Interrupts off.  True: found. */
bool sched_steal(struct cpu *self);
