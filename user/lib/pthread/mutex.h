/*
 * mutex.h - what is in a pthread_mutex_t, and what the files about mutexes share.
 *
 * The word is 0, or its owner's tid, with FUTEX_WAITERS or-ed in where somebody may sleep for it: so /proc/futex can
 * say who has it.  Taking a free mutex and giving back one that nobody waits for is one change of the word, without a
 * call; a mutex of no special kind (kind 0, as PTHREAD_MUTEX_INITIALIZER leaves it) needs nothing else.
 */
#pragma once

#include "thread.h"
#include <limits.h>
#include <sched.h>

/* mutex->kind: the type (PTHREAD_MUTEX_NORMAL and so on), and */
#define MUTEX_TYPE 3u
#define MUTEX_ROBUST 4u
#define MUTEX_SHARED 8u
#define MUTEX_INHERIT 16u
#define MUTEX_PROTECT 32u

/* mutex->state, of a robust one */
enum { MUTEX_CONSISTENT, MUTEX_INCONSISTENT, MUTEX_NOT_RECOVERABLE };

/* How it is to be taken: FUTEX_REALTIME (the deadline's clock) and these. */
#define MUTEX_TRY 1u
#define MUTEX_CONTENDED 2u  /* others sleep for it, of whom the word need not tell */
#define MUTEX_NO_CEILING 4u /* whatever its priority ceiling is */

struct mutex {
    volatile unsigned word;  /* what the kernel knows of it */
    unsigned kind;           /* MUTEX_..., constant */
    unsigned count;          /* the owner's: how often it has taken it beyond the first time */
    unsigned state;          /* the owner's */
    unsigned next, previous; /* the owner's: in its list of robust mutexes (mutex_robust.c); `next` is the entry */
    int ceiling;             /* the owner's */
    unsigned owner;          /* the owner's `serial` + 1, or 0: of a kind that fork() passes to the child */
};
_Static_assert(sizeof(struct mutex) == sizeof(pthread_mutex_t), "the size of pthread_mutex_t is fixed");

static inline struct mutex *mutex_of(pthread_mutex_t *mutex)
{
    return (struct mutex *)mutex;
}

static inline unsigned mutex_scope(const struct mutex *m)
{
    return m->kind & MUTEX_SHARED ? 0 : FUTEX_PRIVATE;
}

/* Does fork() make the child's thread the owner of what the thread has that forks?  Of a mutex without a kind anybody
 * may be; what is shared, or in the list that the kernel knows, stays the parent's. */
static inline bool mutex_is_inherited(const struct mutex *m)
{
    return m->kind != 0 && !(m->kind & (MUTEX_SHARED | MUTEX_ROBUST));
}

/* Has the running thread got it?  One that was taken before fork() has the parent's tid in its word. */
static inline bool mutex_is_mine(const struct mutex *m)
{
    unsigned tid = m->word & FUTEX_TID_MASK;

    return mutex_is_inherited(m) ? tid != 0 && m->owner == thread_self()->serial + 1 : tid == (unsigned)__thread_id();
}

/* Write the tid into a word that is 0.  One exclusive load and store, which the compiler's compare-and-swap would do
 * twice. */
static inline bool word_take(volatile unsigned *word, unsigned tid)
{
    unsigned value, failed;

    do {
        __asm__ volatile("ldrex %0, %1" : "=r"(value) : "Q"(*word));
        if (__builtin_expect(value != 0, 0))
            return false;
        __asm__ volatile("strex %0, %2, %1" : "=&r"(failed), "=Q"(*word) : "r"(tid));
    } while (__builtin_expect(failed, 0));
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return true;
}

/* Make the word 0; what it was. */
static inline unsigned word_give(volatile unsigned *word)
{
    return __atomic_exchange_n(word, 0, __ATOMIC_RELEASE);
}

/* Change the word from *seen to `value`; if it was something else that is in *seen. */
static inline bool word_change(volatile unsigned *word, unsigned *seen, unsigned value)
{
    return __atomic_compare_exchange_n(word, seen, value, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* All ways to take it, and to give it back; 0 or an error. */
int __mutex_lock(struct mutex *m, unsigned how, const struct timespec *deadline);
int __mutex_unlock(struct mutex *m, unsigned how);

static inline int mutex_lock(struct mutex *m, unsigned how)
{
    if (__builtin_expect(m->kind == 0 && how == 0, 1) && word_take(&m->word, __thread_id()))
        return 0;
    return __mutex_lock(m, how, NULL);
}

static inline int mutex_unlock(struct mutex *m)
{
    if (__builtin_expect(m->kind != 0, 0))
        return __mutex_unlock(m, 0);
    if (__builtin_expect(word_give(&m->word) & FUTEX_WAITERS, 0))
        futex_wake(&m->word, FUTEX_PRIVATE, 1);
    return 0;
}

/* A robust mutex is about to be taken or given back by the running thread; and is so no more. */
void __robust_begin(struct mutex *m);
static inline void robust_end(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    thread_self()->robust.pending = 0;
}
/* In between: into the list of what the running thread holds, and out of it. */
void __robust_add(struct mutex *m);
void __robust_remove(struct mutex *m);

/* The running thread may be woken to take what the word stands for; and has taken it, or gives up.  If it is killed in
 * between, FUTEX_OWNER_DIED is set in the word and another one is woken. */
void __turn_begin(volatile unsigned *word);
static inline void turn_end(void)
{
    robust_end();
}

/* The running thread's priority becomes at least `ceiling`: 0, or EINVAL (it is more already) or EPERM.  And back. */
int __ceiling_raise(int ceiling);
void __ceiling_lower(int ceiling);
