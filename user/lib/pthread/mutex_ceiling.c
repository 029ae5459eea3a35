/*
 * mutex_ceiling.c - PTHREAD_PRIO_PROTECT: while a thread holds mutexes with a ceiling it runs with the highest of these
 * ceilings, or with its own priority if that is higher.
 *
 * The thread counts the mutexes that it holds of each ceiling.  When the first is taken it learns its own policy and
 * priority, which it gets back behind the last.  What others set meanwhile (pthread_setschedparam) is lost then.
 */
#include "mutex.h"
#include <sched.h>

static __thread struct {
    unsigned short held[SCHED_PRIORITY_MAX + 1];
    int level; /* the ceiling it runs with; 0: none */
    int policy, priority;
} own;

static int own_priority(void)
{
    return own.policy == SCHED_FIFO || own.policy == SCHED_RR ? own.priority : 0;
}

static int highest_held(void)
{
    int ceiling = SCHED_PRIORITY_MAX;

    while (ceiling > 0 && own.held[ceiling] == 0)
        ceiling--;
    return ceiling;
}

/* 0, or an error. */
static int run_with(int level)
{
    bool raised = level > own_priority();
    int policy = raised && own_priority() == 0 ? SCHED_FIFO : own.policy, saved = errno, error = 0;
    struct sched_param param = {.sched_priority = raised ? level : own.priority};

    if (sched_setscheduler(__thread_id(), policy, &param) == -1)
        error = errno;
    errno = saved;
    if (error == 0)
        own.level = level;
    return error;
}

static void learn(void)
{
    struct sched_param param;

    own.policy = sched_getscheduler(__thread_id());
    sched_getparam(__thread_id(), &param);
    own.priority = param.sched_priority;
}

int __ceiling_raise(int ceiling)
{
    int error = 0;

    if (highest_held() == 0)
        learn();
    if (own_priority() > ceiling)
        return EINVAL; /* POSIX pthread_mutex_lock: EINVAL */
    if (ceiling > own.level && ceiling > own_priority())
        error = run_with(ceiling);
    if (error == 0)
        own.held[ceiling]++;
    return error;
}

void __ceiling_lower(int ceiling)
{
    int highest;

    own.held[ceiling]--;
    highest = highest_held();
    if (own.level != 0 && highest < own.level)
        run_with(highest);
}
