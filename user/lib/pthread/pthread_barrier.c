/*
 * pthread_barrier.c - a number of threads wait for each other.
 *
 * The state is 64 bits that change at once: in the lower half, which is a futex, the round, in the upper one how many
 * have to come yet.  The last one begins the next round by the same change, and the others sleep while the round is
 * theirs.  The type is aligned to 4 bytes: of the three words the two are used that lie on a multiple of 8, which are
 * the same wherever a page is mapped.  `inside` counts those that have not left: pthread_barrier_destroy() waits for
 * them, as they are awake already.
 *
 * In one that processes share nobody is counted, for one that is killed would be so for ever.  So others may have left,
 * and given the memory back, before one that waits has looked: there the kernel alone looks at the round, and to it
 * memory that is gone is an error like another.  What is there next should not look like the round that some still wait
 * for: a barrier begins with one that is far from what was there, and from what else may be.
 */
#include "thread.h"
#include <limits.h>

#define DESTROYED 0x80000000u /* in `inside`: somebody waits for it to be 0 */
#define FAR 0x9e3779b9u       /* how far rounds lie apart in barriers at the same place */

struct barrier {
    unsigned state[3];
    unsigned total;
    volatile unsigned inside;
    int scope; /* FUTEX_PRIVATE, or 0 */
    unsigned unused[2];
};
_Static_assert(sizeof(struct barrier) == sizeof(pthread_barrier_t), "the size of pthread_barrier_t is fixed");

static struct barrier *barrier_of(pthread_barrier_t *barrier)
{
    return (struct barrier *)barrier;
}

static volatile uint64_t *state_of(struct barrier *b)
{
    return (volatile uint64_t *)(((uintptr_t)b->state + 7) & ~(uintptr_t)7);
}

static volatile unsigned *round_of(struct barrier *b)
{
    return (volatile unsigned *)state_of(b);
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier, const pthread_barrierattr_t *restrict attr,
                         unsigned count)
{
    struct barrier *b = barrier_of(barrier);
    unsigned round;

    if (count == 0)
        return EINVAL;          /* POSIX pthread_barrier_init: EINVAL */
    round = *round_of(b) + FAR; /* whatever was there */
    *b = (struct barrier){.total = count, .scope = attr != NULL && attr->__word[0] ? 0 : FUTEX_PRIVATE};
    *state_of(b) = (uint64_t)count << 32 | round;
    return 0;
}

/* Come to the barrier.  The round that one waits for, in *round; true: one is the last. */
static bool arrive(struct barrier *b, unsigned *round)
{
    volatile uint64_t *place = state_of(b);
    uint64_t state = __atomic_load_n(place, __ATOMIC_RELAXED), next;

    do {
        *round = (unsigned)state;
        next = state >> 32 == 1 ? (uint64_t)b->total << 32 | (*round + 1) : state - (1ull << 32);
    } while (!__atomic_compare_exchange_n(place, &state, next, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    return state >> 32 == 1;
}

/* Sleep until the round is another; the barrier is there as long, if it is one process's own. */
static void await(volatile unsigned *round, unsigned mine, int scope)
{
    long result = 0;

    while (result != -EAGAIN && result != -EFAULT &&
           (scope != FUTEX_PRIVATE || __atomic_load_n(round, __ATOMIC_ACQUIRE) == mine))
        result = __futex_raw(round, FUTEX_WAIT | scope, mine, NULL, NULL, 0);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}

static void leave(struct barrier *b)
{
    if (__atomic_sub_fetch(&b->inside, 1, __ATOMIC_RELEASE) == DESTROYED)
        futex_wake(&b->inside, FUTEX_PRIVATE, 1);
}

int pthread_barrier_wait(pthread_barrier_t *barrier)
{
    struct barrier *b = barrier_of(barrier);
    volatile unsigned *round = round_of(b);
    int scope = b->scope;
    unsigned mine;
    bool last;

    if (scope == FUTEX_PRIVATE)
        __atomic_add_fetch(&b->inside, 1, __ATOMIC_RELAXED);
    last = arrive(b, &mine);
    if (last)
        futex_wake(round, scope, INT_MAX);
    else
        await(round, mine, scope);
    if (scope == FUTEX_PRIVATE)
        leave(b);
    return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

/* POSIX pthread_barrier_destroy: also straight behind the wait of one thread; others may be on their way out. */
int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
    struct barrier *b = barrier_of(barrier);
    unsigned inside;

    if (*state_of(b) >> 32 != b->total)
        return EBUSY; /* Linux pthread_barrier_destroy: EBUSY */
    inside = __atomic_or_fetch(&b->inside, DESTROYED, __ATOMIC_ACQ_REL);
    while (inside != DESTROYED) {
        __futex_raw(&b->inside, FUTEX_WAIT | FUTEX_PRIVATE, inside, NULL, NULL, 0);
        inside = __atomic_load_n(&b->inside, __ATOMIC_ACQUIRE);
    }
    return 0;
}

int pthread_barrierattr_init(pthread_barrierattr_t *attr)
{
    *attr = (pthread_barrierattr_t){{PTHREAD_PROCESS_PRIVATE}};
    return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict attr, int *restrict shared)
{
    *shared = (int)attr->__word[0];
    return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared)
{
    if (shared != PTHREAD_PROCESS_SHARED && shared != PTHREAD_PROCESS_PRIVATE)
        return EINVAL; /* POSIX pthread_barrierattr_setpshared: EINVAL */
    attr->__word[0] = (unsigned)shared;
    return 0;
}
