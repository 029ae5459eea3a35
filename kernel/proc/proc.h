/*
 * proc.h - the life of processes and threads: fork, exec, exit, wait; groups and sessions.
 *
 *      thread.c     a thread's making, its end and its memory; kernel threads
 *      fork.c       a process's making: fork, vfork, spawn
 *      exec.c       a new program in an old process; exec_strings.c, elf.c
 *      exit.c       a process's end, up to the zombie
 *      wait.c       what a parent learns of its children
 *      group.c      groups and sessions
 *      usage.c      what was used, for getrusage and wait4
 *      init.c       the first process
 */
#pragma once

#include <core/process.h>
#include <core/thread.h>
#include <mm/user.h>

/* Make pid 1, which executes `path` when the scheduler runs it.  Panics without it. */
void process_start_init(const char *path);

/* fork(): the child's pid, or -EAGAIN, -ENOMEM (nothing has changed), -ERESTART (a signal comes first).  The child
 * returns 0 from the same frame. */
long process_fork(void);
/* vfork(): the parent's space is lent to the child, and the caller stands still until exec or the child's end. */
long process_vfork(void);
/* posix_spawn(): as vfork(), but that the child runs entry(NULL) in the kernel, where it executes a program or ends
 * with an errno as its exit status: then that is the answer, and there is no child.  The child finds the running call's
 * arguments in its trap frame. */
long process_spawn(void (*entry)(void *));
/* execve with a kernel copy of the path.  0: the thread's trap frame is that of the new program's start.  On an error
 * nothing has changed. */
int process_exec(const char *path, uaddr_t argv, uaddr_t envp);
/* Another thread of the running process: starts at user `entry` with r0 = argument, sp, tls.  Its tid, or -EAGAIN,
 * -ENOMEM. */
long thread_create(uaddr_t entry, uint32_t argument, uaddr_t stack, uint32_t tls);
/* A kernel thread, running entry(argument), which ends by thread_exit(); NULL: no memory. */
struct thread *kernel_thread_create(const char *name, void (*entry)(void *), void *argument);

/* Which children wait() means; the values are those of waitid()'s idtype_t. */
enum wait_whom { WAIT_ANY, WAIT_PID, WAIT_GROUP };

struct wait_result {
    struct signal_note note; /* as waitid() gives it; pid 0: WNOHANG, and there is none */
    uint32_t status;         /* as wait() gives it */
    struct abi_rusage usage;
};
/* Wait for a child's end (WEXITED), stop (WSTOPPED) or continuation (WCONTINUED); also WNOHANG, WNOWAIT.
 * 0, -ECHILD or -ERESTART. */
int process_wait(enum wait_whom whom, int id, unsigned options, struct wait_result *result);

/* setpgid with pid and group not negative: 0, -EACCES, -EPERM, -ESRCH, -ENOMEM. */
int process_setpgid(int pid, int group);
/* setsid: the session's id, or -EPERM, -ENOMEM. */
long process_setsid(void);

/* What the running process has used: `who` is RUSAGE_.... */
void usage_get(int who, struct abi_rusage *usage);

/* The running process (never NULL in a system call). */
static inline struct process *process_current(void)
{
    return current->process;
}
