/*
 * life.h - what the files of proc/ call of each other.
 */
#pragma once

#include <proc/proc.h>

/* fork.c: a number for one thread more of the process's user, whose account it is charged to; 0: there is none, or the
 * user has its limit.  processes_lock held. */
int id_charge(const struct process *process);

/* thread.c */

/* A zeroed thread with a kernel stack and, `user`, room for VFP registers; NULL: no memory. */
struct thread *thread_alloc(bool user);
/* Free a thread that runs no more or never ran.  Callable with processes_lock held. */
void thread_free(struct thread *thread);
/* What a new thread has from the running one: policy, affinity, name. */
void thread_inherit(struct thread *thread);
/* Its first trap frame: as though it had just trapped at user `entry`, with r0 = argument. */
void thread_start_at(struct thread *thread, uaddr_t entry, uint32_t argument, uaddr_t stack);
/* Enter a thread under the number `tid`, which is reserved.  processes_lock held. */
void thread_enter(struct thread *thread, int tid, struct process *process);

/* exit.c */

/* The end of other threads but the running one, for exec.  False: the running thread has to end instead. */
bool process_end_other_threads(struct process *process);
/* Take a zombie out of all lists and free it.  processes_lock held. */
void process_bury(struct process *process);
/* `thread` has left its kernel stack for good.  Called on another one, interrupts off. */
void process_thread_gone(struct thread *thread);

/* group.c */

/* Enter a process in a group, in place of the one it is in (NULL: none), which may vanish.  processes_lock held. */
void group_join(struct group *group, struct process *process);
void group_leave(struct process *process);
/* A session and a group of it under one number, not yet visible.  NULL: no memory. */
struct group *session_create(int id);
/* Make a group visible.  processes_lock held. */
void group_enter(struct group *group);
/* POSIX _exit: a group that has just become orphaned and has stopped members gets SIGHUP and SIGCONT.  processes_lock
 * held. */
void group_check_orphaned(struct group *group, const struct process *without);
/* Is `process` what keeps its group from being orphaned?  processes_lock held. */
bool group_link(const struct process *process, const struct process *parent);

/* usage.c */

/* As rusage has them. */
void times_to_usage(const struct cpu_times *times, struct abi_rusage *usage);
/* The process is about to leave its space: what it held there at most.  signal_lock held. */
void usage_note_peak(struct process *process);
/* What a process has used up to now, its children left out. */
void usage_of_process(struct process *process, struct cpu_times *times);

/* fork.c */

/* A zeroed process that stands in no list, or NULL. */
struct process *process_alloc(void);
/* Make it visible as a child of `parent` (NULL: init) with its first thread.  processes_lock held. */
void process_enter(struct process *process, struct process *parent, struct group *group, struct thread *thread,
                   int pid);
/* Free one that never was visible, or no longer is. */
void process_free(struct process *process);
