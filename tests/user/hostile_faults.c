/*
 * hostile_faults.c - instructions that user mode may not have, jumps and accesses to where it has no business, stacks
 * that are none, and signal frames that ask for another mode: each gets its signal, or has no effect.
 *
 * A row is one instruction, put into an executable page between a load of r0 and a return, and run by a culprit.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include <abi/layout.h>

#include "hostile.h"
#include "tap.h"

enum { either = -1 }; /* SIGILL, or no effect: the architecture leaves it open */

static struct hostile_memory memory;

/* What r0 holds when the instruction runs. */
enum operand { ZERO, WRITABLE, UNALIGNED, KERNEL, DEVICES, AT_END, TIME_PAGE, MODE };

struct row {
    const char *what;
    uint32_t instruction;
    enum operand operand;
    int signal; /* that ends the culprit; 0: none */
};

static const struct row rows[] = {
    {"udf", 0xe7f000f0, ZERO, SIGILL},
    {"bkpt", 0xe1200070, ZERO, SIGTRAP},
    {"mrc, the control register", 0xee110f10, ZERO, SIGILL},
    {"mcr, the control register", 0xee010f10, ZERO, SIGILL},
    {"mrc, the page tables' base", 0xee120f10, ZERO, SIGILL},
    {"mcr, the page tables' base", 0xee020f10, ZERO, SIGILL},
    {"mcr, empty the TLB", 0xee080f17, ZERO, SIGILL},
    {"mcr, discard the instruction cache", 0xee070f15, ZERO, SIGILL},
    {"mcr, discard a line of data", 0xee070f36, ZERO, SIGILL},
    {"mcr, the kernel's thread pointer", 0xee0d0f90, ZERO, SIGILL},
    {"mrc, the kernel's thread pointer", 0xee1d0f90, ZERO, SIGILL},
    {"mcr, the read-only thread pointer", 0xee0d0f70, ZERO, SIGILL},
    {"mcr, our own thread pointer", 0xee0d0f50, ZERO, 0},
    {"mcr, the timer's control", 0xee0e0f33, ZERO, SIGILL},
    {"mcrr, when the timer is due", 0xec410f3e, ZERO, SIGILL},
    {"mcr, the counters of events", 0xee090f1c, ZERO, SIGILL},
    {"mcr, the vectors' base", 0xee0c0f10, ZERO, SIGILL},
    {"vmsr, the floating-point unit on or off", 0xeee80a10, ZERO, SIGILL},
    {"mcr to a coprocessor that is none", 0xee000010, ZERO, SIGILL},
    {"cdp", 0xee000100, ZERO, SIGILL},
    {"hvc", 0xe1400070, ZERO, SIGILL},
    {"smc", 0xe1600070, ZERO, SIGILL},
    {"hlt, which asks the host", 0xe10f0070, ZERO, SIGILL},
    {"msr spsr", 0xe169f000, MODE, SIGILL},
    {"rfe", 0xf8900a00, AT_END, SIGILL},
    {"srs", 0xf8cd0513, ZERO, SIGILL},
    {"ldm of pc and the state", 0xe8d08000, AT_END, SIGILL},
    {"subs pc, lr", 0xe25ef000, ZERO, SIGILL},
    {"cpsid: interrupts off", 0xf10c00c0, ZERO, 0},
    {"cps: another mode", 0xf1020013, ZERO, 0},
    {"msr cpsr: another mode", 0xe121f000, MODE, 0},
    {"wfi", 0xe320f003, ZERO, 0},
    {"wfe", 0xe320f002, ZERO, 0},
    {"sev", 0xe320f004, ZERO, 0},
    {"pld of the kernel", 0xf5d0f000, KERNEL, 0},
    {"swp", 0xe1001091, WRITABLE, either},
    {"ldr of the kernel", 0xe5900000, KERNEL, SIGSEGV},
    {"str to the kernel", 0xe5800000, KERNEL, SIGSEGV},
    {"ldrt of the kernel", 0xe4b00000, KERNEL, SIGSEGV},
    {"str to a device", 0xe5800000, DEVICES, SIGSEGV},
    {"str to the page that tells the time", 0xe5800000, TIME_PAGE, SIGSEGV},
    {"ldm across the end of memory", 0xe890000e, AT_END, SIGSEGV},
    {"stm across the end of memory", 0xe880000e, AT_END, SIGSEGV},
    {"ldrd, unaligned", 0xe1c020d0, UNALIGNED, SIGBUS},
    {"strd, unaligned", 0xe1c020f0, UNALIGNED, SIGBUS},
    {"ldm, unaligned", 0xe890000e, UNALIGNED, SIGBUS},
    {"stm, unaligned", 0xe880000e, UNALIGNED, SIGBUS},
    {"ldrex, unaligned", 0xe1901f9f, UNALIGNED, SIGBUS},
    {"vldm, unaligned", 0xec900b04, UNALIGNED, SIGBUS},
    {"vld1 with an alignment that does not hold", 0xf420071f, UNALIGNED, SIGBUS},
    {"ldr, unaligned, which is allowed", 0xe5901000, UNALIGNED, 0},
    {"bx to the kernel", 0xe12fff10, KERNEL, SIGSEGV},
    {"bx to the devices", 0xe12fff10, DEVICES, SIGSEGV},
    {"bx to page 0", 0xe12fff10, ZERO, SIGSEGV},
    {"bx to data", 0xe12fff10, UNALIGNED, SIGSEGV},
    {"bx to the page that tells the time", 0xe12fff10, TIME_PAGE, SIGSEGV},
};

static uint32_t operand_of(const struct row *row)
{
    switch (row->operand) {
    case WRITABLE:
        return (uint32_t)memory.writable;
    case UNALIGNED:
        return (uint32_t)memory.writable + 1;
    case KERNEL:
        return 0x80010000;
    case DEVICES:
        return 0xf0000000;
    case AT_END:
        return (uint32_t)memory.read_end - 4;
    case TIME_PAGE:
        return USER_TIME_PAGE;
    case MODE:
        return 0xd3; /* supervisor, interrupts off */
    default:
        return 0;
    }
}

static void on_alarm(int signal)
{
    (void)signal;
}

static uint32_t mode(void)
{
    uint32_t psr;

    __asm__ volatile("mrs %0, cpsr" : "=r"(psr));
    return psr & 0x1f;
}

static int run_row(void *context)
{
    const struct row *row = context;
    const struct itimerval often = {.it_value.tv_usec = 1000, .it_interval.tv_usec = 1000};
    uint32_t *code = (uint32_t *)memory.writable;

    code[0] = row->instruction;
    code[1] = 0xe12fff1e; /* bx lr */
    if (mprotect(code, 4096, PROT_READ | PROT_EXEC) != 0)
        return 1;
    memory.writable += 4096; /* for the operands */
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &often, NULL); /* ends wfi, also when the first one comes before it */
    ((void (*)(uint32_t))code)(operand_of(row));
    return mode() == 0x10 ? 0 : 2;
}

static void test_rows(void)
{
    for (const struct row *row = rows; row < rows + sizeof rows / sizeof rows[0]; row++) {
        int result = hostile_result(run_row, (void *)row);

        if (row->signal == either)
            tap_ok(result == 0 || result == -SIGILL, "%s: no effect, or SIGILL", row->what);
        else
            tap_is(result, -row->signal, "%s: %s", row->what, row->signal ? strsignal(row->signal) : "no effect");
    }
}

/* The number after svc is the host's business elsewhere; here r7 alone counts. */
static int svc_numbers(void *unused)
{
    register long r7 __asm__("r7") = 178;
    register long r0 __asm__("r0") = 0;

    (void)unused;
    __asm__ volatile("svc #0x123456" : "+r"(r0) : "r"(r7) : "memory");
    if (r0 != -ENOSYS)
        return 1;
    r7 = SYS_getpid;
    __asm__ volatile("svc #0xffffff" : "=r"(r0) : "r"(r7) : "memory");
    return r0 == getpid() ? 0 : 2;
}

/* Big-endian data are the program's own affair: the kernel's are not. */
static int big_endian(void *unused)
{
    register long r7 __asm__("r7") = SYS_getpid;
    register long r0 __asm__("r0");

    (void)unused;
    __asm__ volatile("setend be\n svc #0\n setend le" : "=r"(r0) : "r"(r7) : "memory");
    return r0 == getpid() ? 0 : 1;
}

static volatile uint32_t forged;

/* A frame that says another mode, or interrupts off. */
static void forge(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    ((ucontext_t *)context)->uc_mcontext.arm_cpsr = forged;
}

static int returns_forged(void *context)
{
    struct sigaction action = {.sa_sigaction = forge, .sa_flags = SA_SIGINFO};

    forged = *(uint32_t *)context;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    return mode() == 0x10 ? 0 : 1;
}

static void test_frames(void)
{
    bool right = true;

    for (uint32_t psr = 0; psr < 32; psr++) {
        uint32_t asked = psr | 0x1c0;
        int result = hostile_result(returns_forged, &asked);

        right &= result == 0 || result == -SIGSEGV;
    }
    tap_ok(right, "a signal frame with another mode: SIGSEGV, or user mode as before");
}

static int wild_stack(void *context)
{
    signal(SIGUSR1, on_alarm);
    __asm__ volatile("mov sp, %0\n"
                     "mov r7, %1\n"
                     "svc #0\n"
                     "mov r1, %2\n"
                     "mov r7, %3\n"
                     "svc #0\n" ::"r"(*(uint32_t *)context),
                     "i"(SYS_getpid), "i"(SIGUSR1), "i"(SYS_kill)
                     : "r0", "r1", "r7", "memory");
    return 0;
}

static void test_stacks(void)
{
    uint32_t tops[] = {0,
                       8,
                       0x80000000,
                       0x80010000,
                       0xf0000000,
                       0xfffffff8,
                       USER_TOP - 8,
                       (uint32_t)memory.unmapped,
                       (uint32_t)memory.forbidden + 4096,
                       (uint32_t)memory.read_end};

    for (unsigned i = 0; i < sizeof tops / sizeof tops[0]; i++)
        tap_is(hostile_result(wild_stack, &tops[i]), -SIGSEGV, "a signal's handler on a stack at %#lx: SIGSEGV",
               (unsigned long)tops[i]);
}

static int recurse(int depth)
{
    volatile char frame[512];

    frame[0] = (char)depth;
    return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

static int overflow(void *unused)
{
    (void)unused;
    return recurse(0);
}

static int overflow_with_handler(void *unused)
{
    signal(SIGSEGV, on_alarm);
    return overflow(unused);
}

/* The fault's handler has room: it runs, and ends the process with the signal's number. */
static int overflow_with_room(void *unused)
{
    struct sigaction action = {.sa_handler = _exit, .sa_flags = SA_ONSTACK};
    static char room[8192];

    sigaltstack(&(stack_t){.ss_sp = room, .ss_size = sizeof room}, NULL);
    sigaction(SIGSEGV, &action, NULL);
    return overflow(unused);
}

int main(void)
{
    hostile_begin();
    if (!hostile_memory(&memory))
        tap_give_up("no memory");
    test_rows();
    tap_is(hostile_result(svc_numbers, NULL), 0, "svc: the number that it carries does not matter");
    tap_is(hostile_result(big_endian, NULL), 0, "a call with the data's order reversed");
    test_frames();
    test_stacks();
    tap_is(hostile_result(overflow, NULL), -SIGSEGV, "stack overflow: SIGSEGV");
    tap_is(hostile_result(overflow_with_handler, NULL), -SIGSEGV, "with a handler that has no stack: SIGSEGV");
    tap_is(hostile_result(overflow_with_room, NULL), SIGSEGV, "with a handler on a stack of its own: it runs");
    return hostile_end();
}
