/*
 * pipe.h - the bounded byte stream under pipe() and FIFOs.
 */
#pragma once

#include <fs/file.h>

#define PIPE_CAPACITY 65536u

/* pipe2(): two open files, for reading and for writing, or -ENOMEM.  `flags`: O_NONBLOCK as given (O_CLOEXEC is the
 * caller's work). */
int pipe_create(struct file *ends[2], uint32_t flags);
/* F_GETPIPE_SZ: the capacity in bytes, or -EBADF (no pipe). */
int pipe_capacity(const struct file *file);
/* At boot: registers FIFOs with fs. */
void pipe_start(void);
