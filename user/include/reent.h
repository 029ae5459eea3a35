/*
 * reent.h - newlib's file of the same name.
 *
 * Newlib's own sources call _read_r() and its kin, which are macros there for plain read() and so on; the prototypes
 * of these must be in sight, or lseek()'s 64 bits would be cut to an int.
 */
#pragma once

#include_next <reent.h>

#ifdef _COMPILING_NEWLIB
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

/* A thread that is cancelled shall not leave a stream locked: what stdio calls is no cancellation point. */
int __open(const char *__path, int __flags, ...);
int __close(int __fd);
ssize_t __read(int __fd, void *__buffer, size_t __size);
ssize_t __write(int __fd, const void *__buffer, size_t __size);
#undef _open_r
#undef _close_r
#undef _read_r
#undef _write_r
#define _open_r(__reent, __path, __flags, __mode) __open(__path, __flags, __mode)
#define _close_r(__reent, __fd) __close(__fd)
#define _read_r(__reent, __fd, __buffer, __size) __read(__fd, __buffer, __size)
#define _write_r(__reent, __fd, __buffer, __size) __write(__fd, __buffer, __size)
#endif
