/*
 * cpu_itimer.h - interval timers on a process's CPU time: ITIMER_VIRTUAL and ITIMER_PROF.
 */
#pragma once

#include <core/process.h>
#include <core/thread.h>

/* Send the timer's signal after `value` ticks of CPU time (0: never), then every `interval` ticks (0: once).  What was
 * left of the old setting is stored in the old_ pointers.  `which`: ITIMER_VIRTUAL or ITIMER_PROF. */
void cpu_itimer_set(struct process *process, int which, uint64_t value, uint64_t interval, uint64_t *old_value,
                    uint64_t *old_interval);
void cpu_itimer_get(struct process *process, int which, uint64_t *value, uint64_t *interval);
/* A thread enters or leaves its process.  signal_lock held. */
void cpu_itimer_enter(struct thread *thread);
void cpu_itimer_leave(struct thread *thread);
void cpu_itimer_start(void); /* at boot */
