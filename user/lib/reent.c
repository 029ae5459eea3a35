/*
 * reent.c - newlib's struct _reent, one for each thread.
 *
 * It holds errno and the other data that C functions keep from call to call: strtok's place, the buffers of asctime
 * and of floating-point conversion.  It is a thread-local variable, so a new thread finds its own copy in the image
 * that its TLS block is made of.  The standard streams and the exit handlers are outside, shared by all threads.
 */
#include "libc.h"

/* Newlib's initializer leaves its last field to be zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
__thread struct _reent __thread_reent = _REENT_INIT(__thread_reent);

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
