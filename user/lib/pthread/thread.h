/*
 * thread.h - what the library knows of a thread: struct thread, one for each, and how it blocks.
 *
 * It is a thread-local variable: its own thread finds it from the thread pointer (TPIDRURO) by one addition, without a
 * call, the first thread's as well; and a pthread_t is its address.  It lies with the thread's other variables above
 * the thread's stack, in one mapping:
 *
 *      map                    guard                                                         map + map_size
 *      +----------------------+----------------------------------+-----+-----------------------------+
 *      | no access            |                      <--- stack  | TCB | thread-local variables      |
 *      +----------------------+----------------------------------+-----+-----------------------------+
 *                                                                ^ TPIDRURO, the first value of r13
 *
 * Fields are guarded as their letter says:
 *      c  constant once the thread runs     t  the thread itself     a  atomic     k  the kernel, at the thread's end
 */
#pragma once

#include "../libc.h"
#include <abi/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

/* thread->cancel */
#define CANCEL_REQUESTED 1u
#define CANCEL_DISABLED 2u
#define CANCEL_ASYNCHRONOUS 4u

/* Is the thread to end at its next cancellation point? */
static inline bool cancel_is_due(unsigned cancel)
{
    return (cancel & (CANCEL_REQUESTED | CANCEL_DISABLED)) == CANCEL_REQUESTED;
}

/* The running thread is cancelled: it ends here (pthread_cancel.c). */
void __cancel_now(void) __attribute__((noreturn));

/* thread->fate: what becomes of its memory.  Whoever finds that the other was there first gives it back. */
enum { FATE_JOINABLE, FATE_DETACHED, FATE_ENDED };

struct thread {
    pid_t tid;                         /* c  0: not known yet; its own through __thread_id() */
    volatile unsigned cancel;          /* a  CANCEL_...; __cancel_call (cancel_call.S) knows where it is */
    volatile int life;                 /* k  not 0 while it lives (pthread_create.c), then 0; joiners wait for it */
    volatile int fate;                 /* a */
    unsigned serial;                   /* c  its number among the threads made so far; 0: the first one */
    volatile unsigned holders;         /* a  those who use its tid, and at first its creator (thread_hold.c) */
    void *result;                      /* t  what pthread_join() answers */
    void *(*start)(void *);            /* c */
    void *argument;                    /* c */
    struct __pthread_cleanup *cleanup; /* t  the innermost, where pthread_cleanup_push() has put it */
    char name[16];                     /*    "": the program's */
    struct abi_robust_list robust;     /* t  mutexes that are given back at its end; offset 0: not told to the kernel */
    char *map;                         /* c  NULL: the stack is not the library's */
    size_t map_size, guard_size;       /* c */
    char *stack;                       /* c  its lowest byte; NULL: the first thread's */
    size_t stack_size;                 /* c */
};

extern __thread struct thread __thread_self;

static inline struct thread *thread_self(void)
{
    return &__thread_self;
}

/* The running thread's tid. */
static inline pid_t __thread_id(void)
{
    return __thread_self.tid != 0 ? __thread_self.tid : __thread_id_ask();
}

/* pthread_cleanup_push() and pthread_cleanup_pop(0). */
static inline void cleanup_push(struct __pthread_cleanup *place, void (*function)(void *), void *argument)
{
    struct thread *self = thread_self();

    *place = (struct __pthread_cleanup){self->cleanup, function, argument};
    self->cleanup = place;
}

static inline void cleanup_pop(struct __pthread_cleanup *place)
{
    thread_self()->cleanup = place->__next;
}

static inline struct thread *thread_of(pthread_t thread)
{
    return (struct thread *)thread;
}

static inline pthread_t thread_handle(struct thread *thread)
{
    return (pthread_t)thread;
}

/*
 * Calls that block, for mutexes, conditions and the rest.
 *
 * __futex_raw() is the futex call: >= 0 or -errno, and errno stays as it is.  It is no cancellation point, and begins
 * again after a handler only where the kernel says so (-EINTR).
 *
 * __futex_point() is the same as a cancellation point: a thread that has been cancelled does not come back from it, but
 * runs its cleanup functions and ends; so what has to be put right then is put into a cleanup function
 * (pthread_cleanup_push), as pthread_cond_wait() does that takes its mutex again.  Of a wake and a cancellation that
 * come at once, one is taken: if it answers 0 the thread has been woken, and is cancelled at its next point.
 */
long __futex_raw(volatile void *word, int operation, unsigned value, const struct timespec *timeout,
                 volatile void *word2, unsigned value2);
long __futex_point(volatile void *word, int operation, unsigned value, const struct timespec *timeout,
                   volatile void *word2, unsigned value2);
/* The operations that look at four words only: as __futex_raw(). */
long __futex_sure(volatile void *word, int operation, unsigned value, const struct timespec *timeout);

/* Wake up to `count` who sleep at the word; `scope`: FUTEX_PRIVATE or 0. */
static inline void futex_wake(volatile void *word, unsigned scope, unsigned count)
{
    __futex_sure(word, (int)(FUTEX_WAKE | scope), count, NULL);
}

/*
 * Another's tid, for a call that must not hit a stranger (thread_hold.c).  The thread does not end before the release,
 * and the caller takes no signal: so it is for one short call.
 *
 * __thread_hold() answers the tid; for a thread that has ended one that nobody has, so that the kernel says ESRCH.
 */
#define THREAD_ENDED 0x80000000u /* in thread->holders: nobody may hold it any more */

struct hold {
    struct thread *thread; /* NULL: nothing has to be held */
    sigset_t mask;
};

pid_t __thread_hold(struct hold *hold, pthread_t id);
void __thread_release(const struct hold *hold);
/* One holder less.  Of a thread that waits to end only the address is used behind that, and a wake there harms nobody.
 */
static inline void thread_unhold(struct thread *thread)
{
    if (__atomic_sub_fetch(&thread->holders, 1, __ATOMIC_RELEASE) == THREAD_ENDED)
        futex_wake(&thread->holders, FUTEX_PRIVATE, 1);
}
/* The running thread is about to end: wait until nobody holds it, and have nobody hold it any more. */
void __thread_await_holders(void);

/*
 * Deadlines, as programs give them.
 */
static inline bool time_is_valid(const struct timespec *time)
{
    return time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

/* Whose time it is, as a futex call is told: FUTEX_REALTIME or, for CLOCK_MONOTONIC, 0.  -1: there are no deadlines on
 * that clock. */
static inline int deadline_clock(clockid_t clock)
{
    return clock == CLOCK_REALTIME ? FUTEX_REALTIME : clock == CLOCK_MONOTONIC ? 0 : -1;
}
