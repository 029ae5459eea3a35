/*
 * semaphore.h - POSIX semaphores, named and unnamed.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/types.h>
#include <sys/timespec.h>
#include <sys/_pthreadtypes.h>

typedef struct __sem sem_t;

#define SEM_FAILED ((sem_t *)0)
#ifndef SEM_VALUE_MAX
#define SEM_VALUE_MAX 0x7fffffff
#endif

__BEGIN_DECLS
int sem_close(sem_t *__sem);
int sem_destroy(sem_t *__sem);
int sem_getvalue(sem_t *__restrict __sem, int *__restrict __value);
int sem_init(sem_t *__sem, int __shared, unsigned __value);
sem_t *sem_open(const char *__name, int __flags, ...);
int sem_post(sem_t *__sem);
int sem_timedwait(sem_t *__restrict __sem, const struct timespec *__restrict __deadline);
int sem_trywait(sem_t *__sem);
int sem_unlink(const char *__name);
int sem_wait(sem_t *__sem);
#if __MISC_VISIBLE
int sem_clockwait(sem_t *__restrict __sem, clockid_t __clock, const struct timespec *__restrict __deadline);
#endif
__END_DECLS
