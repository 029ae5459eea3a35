/*
 * c11_thread.c - threads of <threads.h>: what one answers is an int, which passes as the pointer of pthread_join().
 */
#include "thread.h"
#include <threads.h>

int thrd_create(thrd_t *thread, thrd_start_t start, void *argument)
{
    /* An int is answered in the register that a pointer would be in. */
    void *(*function)(void *) = (void *(*)(void *))(void (*)(void))start;
    int error = pthread_create(thread, NULL, function, argument);

    return error == 0 ? thrd_success : error == EAGAIN ? thrd_nomem : thrd_error;
}

thrd_t thrd_current(void)
{
    return pthread_self();
}

int thrd_equal(thrd_t a, thrd_t b)
{
    return a == b;
}

void thrd_exit(int result)
{
    pthread_exit((void *)(intptr_t)result);
}

int thrd_join(thrd_t thread, int *result)
{
    void *answer;

    if (pthread_join(thread, &answer) != 0)
        return thrd_error;
    if (result != NULL)
        *result = (int)(intptr_t)answer;
    return thrd_success;
}

int thrd_detach(thrd_t thread)
{
    return pthread_detach(thread) == 0 ? thrd_success : thrd_error;
}

/* C11 thrd_sleep: -1 where a signal ended it, another negative value for another error. */
int thrd_sleep(const struct timespec *time, struct timespec *rest)
{
    int error = clock_nanosleep(CLOCK_REALTIME, 0, time, rest);

    return error == 0 ? 0 : error == EINTR ? -1 : -2;
}

void thrd_yield(void)
{
    sched_yield();
}
