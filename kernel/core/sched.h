/*
 * sched.h - the scheduler: a run queue per CPU, real-time priorities above one time-sharing class.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/sched.h>
#include <core/lock.h>
#include <lib/list.h>

struct thread;
struct cpu;

#define NICE_MIN (-20)
#define NICE_MAX 19

#define SCHED_LAG 1000000 /* ns that a time-sharing thread runs until one that wakes up may preempt it */

/* Ready threads in lists, and which of these are not empty: counting zeros finds the first and the last. */
#define READY_LISTS 32

struct ready_lists {
    uint32_t present; /* bit n: list[n] is not empty */
    struct list list[READY_LISTS];
};

struct run_queue {
    struct spinlock lock;
    unsigned ready;              /* threads that are ready, without the running one */
    struct ready_lists realtime; /* list[n]: priority n + 1 */
    struct ready_lists sharing;  /* time-sharing threads, where their class puts them (class.h) */
    struct thread *lone;         /* the one ready time-sharing thread, which stands in no list; else NULL */
    uint64_t virtual_time;       /* of the time-sharing threads, never backwards (fair.c) */
    uint64_t offset; /* added to a virtual time of this CPU, it can be compared with another's (placement.c) */
};

void sched_start(void);     /* at boot, by CPU 0, before any thread is made */
void sched_start_cpu(void); /* by each CPU, on its idle thread; interrupts off */
void sched_idle(void) __attribute__((noreturn));

/* Called where current->work has WORK_RESCHEDULE, with interrupts off. */
void sched_preempt(void);
/* A new thread, never run before: make it ready (on this CPU or a less loaded one). */
void sched_add(struct thread *thread);
/* wait.c: switch away if the wait is still undecided; interrupts on. */
void sched_block(void);
/* wait.c: the thread's wait is decided: make it ready, unless it still runs.  Interrupts off. */
void sched_wake(struct thread *thread);
/* The running thread ends: never returns.  `after` is called on the next thread's stack with interrupts off. */
void sched_exit(void (*after)(struct thread *dead)) __attribute__((noreturn));

/* Change policy, priority (SCHED_PRIORITY_MIN..MAX for real-time, else 0) and nice (-20..19).  Arguments are valid. */
void sched_set_policy(struct thread *thread, int policy, int priority, int nice);
/* The same for the priority alone, for a while: mutex.c lends it. */
void sched_set_priority(struct thread *thread, int priority);
/* Restrict to CPUs (bit n: CPU n); at least one online CPU is in `mask`. */
void sched_set_affinity(struct thread *thread, uint32_t mask);
/* CPU time in ticks up to now. */
uint64_t sched_cpu_time(struct thread *thread);
/* timer.c: the time of timer_set_tick() has come.  Interrupts off. */
void sched_tick(uint64_t now);
/* For /proc/loadavg: ready and running threads. */
unsigned sched_ready_count(void);
/* The trap code's last steps of every new thread; called by the switch's first return. */
void sched_finish_switch(void);
