/*
 * sys/uio.h - reading and writing several pieces of memory in one call.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>

struct iovec {
    void *iov_base;
    size_t iov_len;
};

#define UIO_MAXIOV 1024

__BEGIN_DECLS
#if __MISC_VISIBLE
ssize_t preadv(int __fd, const struct iovec *__vector, int __count, off_t __offset);
ssize_t pwritev(int __fd, const struct iovec *__vector, int __count, off_t __offset);
#endif
ssize_t readv(int __fd, const struct iovec *__vector, int __count);
ssize_t writev(int __fd, const struct iovec *__vector, int __count);
__END_DECLS
