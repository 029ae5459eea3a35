/*
 * signal.h - signals: sending, choosing, delivering.  POSIX.1-2017 2.4; numbers and frames are Linux's.
 */
#pragma once

#include <stdbool.h>

#include <abi/signal.h>
#include <core/process.h>
#include <core/thread.h>

struct trap_frame;

static inline abi_sigset_t signal_bit(int signal)
{
    return 1ull << (signal - 1);
}

/* Send to a process (any thread takes it).  `info` NULL: from the kernel.  Never sleeps; callable with locks of a rank
 * below RANK_SIGNALS held.  0 or -EAGAIN (no room to queue a real-time signal). */
int signal_send_process(struct process *process, int signal, const struct abi_siginfo *info);
int signal_send_thread(struct thread *thread, int signal, const struct abi_siginfo *info);
/* To all members of a group; processes_lock held. Answers how many. */
unsigned signal_send_group(struct group *group, int signal, const struct abi_siginfo *info);
/* A fault of the running thread: delivered even if blocked or ignored (then the default action is taken). */
void signal_fault(int signal, int code, uint32_t address);

/* A signal is waiting that the running thread would act on (not blocked, not ignored), or it has to end or stop. */
bool signal_pending(const struct thread *thread);
/* A deadly one is. */
bool signal_kill_pending(const struct thread *thread);

/* On the way back to user mode with WORK_SIGNAL set: stop, end, or push a handler's frame.  `restart` is the interrupted
 * call's number (or 0) if its result was -ERESTART. Interrupts on. */
void signal_deliver(struct trap_frame *frame);

/* exec: caught signals go to their default. */
void signal_exec(struct process *process);
/* fork: actions and mask are inherited, nothing is pending. */
void signal_fork(struct process *child, struct thread *thread, const struct process *parent);
/* Free what is queued. */
void signal_discard_thread(struct thread *thread);
void signal_discard_process(struct process *process);
/* POSIX kill(): may the running process signal `target`? */
bool signal_permitted(const struct process *target, int signal);
