/*
 * signal_context.c - getcontext and its family, and a handler's context given to setcontext.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "tap.h"

static ucontext_t mine, other, third;
static uint8_t stack[16384] __attribute__((aligned(8))), stack2[16384] __attribute__((aligned(8)));
static volatile int step, sum;

static void test_get_and_set(void)
{
    volatile int times = 0;
    int answer = getcontext(&mine);

    if (++times < 3)
        setcontext(&mine);
    tap_is(answer, 0, "getcontext");
    tap_is(times, 3, "setcontext goes on behind getcontext, as often as one likes");
}

static int keeps_unit(void)
{
    register double d8 __asm__("d8") = 1.5;
    register double d15 __asm__("d15") = 2.5;
    volatile int again = 0;

    __asm__ volatile("" : "+w"(d8), "+w"(d15));
    getcontext(&mine);
    __asm__ volatile("" : "+w"(d8), "+w"(d15));
    if (again++ == 0) {
        __asm__ volatile("vmov.i32 q4, #0\n\tvmov.i32 q7, #0" ::: "d8", "d9", "d14", "d15");
        setcontext(&mine);
    }
    __asm__ volatile("" : "+w"(d8), "+w"(d15));
    return d8 == 1.5 && d15 == 2.5;
}

static void test_mask(void)
{
    sigset_t set, old;
    volatile int again = 0;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    getcontext(&mine);
    if (again++ == 0) {
        sigprocmask(SIG_SETMASK, &old, NULL);
        setcontext(&mine);
    }
    sigprocmask(SIG_SETMASK, &old, &set);
    tap_ok(sigismember(&set, SIGUSR1) && again == 2, "the mask is part of the context");
}

static void adds(int a, int b, int c, int d, int e, int f)
{
    sum = a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f;
    step = (uintptr_t)__builtin_frame_address(0) - (uintptr_t)stack < sizeof stack;
}

static void prepare(ucontext_t *context, uint8_t *memory, ucontext_t *link)
{
    getcontext(context);
    context->uc_stack.ss_sp = memory;
    context->uc_stack.ss_size = sizeof stack;
    context->uc_link = link;
}

static void test_make(void)
{
    prepare(&other, stack, &mine);
    makecontext(&other, (void (*)(void))adds, 6, 1, 2, 3, 4, 5, 6);
    tap_is(swapcontext(&mine, &other), 0, "swapcontext comes back by uc_link");
    tap_is(sum, 654321, "makecontext passes arguments");
    tap_is(step, 1, "on the new stack");
}

/* Two contexts that take turns. */
static void takes_turns(void)
{
    for (int i = 0; i < 100; i++) {
        step += i;
        swapcontext(&other, &third);
    }
}

static void answers(void)
{
    for (int i = 0; i < 100; i++) {
        sum += step;
        swapcontext(&third, &other);
    }
}

static void test_swap(void)
{
    step = sum = 0;
    prepare(&other, stack, &mine);
    makecontext(&other, takes_turns, 0);
    prepare(&third, stack2, &mine);
    makecontext(&third, answers, 0);
    swapcontext(&mine, &other);
    tap_ok(step == 4950 && sum == 166650, "two contexts take turns a hundred times");
}

__attribute__((target("thumb"), noinline)) static void in_thumb(void)
{
    sum = 42;
}

static void test_thumb(void)
{
    prepare(&other, stack, &mine);
    makecontext(&other, in_thumb, 0);
    swapcontext(&mine, &other);
    tap_is(sum, 42, "a function in Thumb code");
}

static int ends_without_link(void *unused)
{
    (void)unused;
    prepare(&other, stack, NULL);
    makecontext(&other, in_thumb, 0);
    setcontext(&other);
    return 1;
}

/* A handler goes on where it likes by setcontext(), and a saved handler's context is gone on with later. */
static void save_and_leave(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    memcpy(&other, context, sizeof other);
    step = 1;
    setcontext(&mine);
}

static void test_handler(void)
{
    struct sigaction action = {.sa_sigaction = save_and_leave, .sa_flags = SA_SIGINFO};
    volatile int left = 0, back = 0;
    sigset_t set;

    sigaction(SIGUSR1, &action, NULL);
    getcontext(&mine);
    if (left++ == 0) {
        raise(SIGUSR1);
        back = 1;
    }
    if (!back)
        setcontext(&other); /* goes on in raise() */
    sigprocmask(SIG_BLOCK, NULL, &set);
    tap_ok(back == 1 && left == 2 && !sigismember(&set, SIGUSR1), "setcontext with the context of a handler");
}

static int bad_context(void *context)
{
    signal(SIGSEGV, SIG_DFL);
    setcontext(context);
    return 0;
}

/* Of all fields of the context, what a handler changes is what the code goes on with. */
static void changes(int signal, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    double *d = (double *)((uint8_t *)c->uc_regspace + 8);
    struct abi_vfp_frame *vfp = (void *)c->uc_regspace;

    (void)signal;
    (void)info;
    sum = vfp->magic == ABI_VFP_MAGIC && vfp->size == sizeof *vfp;
    d[9] = 4.5;
    sigaddset(&c->uc_sigmask, SIGUSR2);
    c->uc_mcontext.arm_r5 = 55;
}

static void test_changed(void)
{
    struct sigaction action = {.sa_sigaction = changes, .sa_flags = SA_SIGINFO};
    register int r5 __asm__("r5") = 0;
    register double d9 __asm__("d9") = 0;
    register int pid __asm__("r0");
    sigset_t set;

    sigaction(SIGUSR1, &action, NULL);
    pid = getpid();
    __asm__ volatile("mov r1, %[signal]\n\tmov r7, %[call]\n\tsvc #0"
                     : "+r"(pid), "+r"(r5), "+w"(d9)
                     : [signal] "i"(SIGUSR1), [call] "i"(SYS_kill)
                     : "r1", "r2", "r3", "r7", "memory", "cc");
    sigprocmask(SIG_BLOCK, NULL, &set);
    tap_ok(r5 == 55 && d9 == 4.5 && sigismember(&set, SIGUSR2) && sum == 1,
           "a handler changes registers, the unit's registers and the mask that the code goes on with");
}

int main(void)
{
    tap_begin();
    test_get_and_set();
    tap_ok(keeps_unit(), "d8 to d15 are part of the context");
    test_mask();
    test_make();
    test_swap();
    test_thumb();
    tap_is(tap_child_result(ends_without_link, NULL), 0, "without uc_link the process ends");
    test_handler();
    test_changed();
    tap_is(tap_child_result(bad_context, (void *)0x80010000), -SIGSEGV, "a context in the kernel");
    tap_is(tap_child_result(bad_context, (void *)12), -SIGSEGV, "one that is nowhere");
    return tap_end();
}
