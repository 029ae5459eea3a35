/*
 * itimer.h - a process's interval timer: alarm() and setitimer(ITIMER_REAL).
 */
#pragma once

#include <core/process.h>

/* Send SIGALRM in `value` ticks (0: never), then every `interval` ticks (0: once).  What was left of the old setting is
 * stored in the old_ pointers.  May sleep. */
void itimer_set(struct process *process, uint64_t value, uint64_t interval, uint64_t *old_value,
                uint64_t *old_interval);
void itimer_get(struct process *process, uint64_t *value, uint64_t *interval);
/* Never again; when it returns the timer's function does not run.  Also for a process that never set it. */
void itimer_cancel(struct process *process);
void itimer_start(void); /* at boot */
