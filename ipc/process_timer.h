/*
 * process_timer.h - a process's timers: timer_create() and its family, setitimer(), alarm(), RLIMIT_CPU.
 */
#pragma once

#include <core/process.h>

/* exec: delete those by number; exit: setitimer's too.  May sleep; one thread is left. */
void process_timers_delete(struct process *process, bool itimers);
/* The signal that `note` tells of is taken, or dropped: `note` is completed, and a periodic timer is armed again.
 * signal_lock held. */
void process_timer_taken(struct process *process, struct signal_note *note);

/* ipc/cpu_limit.c: set RLIMIT_CPU.  processes_lock held. */
void cpu_limit_set(struct process *process, const struct abi_rlimit *limit);
