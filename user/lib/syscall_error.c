/*
 * syscall_error.c - where every failed system call passes through.
 */
#include "libc.h"

/* `result` is what the kernel answered, -4095 to -1; sets errno and answers -1. */
long __syscall_error(long result)
{
    __thread_reent._errno = -result;
    return -1;
}
