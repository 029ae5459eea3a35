/*
 * sched.h - scheduling: policies, priorities, and the CPUs that a process may run on.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_timespec.h>
#include <abi/sched.h>

struct sched_param {
    int sched_priority;
};

__BEGIN_DECLS
int sched_get_priority_max(int __policy);
int sched_get_priority_min(int __policy);
int sched_getparam(pid_t __pid, struct sched_param *__param);
int sched_getscheduler(pid_t __pid);
int sched_rr_get_interval(pid_t __pid, struct timespec *__slice);
int sched_setparam(pid_t __pid, const struct sched_param *__param);
int sched_setscheduler(pid_t __pid, int __policy, const struct sched_param *__param);
int sched_yield(void);
__END_DECLS

#if __GNU_VISIBLE
#define CPU_SETSIZE 32

typedef struct {
    unsigned long __bits;
} cpu_set_t;

#define CPU_ZERO(__set) ((void)((__set)->__bits = 0))
#define CPU_SET(__cpu, __set) ((void)((__set)->__bits |= 1ul << (__cpu)))
#define CPU_CLR(__cpu, __set) ((void)((__set)->__bits &= ~(1ul << (__cpu))))
#define CPU_ISSET(__cpu, __set) ((int)((__set)->__bits >> (__cpu)&1))
#define CPU_COUNT(__set) __builtin_popcountl((__set)->__bits)
#define CPU_EQUAL(__a, __b) ((__a)->__bits == (__b)->__bits)
#define CPU_AND(__to, __a, __b) ((void)((__to)->__bits = (__a)->__bits & (__b)->__bits))
#define CPU_OR(__to, __a, __b) ((void)((__to)->__bits = (__a)->__bits | (__b)->__bits))
#define CPU_XOR(__to, __a, __b) ((void)((__to)->__bits = (__a)->__bits ^ (__b)->__bits))

__BEGIN_DECLS
int sched_getcpu(void);
int sched_getaffinity(pid_t __pid, size_t __size, cpu_set_t *__set);
int sched_setaffinity(pid_t __pid, size_t __size, const cpu_set_t *__set);
__END_DECLS
#endif
