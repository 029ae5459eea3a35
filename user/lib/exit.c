/*
 * exit.c - the end of a program: the handlers of atexit, the destructors, the streams, then the kernel.
 *
 * Handlers and streams are weak references: a program that has none carries none.
 */
#include "libc.h"
#include <unistd.h>

extern void (*__fini_array_start[])(void), (*__fini_array_end[])(void);
extern void __call_exitprocs(int status, void *object) __attribute__((weak));
extern void __streams_exit(void) __attribute__((weak));

/* POSIX exit: handlers in reverse order of their registration, then all streams flushed; the kernel closes them. */
void exit(int status)
{
    if (__call_exitprocs)
        __call_exitprocs(status, NULL);
    for (void (**f)(void) = __fini_array_end; f > __fini_array_start;)
        (*--f)();
    if (__streams_exit)
        __streams_exit();
    _exit(status);
}
