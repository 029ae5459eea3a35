/*
 * resource.h - resource limits and use; the values are Linux's.
 */
#pragma once

#include <abi/types.h>

#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#define RLIMIT_NPROC 6
#define RLIMIT_NOFILE 7
#define RLIMIT_MEMLOCK 8
#define RLIMIT_AS 9
#define RLIMIT_SIGPENDING 11
#define RLIMIT_MSGQUEUE 12
#define RLIMIT_NICE 13
#define RLIMIT_RTPRIO 14
#define RLIMIT_COUNT 16
#define RLIM_INFINITY (~0ull)

struct abi_rlimit {
    uint64_t rlim_cur, rlim_max;
};

#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD 1

/* <sys/resource.h> gives this layout as struct rusage. */
struct abi_rusage {
    struct abi_timeval ru_utime, ru_stime;
    int32_t ru_maxrss, ru_ixrss, ru_idrss, ru_isrss; /* KiB */
    int32_t ru_minflt, ru_majflt, ru_nswap;
    int32_t ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals;
    int32_t ru_nvcsw, ru_nivcsw;
};
