/*
 * libc.h - what the files of the C library share and no program sees.
 *
 * Names begin with two underscores: the rest belongs to the program that is linked with us.
 */
#pragma once

#include <errno.h>
#include <reent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

#define PARLEY_PAGE_SIZE 4096u

struct timespec;
struct sigaction;
struct sigevent;

/* This thread's own errno and static buffers (reent.c). */
extern __thread struct _reent __thread_reent;
void __reent_start(void);
void __reent_start_main(void);

/* What exec left on the stack: argc, argv and its NULL, the environment and its NULL, the auxiliary vector. */
extern uintptr_t *__exec_words;
const char *__program_name(void);

/* Ask for the running thread's tid (thread_id.c); __thread_id() of pthread/thread.h asks once. */
pid_t __thread_id_ask(void);

/* System calls that C functions stand on (stubs.list). */
void *__brk(void *end);
int __clock_gettime(clockid_t clock, struct timespec *time);
int __clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *rest);
pid_t __fork(void);
int __futex(volatile void *word, int operation, unsigned value, const struct timespec *timeout);
int __getcwd(char *buffer, size_t size);
int __getdents(int fd, void *buffer, size_t size);
int __getpriority(int which, unsigned who);
int __lseek(int fd, off_t offset, int whence, off_t *result);
int __mq_notify(int queue, int how, int signal, unsigned value);
void *__mmap(void *address, size_t length, int protection, int flags, int fd, unsigned page);
struct statvfs;
int __chdir_at(int dir, const char *path, int flags);
int __statvfs_at(int dir, const char *path, struct statvfs *result, int flags);
int __open(const char *path, int flags, ...); /* these three are no cancellation points */
int __close(int fd);
ssize_t __write(int fd, const void *buffer, size_t size);
int __poll(void *set, unsigned count, const struct timespec *timeout);
int __ppoll(void *set, unsigned count, const struct timespec *timeout, const sigset_t *mask);
struct sched_param;
int __sched_getscheduler(pid_t pid, struct sched_param *param);
int __sched_getaffinity(pid_t pid, size_t size, void *mask);
int __priority_ceiling(int level, int limit);
int __set_tls(void *tls);
int __set_robust_list(void *head, size_t size);
int __set_thread_name(pid_t tid, const char *name);
int __sigprocmask(int how, const sigset_t *set, sigset_t *old);
int __tgkill(pid_t pid, pid_t tid, int signal);
int __sigqueue(pid_t pid, pid_t tid, int signal, int value); /* tid 0: the process */
int __thread_create(void (*entry)(void), void *argument, void *stack, void *tls);
void __thread_exit(volatile int *word, void *map, size_t length) __attribute__((noreturn));
int __sigaction(int signal, const struct sigaction *action, struct sigaction *old);
pid_t __spawn(const char *path, char *const argv[], char *const envp[], const void *attributes, const void *actions,
              size_t count);
int __timer_create(clockid_t clock, struct sigevent *event, timer_t *id);
int __timer_delete(timer_t id);
int __truncate(const char *path, int unused, off_t length);
int __ioctl_point(int fd, unsigned long request, unsigned long argument);
pid_t __wait4(pid_t pid, int *status, int options, void *usage);
int __waitid(int type, int id, void *info, int options, void *usage);

long __syscall_error(long result);
void __signal_restorer(void);
