/*
 * threads.h - threads as ISO C11 has them, over those of <pthread.h>.
 */
#pragma once

#include <pthread.h>
#include <time.h>

#define thread_local _Thread_local
#define ONCE_FLAG_INIT PTHREAD_ONCE_INIT
#define TSS_DTOR_ITERATIONS 4

enum { mtx_plain = 0, mtx_recursive = 1, mtx_timed = 2 };
enum { thrd_success, thrd_busy, thrd_error, thrd_nomem, thrd_timedout };

typedef pthread_t thrd_t;
typedef pthread_mutex_t mtx_t;
typedef pthread_cond_t cnd_t;
typedef pthread_key_t tss_t;
typedef pthread_once_t once_flag;
typedef int (*thrd_start_t)(void *);
typedef void (*tss_dtor_t)(void *);

__BEGIN_DECLS
void call_once(once_flag *__once, void (*__function)(void));

int cnd_broadcast(cnd_t *__cond);
void cnd_destroy(cnd_t *__cond);
int cnd_init(cnd_t *__cond);
int cnd_signal(cnd_t *__cond);
int cnd_timedwait(cnd_t *__restrict __cond, mtx_t *__restrict __mutex, const struct timespec *__restrict __deadline);
int cnd_wait(cnd_t *__cond, mtx_t *__mutex);

void mtx_destroy(mtx_t *__mutex);
int mtx_init(mtx_t *__mutex, int __type);
int mtx_lock(mtx_t *__mutex);
int mtx_timedlock(mtx_t *__restrict __mutex, const struct timespec *__restrict __deadline);
int mtx_trylock(mtx_t *__mutex);
int mtx_unlock(mtx_t *__mutex);

int thrd_create(thrd_t *__id, thrd_start_t __start, void *__argument);
thrd_t thrd_current(void);
int thrd_detach(thrd_t __id);
int thrd_equal(thrd_t __a, thrd_t __b);
void thrd_exit(int __result) __attribute__((__noreturn__));
int thrd_join(thrd_t __id, int *__result);
int thrd_sleep(const struct timespec *__time, struct timespec *__rest);
void thrd_yield(void);

int tss_create(tss_t *__key, tss_dtor_t __destructor);
void tss_delete(tss_t __key);
void *tss_get(tss_t __key);
int tss_set(tss_t __key, void *__value);
__END_DECLS
