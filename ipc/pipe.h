/*
 * pipe.h - the bounded byte stream under pipe() and FIFOs.
 */
#pragma once

#include <fs/file.h>

/* pipe2(): two open files, or -errno.  `flags`: O_NONBLOCK | O_CLOEXEC as given (O_CLOEXEC is the caller's work). */
int pipe_create(struct file *ends[2], uint32_t flags);
/* At boot: registers FIFOs with fs. */
void pipe_start(void);
