/*
 * syscalls.h - prototypes of all system calls, one for each line of abi/syscall_list.h; written in sys/sys_*.c, which
 * decode arguments, check ranges, and call the folder that does the work, or (ipc/calls.h) in that folder.
 */
#pragma once

#include <abi/types.h>
#include <arch/pgtable.h>
#include <ipc/calls.h>

/* Processes: sys_process.c */
long sys_exit_group(int code);
long sys_fork(void);
long sys_vfork(void);
long sys_execve(uaddr_t path, uaddr_t argv, uaddr_t envp);
long sys_wait4(int pid, uaddr_t status, int options, uaddr_t usage);
long sys_waitid(int id_type, int id, uaddr_t info, int options, uaddr_t usage);
long sys_getpid(void);
long sys_getppid(void);
long sys_getpgid(int pid);
long sys_setpgid(int pid, int group);
long sys_getsid(int pid);
long sys_setsid(void);
long sys_reboot(int how, int status);
long sys_uname(uaddr_t name);
/* The child finds the six arguments in its frame. sys_spawn.c */
long sys_spawn(void);

/* Credentials and limits: sys_credentials.c */
long sys_getresuid(uaddr_t real, uaddr_t effective, uaddr_t saved);
long sys_getresgid(uaddr_t real, uaddr_t effective, uaddr_t saved);
long sys_setresuid(uint32_t real, uint32_t effective, uint32_t saved);
long sys_setresgid(uint32_t real, uint32_t effective, uint32_t saved);
long sys_getgroups(int size, uaddr_t list);
long sys_setgroups(int size, uaddr_t list);
long sys_prlimit(int pid, int resource, uaddr_t new_limit, uaddr_t old_limit);
long sys_getrusage(int who, uaddr_t usage);

/* Threads and scheduling: sys_thread.c */
long sys_thread_create(uaddr_t entry, uint32_t argument, uaddr_t stack, uint32_t tls);
long sys_thread_exit(int unused);
long sys_gettid(void);
long sys_set_tls(uint32_t tls);
long sys_sched_yield(void);
long sys_sched_setscheduler(int pid, int policy, uaddr_t parameters);
long sys_sched_getscheduler(int pid);
long sys_sched_getparam(int pid, uaddr_t parameters);
long sys_getpriority(int which, uint32_t who);
long sys_setpriority(int which, uint32_t who, int value);
long sys_sched_setaffinity(int pid, uint32_t size, uaddr_t mask);
long sys_sched_getaffinity(int pid, uint32_t size, uaddr_t mask);

/* Futexes: sys_futex.c.  `timeout` is a number for the requeueing ones. */
long sys_futex(uaddr_t word, int operation, uint32_t value, uaddr_t timeout, uaddr_t word2, uint32_t value2);
long sys_set_robust_list(uaddr_t head, uint32_t size);
long sys_get_robust_list(int tid, uaddr_t head, uaddr_t size);

/* Signals: sys_signal.c */
long sys_kill(int pid, int signal);
long sys_tgkill(int pid, int tid, int signal);
long sys_sigaction(int signal, uaddr_t action, uaddr_t old);
long sys_sigprocmask(int how, uaddr_t set, uaddr_t old);
long sys_sigpending(uaddr_t set);
long sys_sigsuspend(uaddr_t set);
long sys_sigreturn(void);
long sys_sigaltstack(uaddr_t stack, uaddr_t old);
long sys_setitimer(int which, uaddr_t value, uaddr_t old);
long sys_getitimer(int which, uaddr_t value);
long sys_sigqueue(int pid, int signal, uint32_t value);
long sys_sigtimedwait(uaddr_t set, uaddr_t info, uaddr_t timeout);
long sys_setcontext(uaddr_t context);
/* sys_timer.c */
long sys_timer_create(int clock, uaddr_t event, uaddr_t id);
long sys_timer_settime(int id, int flags, uaddr_t value, uaddr_t old);
long sys_timer_gettime(int id, uaddr_t value);
long sys_timer_getoverrun(int id);
long sys_timer_delete(int id);

/* Memory: sys_memory.c */
long sys_brk(uaddr_t end);
long sys_mmap(uaddr_t address, uint32_t length, int prot, int flags, int fd, uint32_t page_offset);
long sys_munmap(uaddr_t address, uint32_t length);
long sys_mprotect(uaddr_t address, uint32_t length, int prot);
long sys_msync(uaddr_t address, uint32_t length, int flags);
long sys_mlock(uaddr_t address, uint32_t length);
long sys_munlock(uaddr_t address, uint32_t length);
long sys_mlockall(int flags);
long sys_munlockall(void);
long sys_madvise(uaddr_t address, uint32_t length, int advice);
long sys_mincore(uaddr_t address, uint32_t length, uaddr_t resident);

/* Descriptors: sys_file.c */
long sys_openat(int dirfd, uaddr_t path, int flags, uint32_t mode);
long sys_close(int fd);
long sys_read(int fd, uaddr_t buffer, uint32_t n);
long sys_write(int fd, uaddr_t buffer, uint32_t n);
long sys_readv(int fd, uaddr_t vector, int count);
long sys_writev(int fd, uaddr_t vector, int count);
long sys_pread(int fd, uaddr_t buffer, uint32_t n, abi_off_t offset);
long sys_pwrite(int fd, uaddr_t buffer, uint32_t n, abi_off_t offset);
/* The position is 64 bits wide: it is stored at `result` (in r4), and 0 is the answer. */
long sys_lseek(int fd, abi_off_t offset, int whence, uaddr_t result);
long sys_dup(int fd);
long sys_dup3(int fd, int to, int flags);
long sys_fcntl(int fd, int command, uint32_t argument);
long sys_ioctl(int fd, uint32_t request, uint32_t argument);
long sys_pipe2(uaddr_t ends, int flags);
long sys_ftruncate(int fd, abi_off_t size);
long sys_fsync(int fd);
long sys_getdents(int fd, uaddr_t buffer, uint32_t size);
long sys_flock(int fd, int operation);
long sys_fallocate(int fd, abi_off_t offset, abi_off_t length);
long sys_poll(uaddr_t set, uint32_t count, uaddr_t timeout);
long sys_ppoll(uaddr_t set, uint32_t count, uaddr_t timeout, uaddr_t mask);

/* Names: sys_path.c.  No path and AT_EMPTY_PATH: the open file `dirfd` (so the C library has fstat, fchmod ...). */
long sys_fstatat(int dirfd, uaddr_t path, uaddr_t stat, int flags);
long sys_faccessat(int dirfd, uaddr_t path, int mode, int flags);
long sys_mkdirat(int dirfd, uaddr_t path, uint32_t mode);
long sys_mknodat(int dirfd, uaddr_t path, uint32_t mode, uint32_t rdev);
long sys_unlinkat(int dirfd, uaddr_t path, int flags);
long sys_renameat(int from_fd, uaddr_t from, int to_fd, uaddr_t to);
long sys_linkat(int from_fd, uaddr_t from, int to_fd, uaddr_t to, int flags);
long sys_symlinkat(uaddr_t target, int dirfd, uaddr_t path);
long sys_readlinkat(int dirfd, uaddr_t path, uaddr_t buffer, uint32_t size);
long sys_fchmodat(int dirfd, uaddr_t path, uint32_t mode, int flags);
long sys_fchownat(int dirfd, uaddr_t path, uint32_t uid, uint32_t gid, int flags);
long sys_utimensat(int dirfd, uaddr_t path, uaddr_t times, int flags);
long sys_truncate(uaddr_t path, uint32_t unused, abi_off_t size);
long sys_chdir(int dirfd, uaddr_t path, int flags);
long sys_getcwd(uaddr_t buffer, uint32_t size);
long sys_umask(uint32_t mask);
long sys_statvfs(int dirfd, uaddr_t path, uaddr_t result, int flags);

/* Time: sys_time.c */
long sys_nanosleep(int clock, int flags, uaddr_t request, uaddr_t remainder);
long sys_clock_gettime(int clock, uaddr_t time);
long sys_clock_settime(int clock, uaddr_t time);
