/*
 * sys/select.h - waiting for many descriptors, by sets of bits.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/_sigset.h>
#include <sys/_timeval.h>
#include <sys/timespec.h>

#ifndef _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#define _SIGSET_T_DECLARED
#endif

#define FD_SETSIZE 1024
#define _SYS_TYPES_FD_SET

typedef unsigned long fd_mask;
#define NFDBITS 32

typedef struct {
    fd_mask fds_bits[FD_SETSIZE / NFDBITS];
} fd_set;

#define FD_SET(__fd, __set) ((__set)->fds_bits[(__fd) / NFDBITS] |= 1ul << (__fd) % NFDBITS)
#define FD_CLR(__fd, __set) ((__set)->fds_bits[(__fd) / NFDBITS] &= ~(1ul << (__fd) % NFDBITS))
#define FD_ISSET(__fd, __set) (((__set)->fds_bits[(__fd) / NFDBITS] >> (__fd) % NFDBITS & 1) != 0)
#define FD_ZERO(__set) ((void)__builtin_memset((__set), 0, sizeof(fd_set)))

__BEGIN_DECLS
int select(int __count, fd_set *__restrict __read, fd_set *__restrict __write, fd_set *__restrict __except,
           struct timeval *__restrict __timeout);
int pselect(int __count, fd_set *__restrict __read, fd_set *__restrict __write, fd_set *__restrict __except,
            const struct timespec *__restrict __timeout, const sigset_t *__restrict __mask);
__END_DECLS
