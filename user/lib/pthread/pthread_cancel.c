/*
 * pthread_cancel.c - having a thread end at its next cancellation point, or, where it allows that, at once.
 *
 * The request is a bit in thread->cancel.  Cancellation points look at it (cancel_call.S); a thread that may be asleep
 * in one is sent SIGCANCEL, whose handler decides by where it was:
 *
 *      asynchronous type, or between the look and the end of the call    the thread goes on at __cancel_act
 *      anywhere else                                                     nothing
 *
 * But if that was in another signal's handler, which returns into such a call, SIGCANCEL must come again: so it is sent
 * once more, and stays blocked until that handler returns.
 */
#include "../sigset.h"
#include "memory.h"
#include <signal.h>
#include <sys/syscall.h>

#define PSR_THUMB 0x20u
#define PSR_IT 0x0600fc00u /* what is left of an IT block */

extern const char __cancel_begin[], __cancel_end[], __cancel_act[]; /* cancel_call.S */

void __cancel_now(void)
{
    pthread_exit(PTHREAD_CANCELED);
}

static void on_cancel(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    unsigned cancel = thread_self()->cancel;
    uintptr_t pc = user->uc_mcontext.arm_pc;

    (void)info;
    if (!cancel_is_due(cancel))
        return;
    if (cancel & CANCEL_ASYNCHRONOUS || (pc >= (uintptr_t)__cancel_begin && pc < (uintptr_t)__cancel_end)) {
        user->uc_mcontext.arm_pc = (uintptr_t)__cancel_act;
        user->uc_mcontext.arm_cpsr &= ~(unsigned long)(PSR_THUMB | PSR_IT);
        return;
    }
    user->uc_sigmask |= 1ull << (signal - 1);
    __tgkill(getpid(), __thread_id(), signal);
}

static void catch_cancel(void)
{
    static volatile int caught;
    struct sigaction action = {.sa_sigaction = on_cancel, .sa_flags = SA_SIGINFO | SA_RESTART};

    if (__atomic_load_n(&caught, __ATOMIC_ACQUIRE))
        return;
    action.sa_mask = ~0ull;
    action.sa_flags |= SA_RESTORER;
    action.sa_restorer = __signal_restorer;
    __sigaction(SIGCANCEL, &action, NULL);
    __atomic_store_n(&caught, 1, __ATOMIC_RELEASE);
}

int pthread_cancel(pthread_t id)
{
    struct thread *thread = thread_of(id);
    struct hold hold;
    unsigned before;

    catch_cancel();
    before = __atomic_fetch_or(&thread->cancel, CANCEL_REQUESTED, __ATOMIC_ACQ_REL);
    if (before & CANCEL_REQUESTED)
        return 0;
    if (thread != thread_self()) {
        __tgkill(getpid(), __thread_hold(&hold, id), SIGCANCEL); /* one that has ended needs none */
        __thread_release(&hold);
        return 0;
    }
    if (cancel_is_due(thread->cancel) && before & CANCEL_ASYNCHRONOUS)
        __cancel_now();
    return 0;
}
