/*
 * signal_frame.c - the frame on the user's stack: every register comes back, faults have their siginfo, a handler may
 * mend what caused one, alternate stacks, and frames that were made up to gain rights.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "tap.h"

static volatile int count;
static volatile char *volatile nowhere = (char *)4;
static siginfo_t last;
static sigjmp_buf escape;

static void set_handler(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

    sigaction(signal, &action, NULL);
}

/* Changes every register that it may, the unit's too. */
static void disturb(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    (void)context;
    count++;
    __asm__ volatile("vmov.i32 q0, #0\n\tvmov.i32 q8, #0\n\tvmov.i32 q15, #0\n\tvmsr fpscr, %0" ::"r"(0x00400000)
                     : "q0", "q8", "q15", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "cc");
}

static int keeps_registers(void)
{
    uint32_t registers[4], fpscr = 0, old_fpscr;
    double d0 = 0, d31 = 0;
    register int pid __asm__("r0") = getpid();

    __asm__ volatile("vmrs %[old], fpscr" : [old] "=r"(old_fpscr));
    __asm__ volatile("vmov.f64 d0, #1.5\n\t"
                     "vmov.f64 d31, #2.5\n\t"
                     "mov r4, #44\n\tmov r5, #55\n\tmov r6, #66\n\tmov r8, #88\n\t"
                     "mov r1, %[signal]\n\tmov r7, %[call]\n\tsvc #0\n\t"
                     "vmrs %[fpscr], fpscr\n\t"
                     "vstr d0, %[d0]\n\tvstr d31, %[d31]\n\t"
                     "stmia %[registers], {r4, r5, r6, r8}"
                     : [fpscr] "=&r"(fpscr), [d0] "=m"(d0), [d31] "=m"(d31), "+r"(pid)
                     : [signal] "i"(SIGUSR1), [call] "i"(SYS_kill), [registers] "r"(registers)
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "d0", "d31", "memory", "cc");
    return pid == 0 && d0 == 1.5 && d31 == 2.5 && fpscr == old_fpscr && registers[0] == 44 && registers[1] == 55 &&
           registers[2] == 66 && registers[3] == 88;
}

static void test_registers(void)
{
    set_handler(SIGUSR1, disturb, 0);
    tap_ok(keeps_registers() && count == 1, "all registers come back, those of the VFP unit too");
}

static void note_and_escape(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    last = *info;
    siglongjmp(escape, 1);
}

#define FAULTS(signal, statement)                \
    do {                                         \
        memset(&last, 0, sizeof last);           \
        set_handler(signal, note_and_escape, 0); \
        if (sigsetjmp(escape, 1) == 0)           \
            statement;                           \
    } while (0)

static void test_faults(void)
{
    volatile uint32_t *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    volatile uint32_t sink;
    volatile uint32_t *wild = (uint32_t *)0x40001234;

    FAULTS(SIGSEGV, sink = *wild);
    tap_ok(last.si_signo == SIGSEGV && last.si_code == SEGV_MAPERR && last.si_addr == wild,
           "SIGSEGV, SEGV_MAPERR, si_addr");
    mprotect((void *)page, 4096, PROT_READ);
    FAULTS(SIGSEGV, page[3] = 1);
    tap_ok(last.si_code == SEGV_ACCERR && last.si_addr == page + 3, "SEGV_ACCERR, a write to read-only memory");
    wild = (uint32_t *)0x80010000;
    FAULTS(SIGSEGV, sink = *wild);
    tap_ok(last.si_signo == SIGSEGV && last.si_addr == wild, "SIGSEGV, a look at the kernel");
    FAULTS(SIGSEGV, ((void (*)(void))(uintptr_t)page)());
    tap_ok(last.si_signo == SIGSEGV && last.si_code == SEGV_ACCERR, "SEGV_ACCERR, a jump to data");
    FAULTS(SIGSEGV, ((void (*)(void))0x80010000)());
    tap_ok(last.si_signo == SIGSEGV, "SIGSEGV, a jump into the kernel");
    FAULTS(SIGSEGV, ((void (*)(void))0)());
    tap_ok(last.si_signo == SIGSEGV && last.si_addr == NULL, "SIGSEGV, a jump to NULL");
    FAULTS(SIGILL, __asm__ volatile(".inst 0xe7f000f0"));
    tap_ok(last.si_signo == SIGILL && last.si_code == ILL_ILLOPC, "SIGILL, an undefined instruction");
    FAULTS(SIGILL, __asm__ volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"(0)));
    tap_ok(last.si_signo == SIGILL, "SIGILL, a privileged instruction");
    FAULTS(SIGBUS, __asm__ volatile("ldrexd r2, r3, [%0]" ::"r"((uint32_t)page + 4) : "r2", "r3"));
    tap_ok(last.si_signo == SIGBUS && last.si_code == BUS_ADRALN, "SIGBUS, BUS_ADRALN");
    munmap((void *)page, 8192);
    (void)sink;
}

/* POSIX: the handler may mend the cause and return. */
static void mend(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    count++;
    mprotect((void *)((uintptr_t)info->si_addr & ~4095u), 4096, PROT_READ | PROT_WRITE);
}

static void skip(int signal, siginfo_t *info, void *context)
{
    ucontext_t *c = context;

    (void)signal;
    (void)info;
    c->uc_mcontext.arm_pc += 4;
    c->uc_mcontext.arm_r0 = 1234;
}

static void test_mending(void)
{
    volatile char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    register uint32_t r0 __asm__("r0") = 0;

    count = 0;
    set_handler(SIGSEGV, mend, 0);
    page[5] = 7;
    tap_ok(count == 1 && page[5] == 7, "a handler mends a fault and returns");
    set_handler(SIGILL, skip, 0);
    __asm__ volatile(".inst 0xe7f000f0" : "+r"(r0));
    tap_is(r0, 1234, "a handler changes the registers that it returns to");
    munmap((void *)page, 4096);
}

static int blocked_fault(void *unused)
{
    sigset_t set;

    (void)unused;
    set_handler(SIGSEGV, mend, 0);
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    *nowhere = 1;
    return 0;
}

static int ignored_fault(void *unused)
{
    (void)unused;
    signal(SIGSEGV, SIG_IGN);
    *nowhere = 1;
    return 0;
}

static uint8_t alternate[16384] __attribute__((aligned(8)));
static volatile uintptr_t seen_sp;

static void note_stack(int signal, siginfo_t *info, void *context)
{
    stack_t now;

    (void)signal;
    (void)info;
    (void)context;
    seen_sp = (uintptr_t)__builtin_frame_address(0);
    sigaltstack(NULL, &now);
    count = now.ss_flags;
}

static void test_alternate(void)
{
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, old, bad = {.ss_sp = alternate, .ss_size = 100};

    sigaltstack(NULL, &old);
    tap_is(old.ss_flags, SS_DISABLE, "no alternate stack at first");
    tap_fails(sigaltstack(&bad, NULL), ENOMEM, "POSIX sigaltstack: ENOMEM");
    bad = (stack_t){.ss_sp = alternate, .ss_size = sizeof alternate, .ss_flags = 77};
    tap_fails(sigaltstack(&bad, NULL), EINVAL, "POSIX sigaltstack: EINVAL");
    tap_works(sigaltstack(&stack, NULL), "sigaltstack");
    set_handler(SIGUSR1, note_stack, SA_ONSTACK);
    raise(SIGUSR1);
    tap_ok(seen_sp - (uintptr_t)alternate < sizeof alternate, "POSIX sigaction: SA_ONSTACK");
    tap_is(count, SS_ONSTACK, "sigaltstack says so in the handler");
    set_handler(SIGUSR1, note_stack, 0);
    raise(SIGUSR1);
    tap_ok(seen_sp - (uintptr_t)alternate >= sizeof alternate, "without it the handler runs on the normal stack");
}

static void change_stack(int signal, siginfo_t *info, void *context)
{
    stack_t stack = {.ss_flags = SS_DISABLE};

    (void)signal;
    (void)info;
    (void)context;
    count = sigaltstack(&stack, NULL) == -1 ? errno : 0;
}

static void overflow_handler(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    (void)context;
    _exit(55);
}

#pragma GCC diagnostic ignored "-Winfinite-recursion"
static int recurse(volatile char *above)
{
    volatile char here[4096];

    here[0] = *above;
    return recurse(here) + here[0];
}

static int overflows_with_stack(void *unused)
{
    char c = 0;

    (void)unused;
    set_handler(SIGSEGV, overflow_handler, SA_ONSTACK);
    return recurse(&c);
}

static int overflows_without(void *unused)
{
    stack_t none = {.ss_flags = SS_DISABLE};
    char c = 0;

    (void)unused;
    sigaltstack(&none, NULL);
    set_handler(SIGSEGV, overflow_handler, SA_ONSTACK);
    return recurse(&c);
}

static void test_overflow(void)
{
    set_handler(SIGUSR1, change_stack, SA_ONSTACK);
    raise(SIGUSR1);
    tap_is(count, EPERM, "POSIX sigaltstack: EPERM, the stack is in use");
    tap_is(tap_child_result(overflows_with_stack, NULL), 55, "a stack overflow is handled on the alternate stack");
    tap_is(tap_child_result(overflows_without, NULL), -SIGSEGV, "without one the process ends");
}

/* A handler that is interrupted by itself: how deep it is to get, how deep it has got, and below what. */
static struct nest {
    int depth, reached;
    uint8_t below[4096], stack[MINSIGSTKSZ];
} * nest;

static void nests(int signal)
{
    if (++nest->reached < nest->depth)
        raise(signal);
}

static int nests_on_stack(void *size)
{
    stack_t stack = {.ss_sp = nest->stack + sizeof nest->stack - *(size_t *)size, .ss_size = *(size_t *)size};
    struct sigaction action = {.sa_handler = nests, .sa_flags = SA_ONSTACK | SA_NODEFER};

    nest->reached = 0;
    sigaltstack(&stack, NULL);
    sigaction(SIGUSR1, &action, NULL);
    set_handler(SIGSEGV, overflow_handler, 0);
    raise(SIGUSR1);
    return 0;
}

static bool is_untouched(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void test_nesting(void)
{
    size_t small = MINSIGSTKSZ, large = MINSIGSTKSZ + sizeof nest->below;

    nest = mmap(NULL, sizeof *nest, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    nest->depth = 5;
    tap_is(tap_child_result(nests_on_stack, &small), -SIGSEGV, "no room on the alternate stack for one more frame");
    tap_ok(nest->reached > 0 && nest->reached < nest->depth, "ends the process, even with a handler of SIGSEGV");
    tap_ok(is_untouched(nest->below, sizeof nest->below), "and nothing below the stack was written");
    tap_is(tap_child_result(nests_on_stack, &large), 0, "with more room the handlers nest");
    tap_is(nest->reached, nest->depth, "as deep as they like");
    munmap(nest, sizeof *nest);
}

/* A handler that changes the CPSR it returns to. */
static uint32_t wanted_cpsr;

static void change_cpsr(int signal, siginfo_t *info, void *context)
{
    ucontext_t *c = context;

    (void)signal;
    (void)info;
    c->uc_mcontext.arm_cpsr = (c->uc_mcontext.arm_cpsr & ~0x1dfu) | wanted_cpsr;
}

static uint32_t cpsr(void)
{
    uint32_t value;

    __asm__ volatile("mrs %0, cpsr" : "=r"(value));
    return value;
}

static void test_privilege(void)
{
    static const uint32_t modes[] = {0x13, 0x1f, 0x12, 0x11, 0x17, 0x1b, 0x1a, 0x16, 0x00, 0x1d3};
    bool right = true;

    set_handler(SIGUSR1, change_cpsr, 0);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        wanted_cpsr = modes[i];
        raise(SIGUSR1);
        right &= (cpsr() & 0x1df) == 0x10;
    }
    tap_ok(right, "sigreturn gives no mode but the user's, and masks no interrupts");
}

static int bad_sigreturn(void *context)
{
    __asm__ volatile("mov sp, %0\n\tmov r7, %1\n\tsvc #0" ::"r"(context), "i"(SYS_sigreturn) : "r7");
    return 0;
}

static void test_bad_frames(void)
{
    signal(SIGSEGV, SIG_DFL);
    tap_is(tap_child_result(bad_sigreturn, (void *)0x80010000), -SIGSEGV, "sigreturn with a frame in the kernel");
    tap_is(tap_child_result(bad_sigreturn, (void *)16), -SIGSEGV, "with none");
    tap_is(tap_child_result(bad_sigreturn, (void *)((uintptr_t)alternate + 2)), -SIGSEGV,
           "with one that is not aligned");
    tap_is(tap_child_result(bad_sigreturn, (void *)0x7ffffff8), -SIGSEGV, "with one that wraps");
}

__attribute__((target("thumb"), noinline)) static void thumb_handler(int signal)
{
    count = signal;
}

static void test_thumb(void)
{
    count = 0;
    signal(SIGUSR2, thumb_handler);
    raise(SIGUSR2);
    tap_is(count, SIGUSR2, "a handler in Thumb code");
}

int main(void)
{
    tap_begin();
    test_registers();
    test_faults();
    test_mending();
    tap_is(tap_child_result(blocked_fault, NULL), -SIGSEGV, "a fault that is blocked ends the process");
    tap_is(tap_child_result(ignored_fault, NULL), -SIGSEGV, "so does one that is ignored");
    test_alternate();
    test_overflow();
    test_nesting();
    test_privilege();
    test_bad_frames();
    test_thumb();
    return tap_end();
}
