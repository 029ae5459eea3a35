/*
 * pthread_create.c - a new thread.
 */
#include "../lock.h"
#include "memory.h"

/* thread->life while the creator still sets up how it is scheduled: then it becomes ALIVE, or NOT_WANTED. */
enum { ALIVE = 1, HELD, NOT_WANTED };

/* fork() calls these where they are linked. */
static void (*const fork_knows)(struct forking *) __attribute__((used)) = __fork_prepare;

static volatile unsigned last_serial;

static const struct attributes by_default = {.stack_size = STACK_SIZE_DEFAULT, .guard_size = GUARD_SIZE_DEFAULT};

/* The first code of a thread; the kernel passes the tid. */
static void begin(struct thread *self, pid_t tid)
{
    self->tid = tid;
    __reent_start();
    while (self->life == HELD)
        __futex_raw(&self->life, FUTEX_WAIT | FUTEX_PRIVATE, HELD, NULL, NULL, 0);
    if (self->life == NOT_WANTED)
        __thread_exit(&self->life, NULL, 0);
    pthread_exit(self->start(self->argument));
}

/* The creator stores the tid, so that it can be used when pthread_create() answers.  The thread is held meanwhile: a
 * detached one would have ended, with all its memory. */
static void finish_making(struct thread *thread, pid_t tid)
{
    thread->tid = tid;
    thread_unhold(thread);
}

/* Set how a held thread is scheduled, and let it go.  0, or an error: then it ends at once. */
static int schedule(struct thread *thread, const struct attributes *attributes)
{
    struct sched_param param = {.sched_priority = attributes->priority};
    int error = 0, saved = errno;

    if (attributes->explicit && sched_setscheduler(thread->tid, attributes->policy, &param) == -1)
        error = errno; /* POSIX pthread_create: EINVAL, EPERM */
    if (error == 0 && attributes->affinity != 0 &&
        sched_setaffinity(thread->tid, sizeof(attributes->affinity), (const cpu_set_t *)&attributes->affinity) == -1)
        error = errno;
    errno = saved;
    if (error == 0)
        finish_making(thread, thread->tid); /* it cannot end before it is let go */
    __atomic_store_n(&thread->life, error == 0 ? ALIVE : NOT_WANTED, __ATOMIC_RELEASE);
    futex_wake(&thread->life, FUTEX_PRIVATE, 1); /* it may be gone: that is nobody's word */
    return error;
}

/* The first thread, now that others may join and signal it. */
static void make_first_known(void)
{
    __thread_id();
    thread_self()->life = ALIVE;
}

static int start(struct thread *thread, const struct attributes *attributes)
{
    bool held = attributes->explicit || attributes->affinity != 0;
    void *pointer = __thread_memory_pointer(thread);
    int tid;

    thread->life = held ? HELD : ALIVE;
    thread->holders = 1;
    __atomic_add_fetch(&__threads_alive, 1, __ATOMIC_RELAXED);
    tid = __thread_create((void (*)(void))begin, thread, pointer, pointer);
    if (tid < 0) {
        thread->life = 0;
        return EAGAIN; /* POSIX pthread_create: EAGAIN */
    }
    if (held) {
        thread->tid = tid;
        return schedule(thread, attributes);
    }
    finish_making(thread, tid);
    return 0;
}

int pthread_create(pthread_t *restrict id, const pthread_attr_t *restrict attr, void *(*function)(void *),
                   void *restrict argument)
{
    const struct attributes *attributes = attr != NULL ? attributes_of(attr) : &by_default;
    struct thread *thread = __thread_memory_get(attributes);
    int error;

    if (thread == NULL)
        return EAGAIN; /* POSIX pthread_create: EAGAIN */
    if (thread_self()->life == 0)
        make_first_known();
    thread->start = function;
    thread->argument = argument;
    thread->serial = __atomic_add_fetch(&last_serial, 1, __ATOMIC_RELAXED);
    thread->fate = attributes->detached ? FATE_DETACHED : FATE_JOINABLE;
    *id = thread_handle(thread);
    error = start(thread, attributes);
    if (error != 0) {
        __atomic_sub_fetch(&__threads_alive, 1, __ATOMIC_RELAXED);
        thread_await(thread);
        __thread_memory_put(thread);
    }
    return error;
}
