/*
 * abi_check.c - proves at compile time that our headers and the kernel's mean the same: sizes and places of fields.
 */
#include "libc.h"
#include <abi/mqueue.h>
#include <abi/msg.h>
#include <abi/stat.h>
#include <abi/termios.h>
#include <abi/types.h>
#include <abi/utsname.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define SAME_SIZE(ours, kernels) _Static_assert(sizeof(ours) == sizeof(kernels), #ours)
#define SAME_FIELD(ours, kernels, field)                                            \
    _Static_assert(offsetof(ours, field) == offsetof(kernels, field) &&             \
                       sizeof(((ours *)0)->field) == sizeof(((kernels *)0)->field), \
                   #ours "." #field)
#define IS(ours, value) _Static_assert((ours) == (value), #ours)

SAME_SIZE(off_t, abi_off_t);
SAME_SIZE(time_t, abi_time_t);
SAME_SIZE(ino_t, abi_ino_t);
SAME_SIZE(dev_t, abi_dev_t);
SAME_SIZE(sigset_t, abi_sigset_t);
IS(sizeof(mode_t), 4);
IS(sizeof(uid_t), 4);
IS(sizeof(nlink_t), 4);

SAME_SIZE(struct timespec, struct abi_timespec);
SAME_FIELD(struct timespec, struct abi_timespec, tv_nsec);
SAME_SIZE(struct timeval, struct abi_timeval);
SAME_FIELD(struct timeval, struct abi_timeval, tv_usec);
SAME_SIZE(struct itimerval, struct abi_itimerval);
SAME_FIELD(struct itimerval, struct abi_itimerval, it_value);
SAME_SIZE(struct iovec, struct abi_iovec);
SAME_FIELD(struct iovec, struct abi_iovec, iov_len);

SAME_SIZE(struct flock, struct abi_flock);
SAME_FIELD(struct flock, struct abi_flock, l_type);
SAME_FIELD(struct flock, struct abi_flock, l_whence);
SAME_FIELD(struct flock, struct abi_flock, l_pid);
SAME_FIELD(struct flock, struct abi_flock, l_start);
SAME_FIELD(struct flock, struct abi_flock, l_len);

SAME_SIZE(struct stat, struct abi_stat);
SAME_FIELD(struct stat, struct abi_stat, st_ino);
SAME_FIELD(struct stat, struct abi_stat, st_dev);
SAME_FIELD(struct stat, struct abi_stat, st_mode);
SAME_FIELD(struct stat, struct abi_stat, st_nlink);
SAME_FIELD(struct stat, struct abi_stat, st_uid);
SAME_FIELD(struct stat, struct abi_stat, st_gid);
SAME_FIELD(struct stat, struct abi_stat, st_rdev);
SAME_FIELD(struct stat, struct abi_stat, st_size);
SAME_FIELD(struct stat, struct abi_stat, st_atim);
SAME_FIELD(struct stat, struct abi_stat, st_mtim);
SAME_FIELD(struct stat, struct abi_stat, st_ctim);
SAME_FIELD(struct stat, struct abi_stat, st_blocks);
SAME_FIELD(struct stat, struct abi_stat, st_blksize);
IS(S_IFMT, ABI_S_IFMT);
IS(S_IFSOCK, ABI_S_IFSOCK);
IS(S_IFLNK, ABI_S_IFLNK);
IS(S_IFREG, ABI_S_IFREG);
IS(S_IFBLK, ABI_S_IFBLK);
IS(S_IFDIR, ABI_S_IFDIR);
IS(S_IFCHR, ABI_S_IFCHR);
IS(S_IFIFO, ABI_S_IFIFO);
IS(DT_SOCK, ABI_S_IFSOCK >> 12);

SAME_FIELD(struct dirent, struct abi_dirent, d_ino);
SAME_FIELD(struct dirent, struct abi_dirent, d_off);
SAME_FIELD(struct dirent, struct abi_dirent, d_reclen);
SAME_FIELD(struct dirent, struct abi_dirent, d_type);
IS(offsetof(struct dirent, d_name), offsetof(struct abi_dirent, d_name));
SAME_SIZE(struct statvfs, struct abi_statvfs);
SAME_FIELD(struct statvfs, struct abi_statvfs, f_frsize);
SAME_FIELD(struct statvfs, struct abi_statvfs, f_blocks);
SAME_FIELD(struct statvfs, struct abi_statvfs, f_favail);
SAME_FIELD(struct statvfs, struct abi_statvfs, f_flag);
SAME_FIELD(struct statvfs, struct abi_statvfs, f_namemax);

SAME_SIZE(struct sigaction, struct abi_sigaction);
SAME_FIELD(struct sigaction, struct abi_sigaction, sa_handler);
SAME_FIELD(struct sigaction, struct abi_sigaction, sa_flags);
SAME_FIELD(struct sigaction, struct abi_sigaction, sa_restorer);
SAME_FIELD(struct sigaction, struct abi_sigaction, sa_mask);
SAME_SIZE(siginfo_t, struct abi_siginfo);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_code);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_pid);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_uid);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_value);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_status);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_utime);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_stime);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_timerid);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_overrun);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_addr);
SAME_FIELD(siginfo_t, struct abi_siginfo, si_fd);
IS(offsetof(siginfo_t, si_value), offsetof(struct abi_siginfo, si_timer_value));
SAME_SIZE(stack_t, struct abi_stack);
SAME_FIELD(stack_t, struct abi_stack, ss_flags);
SAME_FIELD(stack_t, struct abi_stack, ss_size);
SAME_SIZE(mcontext_t, struct abi_mcontext);
IS(offsetof(mcontext_t, arm_r0), offsetof(struct abi_mcontext, arm_r));
SAME_FIELD(mcontext_t, struct abi_mcontext, arm_sp);
SAME_FIELD(mcontext_t, struct abi_mcontext, arm_pc);
SAME_FIELD(mcontext_t, struct abi_mcontext, arm_cpsr);
SAME_FIELD(mcontext_t, struct abi_mcontext, fault_address);
SAME_SIZE(ucontext_t, struct abi_ucontext);
SAME_FIELD(ucontext_t, struct abi_ucontext, uc_link);
SAME_FIELD(ucontext_t, struct abi_ucontext, uc_stack);
SAME_FIELD(ucontext_t, struct abi_ucontext, uc_mcontext);
SAME_FIELD(ucontext_t, struct abi_ucontext, uc_sigmask);
SAME_FIELD(ucontext_t, struct abi_ucontext, uc_regspace);

SAME_SIZE(struct termios, struct abi_termios);
SAME_FIELD(struct termios, struct abi_termios, c_lflag);
SAME_FIELD(struct termios, struct abi_termios, c_line);
SAME_FIELD(struct termios, struct abi_termios, c_cc);
SAME_FIELD(struct termios, struct abi_termios, c_ospeed);
SAME_SIZE(struct winsize, struct abi_winsize);
SAME_FIELD(struct winsize, struct abi_winsize, ws_col);
SAME_SIZE(struct utsname, struct abi_utsname);
SAME_FIELD(struct utsname, struct abi_utsname, machine);
SAME_SIZE(struct rlimit, struct abi_rlimit);
SAME_SIZE(struct rusage, struct abi_rusage);
SAME_FIELD(struct rusage, struct abi_rusage, ru_stime);
SAME_FIELD(struct rusage, struct abi_rusage, ru_maxrss);
SAME_FIELD(struct rusage, struct abi_rusage, ru_nivcsw);

/* Sizes that programs have compiled in. */
IS(sizeof(jmp_buf), 128);
IS(sizeof(sigjmp_buf), 128);
IS(sizeof(pthread_mutex_t), 32);
IS(sizeof(pthread_cond_t), 48);
IS(sizeof(pthread_rwlock_t), 48);
IS(sizeof(pthread_barrier_t), 32);
IS(sizeof(pthread_attr_t), 64);
IS(sizeof(struct __sem), 32);
SAME_SIZE(struct sigevent, struct abi_sigevent);
SAME_FIELD(struct sigevent, struct abi_sigevent, sigev_value);
SAME_FIELD(struct sigevent, struct abi_sigevent, sigev_signo);
SAME_FIELD(struct sigevent, struct abi_sigevent, sigev_notify);
SAME_SIZE(struct itimerspec, struct abi_itimerspec);
IS(sizeof(fd_set), FD_SETSIZE / 8);

/* The numbers of errors come from newlib; abi/errno.h repeats them, and tests/host compares all. */
IS(ENOSYS, 88);
IS(EOWNERDEAD, 142);

SAME_SIZE(struct mq_attr, struct abi_mq_attr);
SAME_FIELD(struct mq_attr, struct abi_mq_attr, mq_curmsgs);
IS(MQ_PRIO_MAX, ABI_MQ_PRIO_MAX);
SAME_SIZE(struct ipc_perm, struct abi_ipc_perm);
SAME_FIELD(struct ipc_perm, struct abi_ipc_perm, mode);
SAME_SIZE(struct msqid_ds, struct abi_msqid_ds);
SAME_FIELD(struct msqid_ds, struct abi_msqid_ds, msg_stime);
SAME_FIELD(struct msqid_ds, struct abi_msqid_ds, msg_qbytes);
SAME_FIELD(struct msqid_ds, struct abi_msqid_ds, msg_lrpid);
SAME_SIZE(struct sembuf, struct abi_sembuf);
SAME_FIELD(struct sembuf, struct abi_sembuf, sem_flg);
SAME_SIZE(struct semid_ds, struct abi_semid_ds);
SAME_FIELD(struct semid_ds, struct abi_semid_ds, sem_otime);
SAME_FIELD(struct semid_ds, struct abi_semid_ds, sem_nsems);
SAME_SIZE(struct shmid_ds, struct abi_shmid_ds);
SAME_FIELD(struct shmid_ds, struct abi_shmid_ds, shm_segsz);
SAME_FIELD(struct shmid_ds, struct abi_shmid_ds, shm_ctime);
SAME_FIELD(struct shmid_ds, struct abi_shmid_ds, shm_lpid);
SAME_FIELD(struct shmid_ds, struct abi_shmid_ds, shm_nattch);
