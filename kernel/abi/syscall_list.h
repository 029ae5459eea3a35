/*
 * syscall_list.h - every system call, once.
 *
 *      SYSCALL(number, name, arguments, how an interrupting signal ends it)
 *
 * r7 is the number, r0 to r5 the argument words, r0 the result: >= 0, or -errno.  All other registers are kept.
 * Arguments are laid out as the procedure call standard lays out the C prototype, with what it puts on the stack in
 * r4 and r5; so both sides are plain C functions (a 64-bit argument takes an even pair of registers).  `arguments`
 * counts words, padding included.
 *
 * RESTART: begun again after a handler with SA_RESTART, else EINTR.  EINTR_ALWAYS: EINTR whatever SA_RESTART says.
 * NEVER: never EINTR.  Most of these do not wait; the one that lets signals come first, fork in all its forms, is begun
 * again after any handler.  The prototypes stand in sys/syscalls.h.
 */

/* Processes */
SYSCALL(1, exit_group, 1, NEVER)
SYSCALL(2, fork, 0, NEVER)
SYSCALL(3, vfork, 0, NEVER)
SYSCALL(4, execve, 3, NEVER)
SYSCALL(5, wait4, 4, RESTART)
SYSCALL(6, waitid, 5, RESTART)
SYSCALL(7, getpid, 0, NEVER)
SYSCALL(8, getppid, 0, NEVER)
SYSCALL(9, getpgid, 1, NEVER)
SYSCALL(10, setpgid, 2, NEVER)
SYSCALL(11, getsid, 1, NEVER)
SYSCALL(12, setsid, 0, NEVER)
SYSCALL(13, getresuid, 3, NEVER)
SYSCALL(14, getresgid, 3, NEVER)
SYSCALL(15, setresuid, 3, NEVER)
SYSCALL(16, setresgid, 3, NEVER)
SYSCALL(17, getgroups, 2, NEVER)
SYSCALL(18, setgroups, 2, NEVER)
SYSCALL(19, umask, 1, NEVER)
SYSCALL(20, prlimit, 4, NEVER)
SYSCALL(21, getrusage, 2, NEVER)
SYSCALL(22, uname, 1, NEVER)
SYSCALL(23, reboot, 2, NEVER)
SYSCALL(24, spawn, 6, NEVER) /* path, argv, envp, struct abi_spawn_attributes * or NULL, actions, how many */

/* Threads and scheduling */
SYSCALL(30, thread_create, 4, NEVER)
SYSCALL(31, thread_exit, 1, NEVER)
SYSCALL(32, gettid, 0, NEVER)
SYSCALL(33, set_tls, 1, NEVER)
SYSCALL(34, futex, 6, RESTART)
SYSCALL(35, sched_yield, 0, NEVER)
SYSCALL(36, sched_setscheduler, 3, NEVER)
SYSCALL(37, sched_getscheduler, 1, NEVER)
SYSCALL(38, sched_getparam, 2, NEVER)
SYSCALL(39, getpriority, 2, NEVER)
SYSCALL(40, setpriority, 3, NEVER)
SYSCALL(41, sched_setaffinity, 3, NEVER)
SYSCALL(42, sched_getaffinity, 3, NEVER)
SYSCALL(43, set_robust_list, 2, NEVER) /* struct abi_robust_list *, its size */
SYSCALL(44, get_robust_list, 3, NEVER) /* tid or 0, where to store the address, where to store the size */

/* Signals */
SYSCALL(50, kill, 2, NEVER)
SYSCALL(51, tgkill, 3, NEVER)
SYSCALL(52, sigaction, 3, NEVER)
SYSCALL(53, sigprocmask, 3, NEVER)
SYSCALL(54, sigpending, 1, NEVER)
SYSCALL(55, sigsuspend, 1, EINTR_ALWAYS)
SYSCALL(56, sigreturn, 0, NEVER)
SYSCALL(57, sigaltstack, 2, NEVER)
SYSCALL(58, setitimer, 3, NEVER)
SYSCALL(59, getitimer, 2, NEVER)
SYSCALL(60, sigqueue, 3, NEVER)
SYSCALL(61, sigtimedwait, 3, EINTR_ALWAYS) /* set, siginfo or NULL, const struct timespec * or NULL */
SYSCALL(62, setcontext, 1, NEVER)
SYSCALL(63, timer_create, 3, NEVER)
SYSCALL(64, timer_settime, 4, NEVER)
SYSCALL(65, timer_gettime, 2, NEVER)
SYSCALL(66, timer_getoverrun, 1, NEVER)
SYSCALL(67, timer_delete, 1, NEVER)

/* Memory */
SYSCALL(70, brk, 1, NEVER)
SYSCALL(71, mmap, 6, NEVER) /* the last argument is the offset in pages */
SYSCALL(72, munmap, 2, NEVER)
SYSCALL(73, mprotect, 3, NEVER)
SYSCALL(74, msync, 3, NEVER)
SYSCALL(75, mlock, 2, NEVER)
SYSCALL(76, munlock, 2, NEVER)
SYSCALL(77, mlockall, 1, NEVER)
SYSCALL(78, munlockall, 0, NEVER)
SYSCALL(79, madvise, 3, NEVER)
SYSCALL(69, mincore, 3, NEVER)

/* Descriptors */
SYSCALL(80, openat, 4, RESTART)
SYSCALL(81, close, 1, NEVER)
SYSCALL(82, read, 3, RESTART)
SYSCALL(83, write, 3, RESTART)
SYSCALL(84, readv, 3, RESTART)
SYSCALL(85, writev, 3, RESTART)
SYSCALL(86, pread, 6, RESTART)
SYSCALL(87, pwrite, 6, RESTART)
SYSCALL(88, lseek, 6, NEVER) /* (fd, 64-bit offset, whence, where to store the 64-bit result) */
SYSCALL(89, dup, 1, NEVER)
SYSCALL(90, dup3, 3, NEVER)
SYSCALL(91, fcntl, 3, RESTART)
SYSCALL(92, ioctl, 3, RESTART)
SYSCALL(93, pipe2, 2, NEVER)
SYSCALL(95, ftruncate, 4, NEVER)
SYSCALL(96, fsync, 1, NEVER)
SYSCALL(97, getdents, 3, NEVER)
SYSCALL(101, poll, 3, EINTR_ALWAYS) /* descriptors, count, const struct timespec * or NULL */
SYSCALL(102, flock, 2, RESTART)
SYSCALL(103, fallocate, 6, NEVER)
SYSCALL(104, ppoll, 4, EINTR_ALWAYS) /* as poll, and const sigset_t * or NULL */

/* Names */
SYSCALL(110, fstatat, 4, NEVER)
SYSCALL(111, faccessat, 4, NEVER)
SYSCALL(112, mkdirat, 3, NEVER)
SYSCALL(113, mknodat, 4, NEVER)
SYSCALL(114, unlinkat, 3, NEVER)
SYSCALL(115, renameat, 4, NEVER)
SYSCALL(116, linkat, 5, NEVER)
SYSCALL(117, symlinkat, 3, NEVER)
SYSCALL(118, readlinkat, 4, NEVER)
SYSCALL(119, fchmodat, 4, NEVER)
SYSCALL(120, fchownat, 5, NEVER)
SYSCALL(121, utimensat, 4, NEVER)
SYSCALL(122, truncate, 4, NEVER)
SYSCALL(123, chdir, 3, NEVER)
SYSCALL(124, getcwd, 2, NEVER)
SYSCALL(125, statvfs, 4, NEVER)

/* Time */
SYSCALL(130, nanosleep, 4, EINTR_ALWAYS) /* clock, flags, request, remainder: as clock_nanosleep */
SYSCALL(131, clock_gettime, 2, NEVER)
SYSCALL(132, clock_settime, 2, NEVER)

/* POSIX message queues */
SYSCALL(142, mq_send, 4, RESTART)
SYSCALL(143, mq_timedsend, 5, RESTART)
SYSCALL(144, mq_receive, 4, RESTART)
SYSCALL(145, mq_timedreceive, 5, RESTART)
SYSCALL(146, mq_notify, 4, NEVER)
SYSCALL(147, mq_getsetattr, 3, NEVER)
SYSCALL(148, mq_create, 3, NEVER)

/* System V message queues */
SYSCALL(150, msgget, 2, NEVER)
SYSCALL(151, msgsnd, 4, EINTR_ALWAYS)
SYSCALL(152, msgrcv, 5, EINTR_ALWAYS)
SYSCALL(153, msgctl, 3, NEVER)

/* System V semaphores and shared memory */
SYSCALL(154, semget, 3, NEVER)
SYSCALL(155, semtimedop, 4, EINTR_ALWAYS) /* semop: timeout NULL */
SYSCALL(156, semctl, 4, NEVER)
SYSCALL(158, shmget, 3, NEVER)
SYSCALL(159, shmat, 3, NEVER)
SYSCALL(160, shmdt, 1, NEVER)
SYSCALL(161, shmctl, 3, NEVER)
