/*
 * coroutine.h - coroutines: functions with a stack of their own that stop in their midst and go on when asked to.
 *
 *      static void *count(void *from)
 *      {
 *          for (long i = (long)from;; i++)
 *              coroutine_yield((void *)i, NULL);
 *      }
 *
 *      coroutine_create(&counter, count, 0);
 *      coroutine_resume(counter, (void *)7, &value);       value is 7
 *      coroutine_resume(counter, NULL, &value);            value is 8
 *
 * All coroutines of a thread and the thread itself take turns; only these calls change whose turn it is, and the kernel
 * knows nothing of it.  A coroutine belongs to the thread that made it.  It has a signal mask of its own, at first that
 * of its maker, for swapcontext() keeps it.  One that ends by pthread_exit() or cancellation takes its thread along.
 *
 * Functions answer 0 or an error number, and leave errno alone.  A signal's handler may ask which one runs and in what
 * state one is; the rest is not for handlers.
 */
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>

struct coroutine;

enum coroutine_state {
    COROUTINE_SUSPENDED, /* it has not begun, or it has yielded */
    COROUTINE_RUNNING,   /* it is the caller's own */
    COROUTINE_WAITING,   /* for a coroutine that it has resumed */
    COROUTINE_FINISHED   /* its function has returned */
};

__BEGIN_DECLS
/* Make a coroutine that will call `function`, with so many bytes of stack (0: 64 KiB) and a page below that nobody can
 * touch: who needs more gets SIGSEGV.  EINVAL: less than PTHREAD_STACK_MIN; ENOMEM. */
int coroutine_create(struct coroutine **__made, void *(*__function)(void *), size_t __stack_size);

/* Let it go on until it yields or returns.  `value` is what its function is called with, the first time, and then what
 * its coroutine_yield() hands out; `*answer` (NULL: not wanted) becomes what it yields or returns.
 * EDEADLK: it runs, or waits for the caller; ESRCH: it has finished; EPERM: it is another thread's. */
int coroutine_resume(struct coroutine *__coroutine, void *__value, void **__answer);

/* Stop here, and let the one go on who has resumed the caller: he gets `value`.  `*answer` (NULL: not wanted) becomes
 * what the next resume passes.  EPERM: the caller is no coroutine. */
int coroutine_yield(void *__value, void **__answer);

enum coroutine_state coroutine_state(const struct coroutine *__coroutine);

/* The running coroutine.  NULL: none runs, but the thread itself. */
struct coroutine *coroutine_self(void);

/* Give its stack back.  One that is suspended goes on no more: what it holds is lost.  EBUSY: it runs or waits. */
int coroutine_destroy(struct coroutine *__coroutine);
__END_DECLS
