/*
 * trace.h - tells who reads /proc/PID/trace what a process does (fs/trace.c).
 *
 * A process that nobody traces pays nothing for its system calls: a traced thread has another table of calls.  None of
 * these sleeps or allocates; all but the first do nothing where nobody traces.
 */
#pragma once

#include <abi/trace.h>
#include <core/process.h>
#include <core/syscalls.h>

/* The table of calls for a thread of the process.  signal_lock held. */
extern const void *const traced_calls[];
static inline const void *const *trace_calls(const struct process *process)
{
    return process->trace == NULL ? syscall_table : traced_calls;
}

/* A child, which has its credentials, is about to be entered under the number `pid`: its parent's tracer may follow
 * it. */
void trace_fork(struct process *child, const struct process *parent, int pid);
/* The running process executes another program. */
void trace_exec(const char *path);
/* The running thread takes a signal. */
void trace_signal(int signal, const struct signal_note *note);
/* The running thread is about to end. */
void trace_exit(void);
/* The running thread was its process's last: no record comes any more. */
void trace_leave(struct process *process);

/* Between trace.c and trace_call.c: a record of the running thread's, with no arguments; append one to the trace of a
 * process, if it has any; how many bytes of a buffer the running process's tracer wants (false: there is none any
 * more). */
struct abi_trace_record trace_record(enum abi_trace_kind kind, unsigned number, long result);
void trace_put(struct process *process, struct abi_trace_record *record);
bool trace_wants(size_t *bytes);

/* Of the name PID/trace. */
struct inode_ops;
extern const struct inode_ops trace_inode_ops;
