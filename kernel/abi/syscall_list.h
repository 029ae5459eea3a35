/*
 * syscall_list.h - every system call, once.
 *
 *      SYSCALL(number, name, arguments, how an interrupting signal ends it, parameters)
 *
 * r7 is the number, r0 to r5 the argument words, r0 the result: >= 0, or -errno.  All other registers are kept.
 * Arguments are laid out as the procedure call standard lays out the C prototype, with what it puts on the stack in
 * r4 and r5; so both sides are plain C functions (a 64-bit argument takes an even pair of registers).  `arguments`
 * counts words, padding included.
 *
 * RESTART: begun again after a handler with SA_RESTART, else EINTR.  EINTR_ALWAYS: EINTR whatever SA_RESTART says.
 * NEVER: never EINTR.  Most of these do not wait; the one that lets signals come first, fork in all its forms, is begun
 * again after any handler.
 *
 * sys_NAME(), whose prototype core/syscalls.h makes of `parameters`, stands in the folder that does the work or, where
 * that is several folders' work, in sys/sys_*.c.
 */

/* Processes */
SYSCALL(1, exit_group, 1, NEVER, (int code))
SYSCALL(2, fork, 0, NEVER, (void))
SYSCALL(3, vfork, 0, NEVER, (void))
SYSCALL(4, execve, 3, NEVER, (uaddr_t path, uaddr_t argv, uaddr_t envp))
SYSCALL(5, wait4, 4, RESTART, (int pid, uaddr_t status, int options, uaddr_t usage))
SYSCALL(6, waitid, 5, RESTART, (int id_type, int id, uaddr_t info, int options, uaddr_t usage))
SYSCALL(7, getpid, 0, NEVER, (void))
SYSCALL(8, getppid, 0, NEVER, (void))
SYSCALL(9, getpgid, 1, NEVER, (int pid))
SYSCALL(10, setpgid, 2, NEVER, (int pid, int group))
SYSCALL(11, getsid, 1, NEVER, (int pid))
SYSCALL(12, setsid, 0, NEVER, (void))
SYSCALL(13, getresuid, 3, NEVER, (uaddr_t real, uaddr_t effective, uaddr_t saved))
SYSCALL(14, getresgid, 3, NEVER, (uaddr_t real, uaddr_t effective, uaddr_t saved))
SYSCALL(15, setresuid, 3, NEVER, (uint32_t real, uint32_t effective, uint32_t saved))
SYSCALL(16, setresgid, 3, NEVER, (uint32_t real, uint32_t effective, uint32_t saved))
SYSCALL(17, getgroups, 2, NEVER, (int size, uaddr_t list))
SYSCALL(18, setgroups, 2, NEVER, (int size, uaddr_t list))
SYSCALL(19, umask, 1, NEVER, (uint32_t mask))
SYSCALL(20, prlimit, 4, NEVER, (int pid, int resource, uaddr_t new_limit, uaddr_t old_limit))
SYSCALL(21, getrusage, 2, NEVER, (int who, uaddr_t usage))
SYSCALL(22, uname, 1, NEVER, (uaddr_t name))
SYSCALL(23, reboot, 2, NEVER, (int how, int status))
/* The child finds its arguments in its frame: path, argv, envp, attributes or NULL, actions, how many. */
SYSCALL(24, spawn, 6, NEVER, (void))

/* Threads and scheduling */
SYSCALL(30, thread_create, 4, NEVER, (uaddr_t entry, uint32_t argument, uaddr_t stack, uint32_t tls))
SYSCALL(31, thread_exit, 3, NEVER, (uaddr_t word, uaddr_t map, uint32_t length))
SYSCALL(32, gettid, 0, NEVER, (void))
SYSCALL(33, set_tls, 1, NEVER, (uint32_t tls))
/* The timeout of the requeueing operations is a number. */
SYSCALL(34, futex, 6, RESTART,
        (uaddr_t word, int operation, uint32_t value, uaddr_t timeout, uaddr_t word2, uint32_t value2))
SYSCALL(35, sched_yield, 0, NEVER, (void))
SYSCALL(36, sched_setscheduler, 3, NEVER, (int pid, int policy, uaddr_t parameters))
/* Answers the policy; `parameters` may be NULL. */
SYSCALL(37, sched_getscheduler, 2, NEVER, (int pid, uaddr_t parameters))
SYSCALL(38, sched_getcpu, 0, NEVER, (void))
SYSCALL(39, getpriority, 2, NEVER, (int which, uint32_t who))
SYSCALL(40, setpriority, 3, NEVER, (int which, uint32_t who, int value))
SYSCALL(41, sched_setaffinity, 3, NEVER, (int pid, uint32_t size, uaddr_t mask))
SYSCALL(42, sched_getaffinity, 3, NEVER, (int pid, uint32_t size, uaddr_t mask))
SYSCALL(43, set_robust_list, 2, NEVER, (uaddr_t head, uint32_t size))
/* What /proc calls the thread: 16 bytes, the last of which is taken for 0. */
SYSCALL(44, set_thread_name, 2, NEVER, (int tid, uaddr_t name))
/* The running thread has at least priority `level` from now on (0: its own); EINVAL: its own is above `limit`. */
SYSCALL(45, priority_ceiling, 2, NEVER, (int level, int limit))

/* Signals */
SYSCALL(50, kill, 2, NEVER, (int pid, int signal))
SYSCALL(51, tgkill, 3, NEVER, (int pid, int tid, int signal))
SYSCALL(52, sigaction, 3, NEVER, (int signal, uaddr_t action, uaddr_t old))
SYSCALL(53, sigprocmask, 3, NEVER, (int how, uaddr_t set, uaddr_t old))
SYSCALL(54, sigpending, 1, NEVER, (uaddr_t set))
SYSCALL(55, sigsuspend, 1, EINTR_ALWAYS, (uaddr_t set))
SYSCALL(56, sigreturn, 0, NEVER, (void))
SYSCALL(57, sigaltstack, 2, NEVER, (uaddr_t stack, uaddr_t old))
SYSCALL(58, setitimer, 3, NEVER, (int which, uaddr_t value, uaddr_t old))
SYSCALL(59, getitimer, 2, NEVER, (int which, uaddr_t value))
SYSCALL(60, sigqueue, 4, NEVER, (int pid, int tid, int signal, uint32_t value))
SYSCALL(61, sigtimedwait, 3, EINTR_ALWAYS, (uaddr_t set, uaddr_t info, uaddr_t timeout))
SYSCALL(62, setcontext, 1, NEVER, (uaddr_t context))
SYSCALL(63, timer_create, 3, NEVER, (int clock, uaddr_t event, uaddr_t id))
SYSCALL(64, timer_settime, 4, NEVER, (int id, int flags, uaddr_t value, uaddr_t old))
SYSCALL(65, timer_gettime, 2, NEVER, (int id, uaddr_t value))
SYSCALL(66, timer_getoverrun, 1, NEVER, (int id))
SYSCALL(67, timer_delete, 1, NEVER, (int id))

/* Memory */
SYSCALL(70, brk, 1, NEVER, (uaddr_t end))
SYSCALL(71, mmap, 6, NEVER, (uaddr_t address, uint32_t length, int prot, int flags, int fd, uint32_t page_offset))
SYSCALL(72, munmap, 2, NEVER, (uaddr_t address, uint32_t length))
SYSCALL(73, mprotect, 3, NEVER, (uaddr_t address, uint32_t length, int prot))
SYSCALL(74, msync, 3, NEVER, (uaddr_t address, uint32_t length, int flags))
SYSCALL(75, mlock, 2, NEVER, (uaddr_t address, uint32_t length))
SYSCALL(76, munlock, 2, NEVER, (uaddr_t address, uint32_t length))
SYSCALL(77, mlockall, 1, NEVER, (int flags))
SYSCALL(78, munlockall, 0, NEVER, (void))
SYSCALL(79, madvise, 3, NEVER, (uaddr_t address, uint32_t length, int advice))
SYSCALL(69, mincore, 3, NEVER, (uaddr_t address, uint32_t length, uaddr_t resident))

/* Descriptors */
SYSCALL(80, openat, 4, RESTART, (int dirfd, uaddr_t path, int flags, uint32_t mode))
SYSCALL(81, close, 1, NEVER, (int fd))
SYSCALL(82, read, 3, RESTART, (int fd, uaddr_t buffer, uint32_t n))
SYSCALL(83, write, 3, RESTART, (int fd, uaddr_t buffer, uint32_t n))
SYSCALL(84, readv, 3, RESTART, (int fd, uaddr_t vector, int count))
SYSCALL(85, writev, 3, RESTART, (int fd, uaddr_t vector, int count))
SYSCALL(86, pread, 6, RESTART, (int fd, uaddr_t buffer, uint32_t n, abi_off_t offset))
SYSCALL(87, pwrite, 6, RESTART, (int fd, uaddr_t buffer, uint32_t n, abi_off_t offset))
/* The position is 64 bits wide: it is stored at `result`, and 0 is the answer. */
SYSCALL(88, lseek, 6, NEVER, (int fd, abi_off_t offset, int whence, uaddr_t result))
SYSCALL(89, dup, 1, NEVER, (int fd))
SYSCALL(90, dup3, 3, NEVER, (int fd, int to, int flags))
SYSCALL(91, fcntl, 3, RESTART, (int fd, int command, uint32_t argument))
SYSCALL(92, ioctl, 3, RESTART, (int fd, uint32_t request, uint32_t argument))
SYSCALL(93, pipe2, 2, NEVER, (uaddr_t ends, int flags))
SYSCALL(95, ftruncate, 4, NEVER, (int fd, abi_off_t size))
SYSCALL(96, fsync, 1, NEVER, (int fd))
SYSCALL(97, getdents, 3, NEVER, (int fd, uaddr_t buffer, uint32_t size))
/* A struct timespec or NULL is the timeout; a sigset_t or NULL the mask. */
SYSCALL(101, poll, 3, EINTR_ALWAYS, (uaddr_t set, uint32_t count, uaddr_t timeout))
SYSCALL(104, ppoll, 4, EINTR_ALWAYS, (uaddr_t set, uint32_t count, uaddr_t timeout, uaddr_t mask))
SYSCALL(102, flock, 2, RESTART, (int fd, int operation))
SYSCALL(103, fallocate, 6, NEVER, (int fd, int mode, abi_off_t offset, abi_off_t length))
SYSCALL(105, preadv, 6, RESTART, (int fd, uaddr_t vector, int count, abi_off_t offset))
SYSCALL(106, pwritev, 6, RESTART, (int fd, uaddr_t vector, int count, abi_off_t offset))

/* Names.  No path and AT_EMPTY_PATH: the open file `dirfd` (so the C library has fstat, fchmod ...). */
SYSCALL(110, fstatat, 4, NEVER, (int dirfd, uaddr_t path, uaddr_t stat, int flags))
SYSCALL(111, faccessat, 4, NEVER, (int dirfd, uaddr_t path, int mode, int flags))
SYSCALL(112, mkdirat, 3, NEVER, (int dirfd, uaddr_t path, uint32_t mode))
SYSCALL(113, mknodat, 4, NEVER, (int dirfd, uaddr_t path, uint32_t mode, uint32_t rdev))
SYSCALL(114, unlinkat, 3, NEVER, (int dirfd, uaddr_t path, int flags))
SYSCALL(115, renameat, 4, NEVER, (int from_fd, uaddr_t from, int to_fd, uaddr_t to))
SYSCALL(116, linkat, 5, NEVER, (int from_fd, uaddr_t from, int to_fd, uaddr_t to, int flags))
SYSCALL(117, symlinkat, 3, NEVER, (uaddr_t target, int dirfd, uaddr_t path))
SYSCALL(118, readlinkat, 4, NEVER, (int dirfd, uaddr_t path, uaddr_t buffer, uint32_t size))
SYSCALL(119, fchmodat, 4, NEVER, (int dirfd, uaddr_t path, uint32_t mode, int flags))
SYSCALL(120, fchownat, 5, NEVER, (int dirfd, uaddr_t path, uint32_t uid, uint32_t gid, int flags))
SYSCALL(121, utimensat, 4, NEVER, (int dirfd, uaddr_t path, uaddr_t times, int flags))
SYSCALL(122, truncate, 4, NEVER, (uaddr_t path, uint32_t unused, abi_off_t size))
SYSCALL(123, chdir, 3, NEVER, (int dirfd, uaddr_t path, int flags))
SYSCALL(124, getcwd, 2, NEVER, (uaddr_t buffer, uint32_t size))
SYSCALL(125, statvfs, 4, NEVER, (int dirfd, uaddr_t path, uaddr_t result, int flags))

/* Time */
SYSCALL(130, nanosleep, 4, EINTR_ALWAYS, (int clock, int flags, uaddr_t request, uaddr_t remainder))
SYSCALL(131, clock_gettime, 2, NEVER, (int clock, uaddr_t time))
SYSCALL(132, clock_settime, 2, NEVER, (int clock, uaddr_t time))

/* POSIX message queues */
SYSCALL(142, mq_send, 4, RESTART, (int fd, uaddr_t bytes, uint32_t length, uint32_t priority))
SYSCALL(143, mq_timedsend, 5, RESTART, (int fd, uaddr_t bytes, uint32_t length, uint32_t priority, uaddr_t until))
SYSCALL(144, mq_receive, 4, RESTART, (int fd, uaddr_t bytes, uint32_t size, uaddr_t priority))
SYSCALL(145, mq_timedreceive, 5, RESTART, (int fd, uaddr_t bytes, uint32_t size, uaddr_t priority, uaddr_t until))
SYSCALL(146, mq_notify, 4, NEVER, (int fd, int how, int signal, uint32_t value))
SYSCALL(147, mq_getsetattr, 3, NEVER, (int fd, uaddr_t new, uaddr_t old))
SYSCALL(148, mq_create, 3, NEVER, (int flags, uint32_t mode, uaddr_t attributes))

/* System V message queues */
SYSCALL(150, msgget, 2, NEVER, (int key, int flags))
SYSCALL(151, msgsnd, 4, EINTR_ALWAYS, (int id, uaddr_t message, uint32_t length, int flags))
SYSCALL(152, msgrcv, 5, EINTR_ALWAYS, (int id, uaddr_t message, uint32_t size, int type, int flags))
SYSCALL(153, msgctl, 3, NEVER, (int id, int command, uaddr_t buffer))

/* System V semaphores and shared memory */
SYSCALL(154, semget, 3, NEVER, (int key, int count, int flags))
/* A timeout NULL: semop. */
SYSCALL(155, semtimedop, 4, EINTR_ALWAYS, (int id, uaddr_t operations, uint32_t count, uaddr_t timeout))
SYSCALL(156, semctl, 4, NEVER, (int id, int number, int command, uint32_t argument))
SYSCALL(158, shmget, 3, NEVER, (int key, uint32_t size, int flags))
SYSCALL(159, shmat, 3, NEVER, (int id, uaddr_t address, int flags))
SYSCALL(160, shmdt, 1, NEVER, (uaddr_t address))
SYSCALL(161, shmctl, 3, NEVER, (int id, int command, uaddr_t buffer))

/* Sockets */
SYSCALL(162, socket, 3, NEVER, (int domain, int type, int protocol))
SYSCALL(163, socketpair, 4, NEVER, (int domain, int type, int protocol, uaddr_t pair))
SYSCALL(164, bind, 3, NEVER, (int fd, uaddr_t address, uint32_t length))
SYSCALL(165, listen, 2, NEVER, (int fd, int backlog))
SYSCALL(166, accept4, 4, RESTART, (int fd, uaddr_t address, uaddr_t length, int flags))
SYSCALL(167, connect, 3, RESTART, (int fd, uaddr_t address, uint32_t length))
SYSCALL(168, getsockname, 3, NEVER, (int fd, uaddr_t address, uaddr_t length))
SYSCALL(169, getpeername, 3, NEVER, (int fd, uaddr_t address, uaddr_t length))
SYSCALL(170, shutdown, 2, NEVER, (int fd, int how))
SYSCALL(171, sendto, 6, RESTART, (int fd, uaddr_t buffer, uint32_t n, int flags, uaddr_t address, uint32_t length))
SYSCALL(172, recvfrom, 6, RESTART, (int fd, uaddr_t buffer, uint32_t n, int flags, uaddr_t address, uaddr_t length))
SYSCALL(173, sendmsg, 3, RESTART, (int fd, uaddr_t message, int flags))
SYSCALL(174, recvmsg, 3, RESTART, (int fd, uaddr_t message, int flags))
SYSCALL(175, setsockopt, 5, NEVER, (int fd, int level, int option, uaddr_t value, uint32_t length))
SYSCALL(176, getsockopt, 5, NEVER, (int fd, int level, int option, uaddr_t value, uaddr_t length))
