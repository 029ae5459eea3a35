/*
 * pipe.h - the bounded byte stream under pipe() and FIFOs.
 */
#pragma once

#include <fs/file.h>

/* pipe2(): two open files, for reading and for writing, or -ENOMEM, -ENFILE (too many pipes).  `flags`: O_NONBLOCK as
 * given (O_CLOEXEC is the caller's work). */
int pipe_create(struct file *ends[2], uint32_t flags);
/* F_GETPIPE_SZ: the capacity in bytes, or -EBADF (no pipe). */
long pipe_capacity(const struct file *file);
/* F_SETPIPE_SZ: the new capacity, `size` rounded up to a power of two of pages.  -EBADF, -EINVAL (absurd), -EPERM
 * (above a limit), -EBUSY (more bytes are in it), -ENOMEM, -ERESTART.  May sleep. */
long pipe_resize(const struct file *file, uint32_t size);
/* At boot: registers FIFOs with fs. */
void pipe_start(void);
