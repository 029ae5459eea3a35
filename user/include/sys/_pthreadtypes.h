/*
 * sys/_pthreadtypes.h - the types of threads and semaphores, with sizes that are fixed for good.
 *
 * Each is an array of words that only the C library looks into; all zero is the state of a static initializer.  The
 * sizes leave room for futex words, owners, waiters' counts and links of a robust list.
 */
#pragma once

#include <sys/_types.h>

typedef unsigned long pthread_t;
typedef unsigned int pthread_key_t;

typedef struct {
    unsigned int __word[8];
} pthread_mutex_t;

typedef struct {
    unsigned int __word[12];
} pthread_cond_t;

typedef struct {
    unsigned int __word[12];
} pthread_rwlock_t;

typedef struct {
    unsigned int __word[8];
} pthread_barrier_t;

typedef struct {
    unsigned int __word[16];
} pthread_attr_t;

typedef struct {
    unsigned int __word[2];
} pthread_once_t;

typedef struct {
    unsigned int __word[2];
} pthread_mutexattr_t;

typedef struct {
    unsigned int __word[2];
} pthread_condattr_t;

typedef struct {
    unsigned int __word[2];
} pthread_rwlockattr_t;

typedef struct {
    unsigned int __word[2];
} pthread_barrierattr_t;

typedef volatile int pthread_spinlock_t;

/* sem_t, for <semaphore.h>. */
struct __sem {
    unsigned int __word[8];
};
