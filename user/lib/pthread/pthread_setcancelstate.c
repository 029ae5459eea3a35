/*
 * pthread_setcancelstate.c - whether and where the running thread may be cancelled.
 */
#include "memory.h"

/* Set or clear a bit, and act where that makes a request due at once. */
static int set(unsigned bit, bool on)
{
    struct thread *self = thread_self();
    unsigned before = on ? __atomic_fetch_or(&self->cancel, bit, __ATOMIC_ACQ_REL)
                         : __atomic_fetch_and(&self->cancel, ~bit, __ATOMIC_ACQ_REL);

    if (cancel_is_due(self->cancel) && self->cancel & CANCEL_ASYNCHRONOUS)
        __cancel_now();
    return (before & bit) != 0;
}

int pthread_setcancelstate(int state, int *old)
{
    int before;

    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL; /* POSIX pthread_setcancelstate: EINVAL */
    before = set(CANCEL_DISABLED, state == PTHREAD_CANCEL_DISABLE);
    if (old != NULL)
        *old = before ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
    return 0;
}

int pthread_setcanceltype(int type, int *old)
{
    int before;

    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
        return EINVAL; /* POSIX pthread_setcanceltype: EINVAL */
    before = set(CANCEL_ASYNCHRONOUS, type == PTHREAD_CANCEL_ASYNCHRONOUS);
    if (old != NULL)
        *old = before ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
    return 0;
}

void pthread_testcancel(void)
{
    if (cancel_is_due(thread_self()->cancel))
        __cancel_now();
}
