/*
 * trap.c - what vectors.S calls: the table of system calls, interrupts, faults, undefined instructions, and the work
 * that is left on the way back to user mode.
 */
#include <abi/syscall.h>
#include <arch/boot.h>
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/log.h>
#include <ipc/signal.h>
#include <mm/space.h>
#include <mm/user.h>
#include <core/syscalls.h>
#include <sys/trap.h>

_Static_assert(SYSCALL_LAST == SYSCALL_MAX, "vectors.S compares with it");

static long sys_missing(void)
{
    return -ENOSYS;
}

/* Indexed by r7.  The entries have the types that the list gives them; all return in r0.  Every number is missing
 * until the list says otherwise. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define SYSCALL(number, name, arguments, restart, parameters) [number] = (const void *)sys_##name,
const void *const syscall_table[SYSCALL_MAX + 1] = {
    [0 ... SYSCALL_MAX] = (const void *)sys_missing,
#include <abi/syscall_list.h>
};
#undef SYSCALL

static inline bool from_user(const struct trap_frame *frame)
{
    return (frame->psr & PSR_MODE_MASK) == PSR_USER;
}

void trap_interrupt(struct trap_frame *frame)
{
    cpu_time_sample(from_user(frame));
    irq_dispatch();
}

/* The fault status (ARM ARM B3.13.3, long-descriptor format). */
#define STATUS_KIND(status) ((status) >> 2 & 0xf)
#define KIND_TRANSLATION 1
#define KIND_PERMISSION 3
#define STATUS_CODE(status) ((status)&0x3f)
#define CODE_ALIGNMENT 0x21
#define CODE_DEBUG 0x22
#define STATUS_WRITE (1u << 11)

/* What the space can do about it: 0, or FAULT(signal, code). */
static int resolve(uint32_t status, uint32_t address, unsigned access)
{
    unsigned kind = STATUS_KIND(status);

    if (STATUS_CODE(status) == CODE_ALIGNMENT)
        return FAULT(SIGBUS, BUS_ADRALN);
    if (STATUS_CODE(status) == CODE_DEBUG)
        return FAULT(SIGTRAP, TRAP_BRKPT);
    if (kind < KIND_TRANSLATION || kind > KIND_PERMISSION)
        return FAULT(SIGBUS, BUS_OBJERR);
    if (address >= USER_TOP)
        return FAULT(SIGSEGV, SEGV_MAPERR);
    return space_fault(current->process->space, address, access);
}

/* The instruction of a copy routine that may fault: where it goes on. */
struct fixup {
    uint32_t pc, resume;
};
extern const struct fixup ex_table_start[], ex_table_end[]; /* linker/kernel.ld */

static bool fix_up(struct trap_frame *frame)
{
    for (const struct fixup *f = ex_table_start; f < ex_table_end; f++)
        if (f->pc == frame->pc) {
            frame->pc = f->resume;
            return true;
        }
    return false;
}

/* One of the accesses that may be made with a spinlock held, and then fail. */
static bool may_fail_now(uint32_t pc)
{
    return (pc >= (uint32_t)user_access_start && pc < (uint32_t)user_access_end) ||
           (pc >= (uint32_t)copy_faultable && pc < (uint32_t)copy_short_end);
}

void trap_fault(struct trap_frame *frame, uint32_t status, uint32_t address, unsigned is_prefetch)
{
    unsigned access = is_prefetch ? ACCESS_EXECUTE : status & STATUS_WRITE ? ACCESS_WRITE : ACCESS_READ;
    struct process *process = current->process;
    int fault;

    if (from_user(frame)) {
        irq_enable();
        fault = resolve(status, address, access);
        if (fault != 0)
            signal_fault(FAULT_SIGNAL(fault), FAULT_CODE(fault), address);
        return;
    }
    if (frame->psr & PSR_I && may_fail_now(frame->pc) && fix_up(frame))
        return;
    if (is_prefetch || process == NULL || frame->psr & PSR_I)
        panic_frame(frame, "%s at address %08x, status %x", is_prefetch ? "jump" : "access", (unsigned)address,
                    (unsigned)status);
    irq_enable();
    debug_may_sleep();
    fault = resolve(status, address, access);
    irq_disable();
    if (fault == 0)
        return;
    if (FAULT_SIGNAL(fault) == SIGKILL)
        signal_fault(SIGKILL, 0, address);
    if (!fix_up(frame))
        panic_frame(frame, "kernel access at address %08x, status %x", (unsigned)address, (unsigned)status);
}

void trap_undefined(struct trap_frame *frame)
{
    frame->pc -= frame->psr & PSR_THUMB ? 2 : 4;
    if (vfp_trap())
        return;
    if (!from_user(frame))
        panic_frame(frame, "undefined instruction");
    irq_enable();
    signal_fault(SIGILL, ILL_ILLOPC, frame->pc);
}

void trap_unexpected(struct trap_frame *frame)
{
    panic_frame(frame, "exception of a kind that is never turned on");
}

void trap_stack_overflow(uint32_t sp, uint32_t pc, uint32_t address)
{
    panic("kernel stack overflow: sp %08x, pc %08x, address %08x, thread %s (%d)", (unsigned)sp, (unsigned)pc,
          (unsigned)address, current->name, current->tid);
}

/* Interrupts are off, and off again on return.  `call`: the frame is a system call's, with its result in r0. */
void trap_work(struct trap_frame *frame, bool call)
{
    uint32_t work = current->work;

    if (work & WORK_RESCHEDULE)
        sched_preempt();
    if (work & WORK_SIGNAL) {
        irq_enable();
        signal_deliver(frame, call);
        irq_disable();
    }
}
