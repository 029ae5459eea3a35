/*
 * proc.h - the life of processes: fork, exec, exit, wait; groups and sessions.
 */
#pragma once

#include <core/process.h>
#include <core/thread.h>

/* At boot: make pid 1, which executes `path` when the scheduler runs it.  Panics without it. */
void process_start_init(const char *path);

/* fork(): the child's pid.  The child returns 0 from the same frame. */
long process_fork(void);
long process_vfork(void);
/* execve with kernel copies of path and strings; answers only on failure. */
long process_exec(const char *path, uaddr_t argv, uaddr_t envp);
/* exit_group with a wait status word; does not return. */
void process_exit(uint32_t status) __attribute__((noreturn));
/* This thread alone (the last one ends the process with status 0). */
void thread_exit(void) __attribute__((noreturn));
/* Another thread of the running process: starts at user `entry` with r0 = argument, sp, tls.  Its tid or -errno. */
long thread_create(uaddr_t entry, uint32_t argument, uaddr_t stack, uint32_t tls);

struct wait_result {
    int pid;
    uint32_t uid;
    uint32_t status; /* as wait() gives it */
    struct abi_rusage usage;
};
/* wait4/waitid: `pid` as for waitpid.  A pid, 0 (WNOHANG and none), or -ECHILD, -ERESTART. */
long process_wait(int pid, unsigned options, struct wait_result *result);

int process_setpgid(int pid, int group);
long process_setsid(void);

/* A kernel thread, running entry(argument); NULL: no memory. */
struct thread *kernel_thread_create(const char *name, void (*entry)(void *), void *argument);
void process_usage(struct process *process, int who, struct abi_rusage *usage);

/* The running process (never NULL in a system call). */
static inline struct process *process_current(void)
{
    return current->process;
}
