/*
 * signal.h - signal numbers, actions, siginfo and the frame on the user's stack; all as Linux has them on ARM.
 */
#pragma once

#include <abi/types.h>

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGSTKFLT 16
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPOLL 29
#define SIGPWR 30
#define SIGSYS 31
#define SIGRTMIN 34
#define SIGRTMAX 64
#define ABI_NSIG 65

#define ABI_SIG_DFL 0u
#define ABI_SIG_IGN 1u
#define ABI_SIG_ERR (~0u)

#define SA_NOCLDSTOP 1u
#define SA_NOCLDWAIT 2u
#define SA_SIGINFO 4u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK 0x08000000u
#define SA_RESTART 0x10000000u
#define SA_NODEFER 0x40000000u
#define SA_RESETHAND 0x80000000u

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SS_ONSTACK 1
#define SS_DISABLE 2
#define MINSIGSTKSZ 2048
#define SIGSTKSZ 8192

/* si_code */
#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE (-1)
#define SI_TIMER (-2)
#define SI_MESGQ (-3)
#define SI_ASYNCIO (-4)
#define SI_TKILL (-6)
#define ILL_ILLOPC 1
#define ILL_ILLOPN 2
#define ILL_ILLADR 3
#define ILL_ILLTRP 4
#define ILL_PRVOPC 5
#define ILL_PRVREG 6
#define ILL_COPROC 7
#define ILL_BADSTK 8
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define FPE_FLTSUB 8
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define BUS_OBJERR 3
#define TRAP_BRKPT 1
#define TRAP_TRACE 2
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_TRAPPED 4
#define CLD_STOPPED 5
#define CLD_CONTINUED 6
#define POLL_IN 1
#define POLL_OUT 2
#define POLL_MSG 3
#define POLL_ERR 4
#define POLL_PRI 5
#define POLL_HUP 6

/* sigev_notify */
#define SIGEV_SIGNAL 0
#define SIGEV_NONE 1
#define SIGEV_THREAD 2

/* struct sigevent. */
struct abi_sigevent {
    uint32_t sigev_value;
    int32_t sigev_signo;
    int32_t sigev_notify;
    uint32_t sigev_notify_function, sigev_notify_attributes;
    uint32_t pad[11];
};

/* What sigaction(2) passes; <signal.h> gives it as struct sigaction.  The C library always sets SA_RESTORER. */
struct abi_sigaction {
    uint32_t sa_handler; /* ABI_SIG_DFL, ABI_SIG_IGN or an address */
    uint32_t sa_flags;
    uint32_t sa_restorer; /* calls sigreturn */
    uint32_t pad;
    abi_sigset_t sa_mask;
};

/* 128 bytes. */
struct abi_siginfo {
    int32_t si_signo;
    int32_t si_errno;
    int32_t si_code;
    union {
        int32_t pad[29];
        struct {
            int32_t si_pid;
            uint32_t si_uid;
            union {
                uint32_t si_value; /* sigqueue, message queues */
                int32_t si_status; /* SIGCHLD */
            };
            int32_t si_utime, si_stime;
        };
        struct {
            int32_t si_timerid, si_overrun;
            uint32_t si_timer_value; /* si_value lies here too */
        };
        struct {
            uint32_t si_addr; /* SIGSEGV, SIGBUS, SIGILL, SIGFPE */
        };
        struct {
            int32_t si_band, si_fd;
        };
    };
};

struct abi_stack {
    uint32_t ss_sp;
    int32_t ss_flags;
    uint32_t ss_size;
};

/* struct sigcontext of Linux on ARM. */
struct abi_mcontext {
    uint32_t trap_no, error_code, oldmask;
    uint32_t arm_r[13]; /* r0 ... r10, fp, ip */
    uint32_t arm_sp, arm_lr, arm_pc, arm_cpsr;
    uint32_t fault_address;
};

/* Found in uc_regspace, when the unit was live: */
#define ABI_VFP_MAGIC 0x56465001u
struct abi_vfp_frame {
    uint32_t magic, size;
    uint64_t d[32];
    uint32_t fpscr, fpexc, fpinst, fpinst2;
    uint32_t pad[2];
};

struct abi_ucontext {
    uint32_t uc_flags;
    uint32_t uc_link;
    struct abi_stack uc_stack;
    struct abi_mcontext uc_mcontext;
    abi_sigset_t uc_sigmask;
    uint32_t unused[30]; /* Linux keeps 128 bytes for the mask and this */
    uint64_t uc_regspace[64];
};

/* Pushed on the user's stack; r0 = signal, r1 = &info, r2 = &context. */
struct abi_signal_frame {
    struct abi_siginfo info;
    struct abi_ucontext context;
};
