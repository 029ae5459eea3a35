/*
 * c11_once.c - what <threads.h> calls otherwise: call_once(), and data of threads.
 */
#include "thread.h"
#include <threads.h>

void call_once(once_flag *once, void (*function)(void))
{
    pthread_once(once, function);
}

int tss_create(tss_t *key, tss_dtor_t destructor)
{
    return pthread_key_create(key, destructor) == 0 ? thrd_success : thrd_error;
}

void tss_delete(tss_t key)
{
    pthread_key_delete(key);
}

void *tss_get(tss_t key)
{
    return pthread_getspecific(key);
}

int tss_set(tss_t key, void *value)
{
    return pthread_setspecific(key, value) == 0 ? thrd_success : thrd_error;
}
