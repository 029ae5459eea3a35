/*
 * types.h - the sizes that cross the line between kernel and user space, fixed once for all.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* off_t, time_t, ino_t and dev_t as both sides see them. */
typedef int64_t abi_off_t;
typedef int64_t abi_time_t;
typedef uint64_t abi_ino_t;
typedef uint32_t abi_dev_t;
typedef uint64_t abi_sigset_t; /* bit n-1 stands for signal n */

/* struct timespec and struct timeval: 16 bytes, a 64-bit count of seconds first. */
struct abi_timespec {
    abi_time_t tv_sec;
    int32_t tv_nsec;
    int32_t pad;
};

struct abi_timeval {
    abi_time_t tv_sec;
    int32_t tv_usec;
    int32_t pad;
};

struct abi_itimerval {
    struct abi_timeval it_interval, it_value;
};

struct abi_itimerspec {
    struct abi_timespec it_interval, it_value;
};

/* struct iovec of readv and writev. */
struct abi_iovec {
    uint32_t iov_base;
    uint32_t iov_len;
};
