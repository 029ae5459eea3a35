/*
 * memory.h - what the thread functions share about a thread's memory, attributes and end.
 */
#pragma once

#include "thread.h"

#define STACK_SIZE_DEFAULT (1024 * 1024u)
#define GUARD_SIZE_DEFAULT PARLEY_PAGE_SIZE

/* What is in a pthread_attr_t. */
struct attributes {
    char *stack; /* lowest byte; NULL: the library's */
    size_t stack_size, guard_size;
    int detached, explicit; /* PTHREAD_CREATE_..., PTHREAD_..._SCHED */
    int policy, priority;
    unsigned affinity; /* 0: as the creator's */
    unsigned unused[8];
};
_Static_assert(sizeof(struct attributes) == sizeof(pthread_attr_t), "the size of pthread_attr_t is fixed");

static inline const struct attributes *attributes_of(const pthread_attr_t *attr)
{
    return (const struct attributes *)attr;
}

/* How many threads have not called pthread_exit() (thread_memory.c). */
extern volatile unsigned __threads_alive;
/* Are there threads of the library's own beside them, which do not keep the process alive? */
extern volatile bool __threads_hidden;

/* Memory for a thread, with thread-local variables as at a thread's start.  NULL: there is none. */
struct thread *__thread_memory_get(const struct attributes *attributes);
/* Guards what is kept. */
extern volatile int __thread_memory_lock;
/* Keep the memory of a thread that has ended or is about to (its `life` tells) for the next thread.  False: enough is
 * kept, or it is not the library's; the caller unmaps it. */
bool __thread_memory_keep(struct thread *thread);
/* The same for one that has ended. */
void __thread_memory_put(struct thread *thread);
/* In the child of fork: the threads whose memory is kept have ended, whatever their `life` says. */
void __thread_memory_forked(void);
/* Its thread pointer, and the first value of its stack pointer. */
void *__thread_memory_pointer(struct thread *thread);

/* Wait until it has ended; for who knows that this does not take long. */
static inline void thread_await(struct thread *thread)
{
    int life;

    while ((life = __atomic_load_n(&thread->life, __ATOMIC_ACQUIRE)) != 0)
        __futex_raw(&thread->life, FUTEX_WAIT | FUTEX_PRIVATE, (unsigned)life, NULL, NULL, 0);
}

/* newlib_locks.c: in the child of fork, the streams that other threads had locked are free. */
void __newlib_streams_free(void);

/* pthread_key.c: call the destructors of the running thread's values. */
void __keys_destroy(void);

/* pthread_atfork.c: what fork() calls before, and after in each process. */
struct forking {
    struct handlers *newest; /* of those that are called */
    bool holds;              /* the library's locks */
};
void __fork_prepare(struct forking *forking);
void __fork_parent(struct forking *forking);
void __fork_child(struct forking *forking);
