/*
 * cpu_time.h - the CPU time of threads and processes, and timers on it.  The process's signal_lock guards all of it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <lib/list.h>

struct process;
struct thread;

struct cpu_times {
    uint64_t ticks;                  /* of the counter, exact at switches */
    uint64_t user, system;           /* ticks of which an interrupt has told where they went */
    uint32_t voluntary, involuntary; /* switches */
    uint32_t faults;
    uint32_t peak_pages; /* the most that were resident at once: of one process, not their sum */
};

void times_add(struct cpu_times *sum, const struct cpu_times *more);
void times_add_peak(struct cpu_times *sum, uint32_t pages);
/* A thread's. */
void times_add_thread(struct cpu_times *sum, struct thread *thread);
/* Of all threads of a process, those that ended too.  signal_lock held, here and below. */
void process_times(struct process *process, struct cpu_times *times);

/* A thread enters its process's list. */
void cpu_time_enter(struct thread *thread);
/* A thread leaves the list, and once more when it has left its stack: its process keeps its time. */
void cpu_time_leave(struct thread *thread);
/* An interrupt found the running thread in user mode, or in the kernel.  No lock. */
void cpu_time_sample(bool user);

enum cpu_clock { CPU_CLOCK_PROCESS, CPU_CLOCK_USER, CPU_CLOCK_THREAD };

/* Who has the clock of that number (abi/time.h): *thread NULL: the whole process.  False: nobody.  processes_lock
 * held. */
bool cpu_clock_owner(int clock, struct process **process, struct thread **thread);
/* The clock's time in ticks, or false.  No lock held. */
bool cpu_clock_read(int clock, uint64_t *ticks);

struct cpu_timer;
/* Called with signal_lock held and the timer disarmed, from the interrupt of a thread of the process; may arm it
 * anew. */
typedef void cpu_timer_function(struct cpu_timer *timer);

struct cpu_timer {
    struct list link; /* process->cpu_timers, while it is armed */
    enum cpu_clock clock;
    struct thread *thread; /* whose clock, for CPU_CLOCK_THREAD */
    uint64_t deadline;     /* in ticks of that clock */
    cpu_timer_function *function;
};

/* The time on a timer's clock. */
uint64_t cpu_timer_now(struct process *process, const struct cpu_timer *timer);
/* Arm (or arm anew) for a moment on its clock; disarm. */
void cpu_timer_set(struct process *process, struct cpu_timer *timer, uint64_t deadline);
void cpu_timer_cancel(struct cpu_timer *timer);

/* The scheduler: the running thread has come to thread->watch_until.  Interrupts off. */
void cpu_timers_look(void);
