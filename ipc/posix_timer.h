/*
 * posix_timer.h - a process's timers by number: timer_create() and its family.
 */
#pragma once

#include <core/process.h>

/* A setting or what is left of it, in counter ticks; value 0: disarmed. */
struct posix_timer_times {
    uint64_t value, interval;
};

/* All of these: for the running process, by any of its threads; errors as POSIX names them. */

/* A new timer's number, -EAGAIN, -EINVAL or -ENOTSUP.  `event` NULL: SIGALRM, with the number as its value.
 * May sleep. */
int posix_timer_create(int clock, const struct abi_sigevent *event);
/* The clock of a timer, or -EINVAL. */
int posix_timer_clock(int id);
/* Arm for the moment `deadline` in ticks (0: disarm), then every `interval` ticks (0: once); *old: what was left.
 * 0 or -EINVAL. */
int posix_timer_set(int id, uint64_t deadline, uint64_t interval, struct posix_timer_times *old);
int posix_timer_get(int id, struct posix_timer_times *now);
/* Times that the last signal taken stands for besides the first. */
int posix_timer_overrun(int id);
/* May sleep. */
int posix_timer_delete(int id);

/* exec, exit: delete all.  May sleep; one thread is left. */
void posix_timer_delete_all(struct process *process);
/* The signal that `note` tells of is taken, or dropped: note->overrun is filled in, and a periodic timer is armed
 * again.  signal_lock held. */
void posix_timer_taken(struct process *process, struct signal_note *note);
