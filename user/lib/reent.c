/*
 * reent.c - newlib's struct _reent, one for each thread.
 *
 * It holds errno and the other data that C functions keep from call to call: strtok's place, the buffers of asctime
 * and of floating-point conversion.  It is a thread-local variable without an initial image: a program starts faster
 * when nothing has to be copied.  The exit handlers and the standard streams (__sf) are outside, shared by all threads;
 * a program without streams has no __sf either.  The main thread's structure is also newlib's global one, where the
 * list of all streams begins.
 */
#include "libc.h"

#pragma weak __sf

__thread struct _reent __thread_reent;

/* Newlib's two names for it; it declares one of them constant, but nobody looks before it is set. */
static struct _reent *global_reent __asm__("_global_impure_ptr") __attribute__((used));
__asm__(".globl _global_impure_ptr, _impure_ptr\n\t.set _impure_ptr, _global_impure_ptr");

/* Every thread calls this first, with the structure still all zero. */
void __reent_start(void)
{
    _REENT_INIT_PTR_ZEROED(&__thread_reent);
}

/* The same for the main thread. */
void __reent_start_main(void)
{
    global_reent = &__thread_reent;
    __reent_start();
}

/* What newlib's _REENT stands for. */
struct _reent *__getreent(void)
{
    return &__thread_reent;
}

/* What errno stands for. */
int *__errno(void)
{
    return &__thread_reent._errno;
}
