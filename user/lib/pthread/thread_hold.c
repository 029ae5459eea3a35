/*
 * thread_hold.c - using another thread's tid while it is surely that thread's.
 *
 * A pthread_t lasts until the thread is joined, but the kernel gives its tid to a new thread as soon as it has ended.
 * So whoever needs the tid of another counts itself in `holders` as long as that takes, and a thread that ends waits
 * until nobody is counted; then THREAD_ENDED says that the tid is not its own any more.
 *
 * Meanwhile the holder takes no signal: a handler might leave by siglongjmp() or end the thread, and what is counted
 * would stay so for ever.  A thread needs not hold itself.
 */
#include "thread.h"

#define NOBODY 0xffff /* more than any tid, and as many bits as a clock of CPU time has for one */

/* Count the caller, if the thread has not ended. */
static bool count(struct thread *thread)
{
    unsigned holders = thread->holders;

    while (!(holders & THREAD_ENDED)) {
        if (__atomic_compare_exchange_n(&thread->holders, &holders, holders + 1, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

pid_t __thread_hold(struct hold *hold, pthread_t id)
{
    struct thread *thread = thread_of(id);
    sigset_t all = ~0ull; /* SIGCANCEL too */

    hold->thread = NULL;
    if (thread == thread_self())
        return __thread_id();
    __sigprocmask(SIG_BLOCK, &all, &hold->mask);
    if (count(thread)) {
        hold->thread = thread;
        return thread->tid;
    }
    __sigprocmask(SIG_SETMASK, &hold->mask, NULL);
    return NOBODY;
}

void __thread_release(const struct hold *hold)
{
    struct thread *thread = hold->thread;

    if (thread == NULL)
        return;
    thread_unhold(thread);
    __sigprocmask(SIG_SETMASK, &hold->mask, NULL);
}

void __thread_await_holders(void)
{
    struct thread *self = thread_self();
    unsigned holders = __atomic_or_fetch(&self->holders, THREAD_ENDED, __ATOMIC_ACQUIRE);

    while (holders != THREAD_ENDED) {
        __futex_raw(&self->holders, FUTEX_WAIT | FUTEX_PRIVATE, holders, NULL, NULL, 0);
        holders = __atomic_load_n(&self->holders, __ATOMIC_ACQUIRE);
    }
}
