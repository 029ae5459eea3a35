/*
 * sigev_thread.c - SIGEV_THREAD: a function that is called in a new thread whenever an event comes.
 *
 * The kernel knows signals.  It sends SIGEVENT, with a value that names a slot of events[]; one thread of the library
 * waits for that and starts a thread for each.  A slot that is used again has another generation, so that a signal that
 * was on its way when its timer was deleted means nothing.
 *
 * Left out on purpose: telling anybody that there was no memory for the thread.
 */
#include "sigev_thread.h"
#include "../lock.h"
#include <limits.h>

#define EVENTS_MAX 256

static struct event {
    enum sigev_kind kind; /* 0: the slot is free */
    int number;           /* of the timer or queue; -1: not known yet */
    unsigned generation;
    void (*function)(union sigval);
    union sigval value;
    struct attributes attributes;
} events[EVENTS_MAX];

volatile int __sigev_lock; /* guards all of it */
static pid_t served;       /* the process in which the thread waits: after fork the child has none */

/* What the new thread is to call; the slot may be used again meanwhile. */
struct call {
    void (*function)(union sigval);
    union sigval value;
};

static void *run(void *argument)
{
    struct call call = *(struct call *)argument;

    free(argument);
    call.function(call.value);
    return NULL;
}

static void start(const struct event *event)
{
    struct call *call = malloc(sizeof(*call));
    pthread_t thread;

    if (call == NULL)
        return;
    *call = (struct call){event->function, event->value};
    if (pthread_create(&thread, (const pthread_attr_t *)&event->attributes, run, call) != 0)
        free(call);
}

/* Lock held.  The event of that name, or NULL. */
static struct event *by_name(int name)
{
    struct event *event = &events[name % EVENTS_MAX];

    return event->kind != 0 && event->generation == (unsigned)name / EVENTS_MAX ? event : NULL;
}

/* Take what a signal's value names: an event of a queue comes once.  False: it is no more. */
static bool take(int name, struct event *taken)
{
    struct event *event;

    lock_acquire(&__sigev_lock);
    event = by_name(name);
    if (event != NULL) {
        *taken = *event;
        if (event->kind == SIGEV_OF_QUEUE)
            event->kind = 0;
    }
    lock_release(&__sigev_lock);
    return event != NULL;
}

static void *serve(void *unused)
{
    sigset_t set = 1ull << (SIGEVENT - 1);
    struct event event;
    siginfo_t info;

    if (__atomic_sub_fetch(&__threads_alive, 1, __ATOMIC_ACQ_REL) == 0)
        exit(0); /* it does not keep the process alive, and the others have ended meanwhile */
    for (;;) {
        if (sigtimedwait(&set, &info, NULL) == SIGEVENT && take(info.si_value.sival_int, &event))
            start(&event);
    }
    return unused;
}

/* Lock held.  0, or an error. */
static int start_serving(void)
{
    pthread_attr_t attr;
    sigset_t all, old;
    pthread_t thread;
    int error;

    if (served == getpid())
        return 0;
    for (int slot = 0; slot < EVENTS_MAX; slot++)
        events[slot].kind = 0; /* of the process that has forked this one, which has none of its timers */
    __threads_hidden = true;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 4 * PTHREAD_STACK_MIN);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    error = pthread_create(&thread, &attr, serve, NULL);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (error == 0)
        served = getpid();
    return error;
}

/* Lock held.  A free slot, or -1. */
static int find_free(void)
{
    for (int slot = 0; slot < EVENTS_MAX; slot++) {
        if (events[slot].kind == 0)
            return slot;
    }
    return -1;
}

static void fill(struct event *event, enum sigev_kind kind, const struct sigevent *wanted)
{
    event->kind = kind;
    event->number = -1;
    event->generation = (event->generation + 1) % (1u << 23);
    event->function = wanted->sigev_notify_function;
    event->value = wanted->sigev_value;
    if (wanted->sigev_notify_attributes != NULL)
        event->attributes = *attributes_of(wanted->sigev_notify_attributes);
    else
        pthread_attr_init((pthread_attr_t *)&event->attributes);
    event->attributes.detached = PTHREAD_CREATE_DETACHED;
}

int __sigev_thread_enter(const struct sigevent *event, enum sigev_kind kind, struct sigevent *kernel)
{
    int slot, name = -1;

    lock_acquire(&__sigev_lock);
    slot = start_serving() == 0 ? find_free() : -1;
    if (slot >= 0) {
        fill(&events[slot], kind, event);
        name = (int)(events[slot].generation * EVENTS_MAX) + slot;
        *kernel = (struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGEVENT};
        kernel->sigev_value.sival_int = name;
    }
    lock_release(&__sigev_lock);
    if (name < 0)
        errno = EAGAIN;
    return name;
}

void __sigev_thread_keep(int name, enum sigev_kind kind, int number)
{
    struct event *event;

    __sigev_thread_forget(kind, number);
    lock_acquire(&__sigev_lock);
    event = by_name(name);
    if (event != NULL)
        event->number = number;
    lock_release(&__sigev_lock);
}

void __sigev_thread_drop(int name)
{
    lock_acquire(&__sigev_lock);
    events[name % EVENTS_MAX].kind = 0;
    lock_release(&__sigev_lock);
}

void __sigev_thread_forget(enum sigev_kind kind, int number)
{
    lock_acquire(&__sigev_lock);
    for (int slot = 0; slot < EVENTS_MAX; slot++) {
        if (events[slot].kind == kind && events[slot].number == number)
            events[slot].kind = 0;
    }
    lock_release(&__sigev_lock);
}
