/*
 * poll.h - waiting for many descriptors, by a list.
 */
#pragma once

#include <sys/cdefs.h>
#include <abi/poll.h>

struct pollfd {
    int fd;
    short events, revents;
};

typedef unsigned int nfds_t;

__BEGIN_DECLS
int poll(struct pollfd *__set, nfds_t __count, int __timeout);
__END_DECLS
