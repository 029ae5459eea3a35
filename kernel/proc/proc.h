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

/* posix_spawn(): as vfork(), but that the child runs entry(NULL) in the kernel, where it executes a program or ends
 * with an errno as its exit status: then that is the answer, and there is no child.  The child finds the running call's
 * arguments in its trap frame. */
long process_spawn(void (*entry)(void *));
/* Execute a program without arguments: as execve().  0: the thread's trap frame is that of the program's start. */
int process_exec(const char *path);
/* Another thread of the running process: starts at user `entry` with r0 = argument, sp, tls.  Its tid, or -EAGAIN,
 * -ENOMEM. */
long thread_create(uaddr_t entry, uint32_t argument, uaddr_t stack, uint32_t tls);
/* A kernel thread, running entry(argument), which ends by thread_exit(); NULL: no memory. */
struct thread *kernel_thread_create(const char *name, void (*entry)(void *), void *argument);
