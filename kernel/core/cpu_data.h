/*
 * cpu_data.h - what each CPU has of its own.  Touched only with preemption (interrupts) off; current->cpu leads to it.
 */
#pragma once

#include <core/lock.h>
#include <core/sched.h>
#include <core/timer.h>

struct cpu {
    unsigned number; /* 0 ... cpu_count - 1 */
    uint32_t mpidr;
    bool online;
    bool in_interrupt; /* this CPU alone */
    struct thread *idle;
    struct thread *running; /* guarded by run_queue.lock */
    int priority;           /* a  of the real-time thread that runs, changed under run_queue.lock; 0: none does */
    struct run_queue run_queue;
    uint32_t asid;                     /* a  asid.c: of the context that it runs, see there */
    struct spinlock timer_lock;        /* guards the two below */
    struct timer *timers[2];           /* pairing heaps: by the counter, by the time of day */
    uint64_t tick;                     /* this CPU alone: when the scheduler wants to look, sched_tick() */
    uint64_t hardware_deadline;        /* what the hardware timer is set for */
    uint32_t interrupts, switches;     /* counted, for /proc */
    uint64_t user_ticks, system_ticks; /* what was not idle, as interrupts saw it: cpu_time_sample() */
    struct thread *gone;               /* run_queue.lock: left this CPU for good, to be queued elsewhere, or dead */
    void (*after_death)(struct thread *dead); /* is told when it has left its stack */
};

extern struct cpu cpus[CPU_MAX];
extern unsigned cpu_count;   /* that the device tree names, at most CPU_MAX */
extern uint32_t cpus_online; /* bit n: CPU n schedules */
extern bool system_started;  /* threads run; before, boot alone does, with interrupts off */
