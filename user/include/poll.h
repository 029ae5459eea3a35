/*
 * poll.h - waiting for many descriptors, by a list.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include <abi/poll.h>

#ifndef _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#define _SIGSET_T_DECLARED
#endif

struct pollfd {
    int fd;
    short events, revents;
};

typedef unsigned int nfds_t;

__BEGIN_DECLS
int poll(struct pollfd *__set, nfds_t __count, int __timeout);
#if __GNU_VISIBLE
int ppoll(struct pollfd *__set, nfds_t __count, const struct timespec *__timeout, const sigset_t *__mask);
#endif
__END_DECLS
