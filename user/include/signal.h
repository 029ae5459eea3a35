/*
 * signal.h - signals: numbers, sets, actions, and what a handler is told.
 *
 * Numbers, flags and layouts are Linux's on ARM; the numbers come from the kernel's own abi/signal.h, and user/lib
 * proves that the structures here have the kernel's layout.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/_types.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include <sys/_pthreadtypes.h>
#include <abi/signal.h>

typedef int sig_atomic_t;
typedef void (*_sig_func_ptr)(int);

#define SIG_DFL ((_sig_func_ptr)0)
#define SIG_IGN ((_sig_func_ptr)1)
#define SIG_ERR ((_sig_func_ptr)-1)
#if __XSI_VISIBLE || __MISC_VISIBLE
#define SIG_HOLD ((_sig_func_ptr)2)
#endif

#define NSIG ABI_NSIG
#define _NSIG ABI_NSIG
#define SIGIOT SIGABRT
#define SIGCLD SIGCHLD

#if __POSIX_VISIBLE

#ifndef _PID_T_DECLARED
typedef __pid_t pid_t;
#define _PID_T_DECLARED
#endif
#ifndef _UID_T_DECLARED
typedef __uid_t uid_t;
#define _UID_T_DECLARED
#endif
#ifndef _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#define _SIGSET_T_DECLARED
#endif

union sigval {
    int sival_int;
    void *sival_ptr;
};

struct sigevent {
    union sigval sigev_value;
    int sigev_signo;
    int sigev_notify;
    void (*sigev_notify_function)(union sigval);
    pthread_attr_t *sigev_notify_attributes;
    int sigev_notify_thread_id;
    int __reserved[10];
};

typedef struct {
    int si_signo;
    int si_errno;
    int si_code;
    __extension__ union {
        int __pad[29];
        __extension__ struct {
            pid_t si_pid;
            uid_t si_uid;
            __extension__ union {
                union sigval si_value;
                int si_status;
            };
            long si_utime, si_stime;
        };
        __extension__ struct {
            int si_timerid, si_overrun;
        };
        void *si_addr;
        __extension__ struct {
            int si_band, si_fd;
        };
    };
} siginfo_t;

struct sigaction {
    __extension__ union {
        void (*sa_handler)(int);
        void (*sa_sigaction)(int, siginfo_t *, void *);
    };
    int sa_flags;
    void (*sa_restorer)(void); /* the C library's own */
    unsigned int __pad;
    sigset_t sa_mask;
};

#define SA_NOMASK SA_NODEFER
#define SA_ONESHOT SA_RESETHAND

typedef struct {
    void *ss_sp;
    int ss_flags;
    size_t ss_size;
} stack_t;

typedef struct sigcontext {
    unsigned long trap_no, error_code, oldmask;
    unsigned long arm_r0, arm_r1, arm_r2, arm_r3, arm_r4, arm_r5, arm_r6, arm_r7, arm_r8, arm_r9, arm_r10;
    unsigned long arm_fp, arm_ip, arm_sp, arm_lr, arm_pc, arm_cpsr;
    unsigned long fault_address;
} mcontext_t;

typedef struct __ucontext {
    unsigned long uc_flags;
    struct __ucontext *uc_link;
    stack_t uc_stack;
    mcontext_t uc_mcontext;
    sigset_t uc_sigmask;
    int __reserved[30];
    unsigned long long uc_regspace[64];
} ucontext_t;

#endif

__BEGIN_DECLS
_sig_func_ptr signal(int __signal, _sig_func_ptr __handler);
int raise(int __signal);

#if __POSIX_VISIBLE
int kill(pid_t __pid, int __signal);
int killpg(pid_t __group, int __signal);
int sigaction(int __signal, const struct sigaction *__restrict __action, struct sigaction *__restrict __old);
int sigaddset(sigset_t *__set, int __signal);
int sigdelset(sigset_t *__set, int __signal);
int sigemptyset(sigset_t *__set);
int sigfillset(sigset_t *__set);
int sigismember(const sigset_t *__set, int __signal);
int pthread_kill(pthread_t __id, int __signal);
int pthread_sigmask(int __how, const sigset_t *__restrict __set, sigset_t *__restrict __old);
int sigpending(sigset_t *__set);
int sigprocmask(int __how, const sigset_t *__restrict __set, sigset_t *__restrict __old);
int sigsuspend(const sigset_t *__mask);
int sigqueue(pid_t __pid, int __signal, union sigval __value);
int sigtimedwait(const sigset_t *__restrict __set, siginfo_t *__restrict __info,
                 const struct timespec *__restrict __timeout);
int sigwait(const sigset_t *__restrict __set, int *__restrict __signal);
int sigwaitinfo(const sigset_t *__restrict __set, siginfo_t *__restrict __info);
int sigaltstack(const stack_t *__restrict __stack, stack_t *__restrict __old);
int siginterrupt(int __signal, int __flag);
void psignal(int __signal, const char *__text);
void psiginfo(const siginfo_t *__info, const char *__text);
#endif

#if __XSI_VISIBLE || __MISC_VISIBLE
int sighold(int __signal);
int sigignore(int __signal);
int sigpause(int __signal);
int sigrelse(int __signal);
_sig_func_ptr sigset(int __signal, _sig_func_ptr __handler);
#endif

#if __GNU_VISIBLE
int pthread_sigqueue(pthread_t __id, int __signal, const union sigval __value);
int tgkill(pid_t __pid, pid_t __tid, int __signal);
int sigandset(sigset_t *__set, const sigset_t *__a, const sigset_t *__b);
int sigorset(sigset_t *__set, const sigset_t *__a, const sigset_t *__b);
int sigisemptyset(const sigset_t *__set);
#endif

#if __MISC_VISIBLE
typedef _sig_func_ptr sighandler_t;
typedef _sig_func_ptr sig_t;
extern const char *const sys_siglist[];
#define sigmask(__signal) (1u << ((__signal)-1))
#endif
__END_DECLS
