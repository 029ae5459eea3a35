/*
 * process_timer.h - a process's timers: timer_create() and its family, setitimer(), alarm(), RLIMIT_CPU.
 */
#pragma once

#include <core/process.h>

/* A setting or what is left of it, in nanoseconds; value 0: disarmed. */
struct timer_setting {
    uint64_t value, interval;
};

/* All of these: for the running process, by any of its threads; errors as POSIX names them. */

/* A new timer's number, -EAGAIN, -EINVAL or -ENOTSUP.  `event` NULL: SIGALRM, with the number as its value.
 * May sleep. */
int posix_timer_create(int clock, const struct abi_sigevent *event);
/* Arm for the moment `value` of its clock or, not `absolute`, for so long from now on (0: disarm), then every
 * `interval` (0: once); *old: what was left.  0, -EINVAL or, where the thread of the timer's clock has ended, -ESRCH.
 * */
int posix_timer_set(int id, bool absolute, const struct timer_setting *setting, struct timer_setting *old);
int posix_timer_get(int id, struct timer_setting *now);
/* Times that the last signal taken stands for besides the first. */
int posix_timer_overrun(int id);
/* May sleep. */
int posix_timer_delete(int id);

/* setitimer, getitimer; `which` is valid. */
void itimer_set(int which, const struct timer_setting *setting, struct timer_setting *old);
void itimer_get(int which, struct timer_setting *now);

/* exec: delete those by number; exit: setitimer's too.  May sleep; one thread is left. */
void process_timers_delete(struct process *process, bool itimers);
/* The signal that `note` tells of is taken, or dropped: `note` is completed, and a periodic timer is armed again.
 * signal_lock held. */
void process_timer_taken(struct process *process, struct signal_note *note);

/* ipc/cpu_limit.c: set RLIMIT_CPU.  processes_lock held. */
void cpu_limit_set(struct process *process, const struct abi_rlimit *limit);
