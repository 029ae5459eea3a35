/*
 * sys/resource.h - limits, use and priority of processes.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_timeval.h>
#include <abi/resource.h>

typedef unsigned long long rlim_t;

#define RLIM_SAVED_CUR RLIM_INFINITY
#define RLIM_SAVED_MAX RLIM_INFINITY
#define RLIM_NLIMITS RLIMIT_COUNT

#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2
#define PRIO_MIN (-20)
#define PRIO_MAX 19

struct rlimit {
    rlim_t rlim_cur, rlim_max;
};

struct rusage {
    struct timeval ru_utime, ru_stime;
    long ru_maxrss, ru_ixrss, ru_idrss, ru_isrss; /* KiB */
    long ru_minflt, ru_majflt, ru_nswap;
    long ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals;
    long ru_nvcsw, ru_nivcsw;
};

__BEGIN_DECLS
int getpriority(int __which, id_t __who);
int getrlimit(int __resource, struct rlimit *__limit);
int getrusage(int __who, struct rusage *__usage);
int setpriority(int __which, id_t __who, int __value);
int setrlimit(int __resource, const struct rlimit *__limit);
#if __GNU_VISIBLE
int prlimit(pid_t __pid, int __resource, const struct rlimit *__new, struct rlimit *__old);
#endif
__END_DECLS
