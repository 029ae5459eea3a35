/*
 * mutex_ceiling.c - PTHREAD_PRIO_PROTECT: while a thread holds mutexes with a ceiling it runs with the highest of these
 * ceilings, or with its own priority if that is higher.
 *
 * The thread counts the mutexes that it holds of each ceiling, and the kernel knows the highest.  That is no change of
 * the thread's own priority: others may set it meanwhile, read it, and inherit it, and exec and the thread's end need
 * not put it back.
 */
#include "mutex.h"
#include <sched.h>

static __thread struct {
    unsigned short held[SCHED_PRIORITY_MAX + 1];
    int level; /* the highest that it holds, or 0 */
} own;

/* The kernel's answer; `limit`: its own priority must not be above that. */
static int run_with(int level, int limit)
{
    int error = -__priority_ceiling(level, limit);

    if (error == 0)
        own.level = level;
    return error;
}

int __ceiling_raise(int ceiling)
{
    int error = run_with(ceiling > own.level ? ceiling : own.level, ceiling);

    if (error == 0)
        own.held[ceiling]++;
    return error; /* POSIX pthread_mutex_lock: EINVAL */
}

void __ceiling_lower(int ceiling)
{
    int level = own.level;

    own.held[ceiling]--;
    while (level > 0 && own.held[level] == 0)
        level--;
    if (level != own.level)
        run_with(level, SCHED_PRIORITY_MAX);
}
