/*
 * hand_thread.c - threads by the kernel's own calls (see hand_thread.h).
 */
#include "hand_thread.h"

#include <abi/futex.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "ask.h"
#include "tap.h"

static struct hand_thread {
    char stack[hand_stack_size] __attribute__((aligned(8)));
    void (*entry)(int);
    int argument;
    volatile int life; /* 1, then 0 by the kernel when it has ended */
} threads[hand_threads_max];

static void run(struct hand_thread *self)
{
    self->entry(self->argument);
    plain_call(SYS_thread_exit, (long)&self->life, 0, 0, 0);
}

int hand_start(unsigned slot, void (*entry)(int), int argument)
{
    struct hand_thread *thread = &threads[slot];
    long tid;

    if (slot >= hand_threads_max || thread->life != 0)
        tap_give_up("thread %u runs already", slot);
    thread->entry = entry;
    thread->argument = argument;
    thread->life = 1;
    tid = plain_call(SYS_thread_create, (long)run, (long)thread, (long)(thread->stack + sizeof thread->stack),
                     (long)__builtin_thread_pointer());
    if (tid < 0)
        thread->life = 0;
    return (int)tid;
}

int hand_start_or_give_up(unsigned slot, void (*entry)(int), int argument)
{
    int tid = hand_start(slot, entry, argument);

    if (tid < 0)
        tap_give_up("no thread can be made: error %d", -tid);
    return tid;
}

bool hand_has_ended(unsigned slot)
{
    return threads[slot].life == 0;
}

bool hand_all_ended(void *unused)
{
    (void)unused;
    for (unsigned slot = 0; slot < hand_threads_max; slot++)
        if (!hand_has_ended(slot))
            return false;
    return true;
}

void hand_join(unsigned slot)
{
    while (!hand_has_ended(slot))
        plain_call(SYS_futex, (long)&threads[slot].life, FUTEX_WAIT | FUTEX_PRIVATE, 1, 0);
}
