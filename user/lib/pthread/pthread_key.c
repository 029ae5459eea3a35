/*
 * pthread_key.c - data of a thread by key.
 *
 * The values are thread-local variables.  A key that is deleted and created again is another key: each key and each
 * value have a generation, which is odd while the key is there, and a value of another generation does not count.
 */
#include "../lock.h"
#include "memory.h"
#include <limits.h>

static struct key {
    volatile unsigned generation;
    void (*volatile destructor)(void *);
} keys[PTHREAD_KEYS_MAX];

volatile int __key_lock; /* guards changes of keys[] */

static __thread struct value {
    unsigned generation;
    const void *pointer;
} values[PTHREAD_KEYS_MAX];

static bool exists(pthread_key_t key)
{
    return key < PTHREAD_KEYS_MAX && keys[key].generation % 2 == 1;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    unsigned free = 0;

    lock_acquire(&__key_lock);
    while (free < PTHREAD_KEYS_MAX && exists(free))
        free++;
    if (free < PTHREAD_KEYS_MAX) {
        keys[free].destructor = destructor;
        keys[free].generation++;
        *key = free;
    }
    lock_release(&__key_lock);
    return free < PTHREAD_KEYS_MAX ? 0 : EAGAIN; /* POSIX pthread_key_create: EAGAIN */
}

int pthread_key_delete(pthread_key_t key)
{
    int error = EINVAL; /* POSIX pthread_key_delete: EINVAL */

    lock_acquire(&__key_lock);
    if (exists(key)) {
        keys[key].generation++;
        error = 0;
    }
    lock_release(&__key_lock);
    return error;
}

void *pthread_getspecific(pthread_key_t key)
{
    const struct value *value = &values[key];

    if (key >= PTHREAD_KEYS_MAX || value->generation != keys[key].generation)
        return NULL;
    return (void *)value->pointer;
}

int pthread_setspecific(pthread_key_t key, const void *pointer)
{
    if (!exists(key))
        return EINVAL; /* POSIX pthread_setspecific: EINVAL */
    values[key] = (struct value){keys[key].generation, pointer};
    return 0;
}

/* Call the destructor of one value that has one.  False: it has none. */
static bool destroy(pthread_key_t key)
{
    void (*destructor)(void *) = keys[key].destructor;
    void *pointer = pthread_getspecific(key);

    if (pointer == NULL)
        return false;
    values[key].pointer = NULL;
    if (destructor == NULL)
        return false;
    destructor(pointer);
    return true;
}

void __keys_destroy(void)
{
    bool again = true;

    for (int i = 0; again && i < PTHREAD_DESTRUCTOR_ITERATIONS; i++) {
        again = false;
        for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; key++)
            again |= values[key].pointer != NULL && destroy(key);
    }
}
