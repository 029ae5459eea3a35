/*
 * thread.h - a thread: what is scheduled.
 *
 * Fields are guarded as their letter says:
 *      c  constant after creation          t  the running thread itself
 *      q  its CPU's run queue lock         s  the process's signal lock
 *      p  the processes' lock              a  atomic
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <abi/types.h>
#include <arch/offsets.h>
#include <arch/trap_frame.h>
#include <arch/vfp.h>
#include <core/pending.h>
#include <core/sched.h>
#include <core/wait.h>

/* thread->work: what the thread has to do before it goes back to user mode. Only the owner CPU's code, the signal code
 * and the scheduler set bits, atomically. */
#define WORK_RESCHEDULE 1u
#define WORK_SIGNAL 2u /* look for a signal, a stop, an end */

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_BLOCKED, THREAD_DEAD };
/* WAIT_CLAIMED: decided, the answer is being stored. Above WAIT_ARMED stand the wait's WAIT_ flags, so that one look
 * sees both: who finds a wait interruptible ends that wait, and not the mutex's that comes next. */
enum wait_state { WAIT_NONE, WAIT_ARMED, WAIT_CLAIMED, WAIT_DECIDED };
#define WAIT_STATE_MASK 0xffu
#define WAIT_FLAGS_SHIFT 8

struct process;
struct mmu_context;
struct mutex_wait;
struct rights;

struct thread {
    /* What assembly touches; arch/offsets.h names the offsets. */
    uint32_t work;                 /* a  WORK_... */
    uint32_t kernel_sp;            /* t  while it does not run: its saved stack pointer */
    uint32_t tls;                  /* t  TPIDRURO; changed through thread_set_tls() */
    uint32_t tls_write;            /* t  TPIDRURW, saved at a switch */
    struct vfp_state *vfp;         /* c  saved VFP registers; NULL for kernel threads */
    struct vfp_state *vfp_scratch; /* t  set by copy.S while it borrowed a unit that was off */
    const void *const *calls;      /* its system calls by number: syscall_table, or traced_calls (fs/trace.h) */

    struct cpu *cpu;         /* q  where it runs or last ran */
    struct process *process; /* c  NULL: a kernel thread */
    struct mmu_context *mmu; /* t  of process->space; NULL: the empty table */
    int tid;                 /* c */
    enum thread_state state; /* q */

    /* Waiting (wait.c) */
    uint32_t wait_state;     /* a  enum wait_state and flags */
    long wait_answer;        /* whoever decided the wait */
    const char *wait_reason; /* t  NULL: does not wait */

    /* Mutexes, and futexes that are like them (mutex.c); m: mutexes_lock */
    struct list held;             /* m  of those that it holds: where others wait */
    struct mutex_wait *waits_for; /* m */
    int ceiling;                  /* t  priority that it has at least, for locks in user space; 0: none */
    bool left_user;               /* m  for good: it holds no futex any more */
    uint32_t robust_list;         /* t  set_robust_list(): a user address */

    /* Scheduling (sched.c) */
    struct list run_link;              /* q */
    int policy;                        /* q  SCHED_... */
    int priority;                      /* q  1 ... 32 real-time, 0 time-sharing; what it inherits included */
    int own_priority;                  /* q  without that: 1 ... 32 for the real-time policies, else 0 */
    int nice;                          /* q */
    uint32_t weight;                   /* q  1024 at nice 0 */
    uint32_t inverse_weight;           /* q  2^20 / weight */
    uint64_t virtual_time;             /* q  run time / weight, in ticks */
    uint64_t run_start;                /* q  counter at the last switch to it */
    uint64_t run_ticks;                /* q  CPU time up to run_start */
    uint64_t slice_left;               /* q  SCHED_RR */
    uint32_t affinity;                 /* q  bit n: may run on CPU n */
    uint32_t ready_list;               /* q  of its run queue, where it stands or stood last */
    uint32_t voluntary, involuntary;   /* q  switches */
    uint32_t faults;                   /* t  that were mended */
    uint64_t user_ticks, system_ticks; /* t  of run_ticks, as interrupts found it */
    uint64_t watch_until;              /* s  CPU time at which to look at timers on it (cpu_time.c); 0: never */

    /* Signals (ipc/signal.c) */
    abi_sigset_t blocked;                    /* s  (but see signal_set_blocked()) */
    abi_sigset_t saved_blocked;              /* t  what sigsuspend() puts back */
    abi_sigset_t awaited;                    /* s  what sigwait() has unblocked */
    uint32_t restore_blocked;                /* t  saved_blocked is to be put back */
    struct pending_signals pending;          /* s  directed at this thread */
    uint32_t alternate_base, alternate_size; /* t  sigaltstack; size 0: none */

    /* The process's list, and the end (proc) */
    struct list process_link; /* s */
    struct rights **dropping; /* t  ipc/socket_rights.c: descriptors that it is about to close */
    uint32_t stack_slot;      /* c  kernel_stack_map() */
    uint8_t *stack;           /* c  lowest byte of the kernel stack */
    char name[16];
};

/* The frame of the entry from user mode. */
static inline struct trap_frame *thread_trap_frame(const struct thread *t)
{
    return (struct trap_frame *)(t->stack + KERNEL_STACK_SIZE) - 1;
}

static inline bool wait_is_armed(uint32_t wait_state)
{
    return (wait_state & WAIT_STATE_MASK) == WAIT_ARMED;
}

static inline void thread_set_work(struct thread *t, uint32_t bits)
{
    __atomic_fetch_or(&t->work, bits, __ATOMIC_RELEASE);
}

static inline void thread_clear_work(struct thread *t, uint32_t bits)
{
    __atomic_fetch_and(&t->work, ~bits, __ATOMIC_ACQUIRE);
}

/* Set up what the core needs of a zeroed thread: scheduling defaults, lists; stack and its first return.
 * It starts at entry(argument) in the kernel with interrupts on, on its kernel stack `stack` of KERNEL_STACK_SIZE. */
void thread_init(struct thread *t, uint8_t *stack, void (*entry)(void *), void *argument);

/* As above, but its first act is to return to user mode with the trap frame that the caller has stored at
 * thread_trap_frame(t). */
void thread_init_user(struct thread *t, uint8_t *stack);

/* Of the running thread. */
void thread_set_tls(uint32_t tls);
/* Write the running thread's VFP registers to its vfp state (fork, signal frames); the unit stays as it is. */
void vfp_sync(void);
/* Forget them: exec. The unit is off afterwards; the next use starts from zero. */
void vfp_reset(void);
/* Turn the unit on, with the running thread's registers (signal frames).  Where the thread is preempted after that, the
 * next instruction for the unit traps, and turns it on again. */
void vfp_turn_on(void);
static inline void vfp_use(void)
{
    if (!(fpexc_read() & FPEXC_EN))
        vfp_turn_on();
}
/* trap_undefined() first asks this: true if a VFP/NEON instruction of the running thread found the unit off, which is
 * now on with its registers. */
bool vfp_trap(void);
