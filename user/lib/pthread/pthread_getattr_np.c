/*
 * pthread_getattr_np.c - the attributes that a thread has.
 */
#include "memory.h"
#include <abi/layout.h>
#include <sys/resource.h>

/* The first thread's stack grows down from the top of memory as far as the limit allows. */
static void first_stack(struct attributes *attributes)
{
    struct rlimit limit;

    getrlimit(RLIMIT_STACK, &limit);
    attributes->stack_size =
        limit.rlim_cur < USER_STACK_TOP - USER_MAP_TOP ? limit.rlim_cur & PAGE_MASK : USER_STACK_TOP - USER_MAP_TOP;
    attributes->stack = (char *)USER_STACK_TOP - attributes->stack_size;
}

int pthread_getattr_np(pthread_t id, pthread_attr_t *attr)
{
    struct thread *thread = thread_of(id);
    struct attributes *attributes = (struct attributes *)attr;
    struct sched_param param;
    int error = pthread_getschedparam(id, &attributes->policy, &param);

    if (error != 0)
        return error;
    *attributes = (struct attributes){
        .stack = thread->stack,
        .stack_size = thread->stack_size,
        .guard_size = thread->guard_size,
        .detached = thread->fate == FATE_DETACHED,
        .policy = attributes->policy,
        .priority = param.sched_priority,
    };
    if (thread->stack == NULL)
        first_stack(attributes);
    return pthread_getaffinity_np(id, sizeof(attributes->affinity), (cpu_set_t *)&attributes->affinity);
}
