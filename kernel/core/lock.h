/*
 * lock.h - spinlocks and mutexes.
 *
 * A spinlock turns interrupts off on its CPU while it is held, and so also holds off preemption; there is no other
 * kind.  It is not fair: a queue of CPUs would stand still with the one whose turn it is, wherever a hypervisor takes
 * that one's time away.  With a spinlock held: no sleep, no allocation, no user memory.  Locks are taken in the order
 * of their ranks; debug builds check that.
 *
 * A mutex sleeps.  It may be held while allocating, copying from and to user memory, and taking spinlocks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/cpu.h>
#include <core/wait.h>
#include <lib/list.h>

struct cpu;

/* Spinlocks are taken in rising rank; two of one rank only by address, low first, through spin_lock_nested(). */
enum lock_rank {
    RANK_TTY = 1,   /* a terminal */
    RANK_OBJECT,    /* a pipe, a message queue, a semaphore set ...: the lock that guards its wait queues */
    RANK_SOCKETS,   /* which sockets there are, their names and peers */
    RANK_FUTEX,     /* a bucket of futex waiters */
    RANK_PROCESSES, /* the tree of processes, groups and sessions; ids */
    RANK_FILES,     /* a descriptor table */
    RANK_SIGNALS,   /* a process's signals */
    RANK_TRACE,     /* who traces whom, and what was recorded */
    RANK_ACCOUNTS,  /* the list of users' accounts */
    RANK_MUTEX,     /* mutexes_lock: who waits for mutexes */
    RANK_TIMER,     /* a CPU's timers */
    RANK_RUN_QUEUE, /* a CPU's run queue */
    RANK_MEMORY,    /* page allocator, object caches, ASIDs */
    RANK_LOG,       /* the log */
    RANK_CONSOLE,   /* the console's output */
};

struct spinlock {
    uint32_t word;            /* 1: held */
    uint32_t saved;           /* the holder's CPSR */
    const struct cpu *holder; /* debug builds: the CPU */
    uint16_t rank;
    const char *name;
};

#define SPINLOCK_INIT(lock_name, lock_rank)      \
    {                                            \
        .rank = (lock_rank), .name = (lock_name) \
    }

void spin_init(struct spinlock *lock, const char *name, enum lock_rank rank);

/* Checks of debug builds; nothing in others (core/debug.h). */
#include <core/debug.h>

/* Take it if it is free, else look again.  YIELD: where CPUs share a thread of the host (with -icount all do) another
 * one goes on.  Not WFE, with which a waiter sleeps: its SEV would cost every unlock two instructions for the few that
 * find it taken. */
static inline void spin_acquire(struct spinlock *lock)
{
    uint32_t seen;

    __asm__ volatile("1: ldrex %0, [%1]\n\t"
                     "cmp %0, #0\n\t"
                     "strexeq %0, %2, [%1]\n\t"
                     "cmpeq %0, #0\n\t"
                     "beq 2f\n\t"
                     "yield\n\t"
                     "b 1b\n"
                     "2:"
                     : "=&r"(seen)
                     : "r"(&lock->word), "r"(1)
                     : "cc", "memory");
    dmb();
}

static inline void spin_release(struct spinlock *lock)
{
    dmb();
    *(volatile uint32_t *)&lock->word = 0;
}

static inline void spin_lock(struct spinlock *lock)
{
    uint32_t saved = irq_save();

    debug_lock_before(lock);
    spin_acquire(lock);
    lock->saved = saved;
    debug_lock_after(lock);
}

static inline void spin_unlock(struct spinlock *lock)
{
    uint32_t saved = lock->saved;

    debug_unlock(lock);
    spin_release(lock);
    irq_restore(saved);
}

/* A lock that is taken with interrupts off already and given up with them still off (run queues, across a switch). */
static inline void spin_lock_irq_off(struct spinlock *lock)
{
    debug_lock_before(lock);
    spin_acquire(lock);
    debug_lock_after(lock);
}

static inline void spin_unlock_irq_off(struct spinlock *lock)
{
    debug_unlock(lock);
    spin_release(lock);
}

/* Two locks of one rank, the second behind the first in address order. */
void spin_lock_two(struct spinlock *a, struct spinlock *b);
void spin_unlock_two(struct spinlock *a, struct spinlock *b);

/*
 * A mutex: `owner` is the holding thread, with MUTEX_WAITERS or-ed in while threads wait.  The uncontended ways are one
 * compare-and-swap.  A mutex is handed to the first of its waiters, and its holder has, while they wait, the highest of
 * their real-time priorities.  See mutex.c.
 */
#define MUTEX_WAITERS 1u

struct mutex {
    uint32_t owner;            /* changes without the lock while nobody waits */
    struct wait_queue waiters; /* mutexes_lock guards it, and the link */
    struct list held_link;     /* among those that the holder holds and others wait for */
    const char *name;          /* the reason that ps shows for who waits */
};

#define MUTEX_INIT(variable, mutex_name)                                         \
    {                                                                            \
        .waiters = {LIST_INIT((variable).waiters.entries)}, .name = (mutex_name) \
    }

void mutex_init(struct mutex *mutex, const char *name);
void mutex_lock_slow(struct mutex *mutex);
void mutex_unlock_slow(struct mutex *mutex);

/* May sleep, not interruptible.  The caller holds no spinlock and not this mutex. */
static inline void mutex_lock(struct mutex *mutex)
{
    uint32_t expected = 0;

    debug_may_sleep();
    if (!__atomic_compare_exchange_n(&mutex->owner, &expected, (uint32_t)current, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        mutex_lock_slow(mutex);
}

static inline void mutex_unlock(struct mutex *mutex)
{
    uint32_t expected = (uint32_t)current;

    if (!__atomic_compare_exchange_n(&mutex->owner, &expected, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        mutex_unlock_slow(mutex);
}

static inline bool mutex_held(const struct mutex *mutex)
{
    return (mutex->owner & ~MUTEX_WAITERS) == (uint32_t)current;
}

/*
 * For futexes that pass priorities on (ipc/futex_pi.c): there the mutex stands for a lock in user memory.
 */
struct mutex_wait {
    struct wait_entry entry;
    struct mutex *mutex;
};

/* A thread that runs user code holds the mutex, which is free.  False: its last such thing was taken from it already
 * (mutex_leave_user()).  processes_lock held, unless it is the running one. */
bool mutex_adopt(struct mutex *mutex, struct thread *holder);
/* 0: nobody had the mutex, it is taken.  1: the running thread stands among those who wait: mutex_sleep() must follow.
 * -EDEADLK: the holder itself waits for the running thread, at the end of a chain. */
int mutex_join(struct mutex *mutex, struct mutex_wait *wait);
/* Sleep in the queue.  0: the mutex was handed over; 1: its holder had ended; -ETIMEDOUT; -ERESTART. */
long mutex_sleep(struct mutex_wait *wait, uint64_t deadline, unsigned flags);
/* Hand the mutex of the running thread on.  The tid of who has it now; 0: nobody waits. */
int mutex_pass(struct mutex *mutex);
/* Nobody waits for the mutex any more: whoever held it holds it no more. */
void mutex_forget(struct mutex *mutex);
/* The tid of the thread that has it, or 0. */
int mutex_holder(struct mutex *mutex);
/* The running thread leaves its program, `for_good` or for another: hand on all that it held there, and its ceiling
 * is no more. */
void mutex_leave_user(bool for_good);
/* thread->own_priority or its ceiling has been changed: give it that or what it inherits, and what waits behind it. */
void mutex_inherit(struct thread *thread);
