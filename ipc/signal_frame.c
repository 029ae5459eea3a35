/*
 * signal_frame.c - the frame that a handler finds on the user's stack, and sigreturn, which puts it back.
 *
 *      higher addresses    what the interrupted code had on its stack
 *      uc_regspace         VFP registers with a magic word, when the thread has used the unit; else one word 0
 *      uc_sigmask, ...     what the context holds of the thread
 *      info                siginfo
 *      sp ->
 *
 * The layout is abi_signal_frame.  Only what says something is written: the beginning of info and of context by
 * signal_store_faultable(), and then either the VFP registers or the 0.
 *
 * sigreturn trusts nothing: the frame may have been made up.  Whatever it holds, the thread goes on in user mode with
 * interrupts on, at an aligned address.
 */
#include <core/syscalls.h>
#include <ipc/signal.h>
#include <lib/string.h>
#include <mm/user.h>

/* Flags, IT state, GE, endianness, Thumb: what user code may have set in its CPSR.  Not: mode, masks, Jazelle. */
#define PSR_USER_BITS 0xfe0ffe20u
#define PSR_IT_BITS 0x0600fc00u

/* What setcontext takes from a ucontext_t, as context_load_faultable() finds it; trap frames have the registers in the
 * same order. */
struct user_registers {
    uint32_t r[13], sp, lr, pc;
} __attribute__((may_alias)); /* it is stored over a trap frame */
struct saved_context {
    struct user_registers registers;
    uint32_t psr, fault_address;
    abi_sigset_t mask;
    uint32_t vfp_magic;
};
#define SAVED(field) (offsetof(struct saved_context, field) + CONTEXT_REGISTERS)
_Static_assert(SAVED(psr) == offsetof(struct abi_ucontext, uc_mcontext.arm_cpsr), "one layout");
_Static_assert(SAVED(mask) == offsetof(struct abi_ucontext, uc_sigmask), "one layout");
_Static_assert(offsetof(struct saved_context, psr) == FRAME_PSR - FRAME_R0, "one layout");
/* signal_store_faultable() writes these where the frame has them. */
_Static_assert(offsetof(struct signal_info, note.code) == offsetof(struct abi_siginfo, si_code), "one layout");
_Static_assert(offsetof(struct signal_info, note.words) == offsetof(struct abi_siginfo, pad), "one layout");
_Static_assert(offsetof(struct signal_info, times) == offsetof(struct abi_siginfo, si_utime), "one layout");
_Static_assert(offsetof(struct signal_parts, context.stack) - sizeof(struct signal_info) ==
                   offsetof(struct abi_ucontext, uc_stack),
               "one layout");
_Static_assert(offsetof(struct signal_parts, mask) - sizeof(struct signal_info) == CONTEXT_REGISTERS, "copy.S");

#define NOWHERE 0xfffffff8u /* the kernel's: the copies refuse it */

static bool on_alternate_stack(const struct thread *thread, uaddr_t sp)
{
    return sp - 1 - thread->alternate_base < thread->alternate_size; /* a full stack's sp is one past it */
}

/* The procedure call standard wants 8.  Below 0 it wraps to where the kernel is, which the copies refuse. */
static uaddr_t below(uaddr_t top)
{
    return (top - sizeof(struct abi_signal_frame)) & ~7u;
}

/* Where the frame goes.  One that finds no room on the alternate stack in use goes nowhere: what lies below that stack
 * is not a stack, and to begin at its top again would overwrite the frames of handlers that still run. */
static uaddr_t frame_address(const struct thread *thread, uaddr_t sp, uint32_t flags)
{
    uaddr_t address = below(sp);

    if (thread->alternate_size == 0)
        return address;
    if (on_alternate_stack(thread, sp))
        return address >= thread->alternate_base ? address : NOWHERE;
    return flags & SA_ONSTACK ? below(thread->alternate_base + thread->alternate_size) : address;
}

/* What sigaltstack() would answer at stack pointer `sp`. */
static struct abi_stack alternate_now(const struct thread *thread, uaddr_t sp)
{
    struct abi_stack stack = {.ss_sp = thread->alternate_base, .ss_size = thread->alternate_size};

    if (thread->alternate_size == 0)
        stack.ss_flags = SS_DISABLE;
    else if (on_alternate_stack(thread, sp))
        stack.ss_flags = SS_ONSTACK;
    return stack;
}

static inline void fill_parts(struct signal_parts *parts, const struct thread *thread, uaddr_t sp)
{
    int signal = parts->info.signal;

    parts->info.error = 0;
    parts->info.times[0] = parts->info.times[1] = 0;
    parts->context.flags = parts->context.link = 0;
    parts->context.stack = alternate_now(thread, sp);
    parts->context.trap_no = parts->context.error_code = 0;
    parts->context.oldmask = (uint32_t)parts->mask;
    parts->fault_address = signal == SIGSEGV || signal == SIGBUS ? parts->info.note.address : 0;
}

/* The VFP registers, or the word that says that there are none. */
static inline int push_vfp(const struct thread *thread, uaddr_t to)
{
    if (!thread->vfp->used)
        return user_store_word(to, 0);
    vfp_use();
    return vfp_store_faultable((void *)to, (uint64_t)sizeof(struct abi_vfp_frame) << 32 | ABI_VFP_MAGIC) == 0 ? 0
                                                                                                              : -EFAULT;
}

static void enter_handler(struct trap_frame *frame, uaddr_t sp, const struct signal_delivery *delivery)
{
    uint32_t thumb = delivery->handler & 1;

    frame->r[0] = (uint32_t)delivery->parts.info.signal;
    frame->r[1] = sp + offsetof(struct abi_signal_frame, info);
    frame->r[2] = sp + SIGNAL_FRAME_CONTEXT;
    frame->sp = sp;
    frame->lr = delivery->restorer;
    frame->pc = delivery->handler & (thumb ? ~1u : ~3u);
    frame->psr = (frame->psr & ~(PSR_IT_BITS | PSR_THUMB)) | thumb * PSR_THUMB;
}

bool signal_frame_push(struct trap_frame *frame, struct signal_delivery *delivery)
{
    const struct thread *self = current;
    uaddr_t sp = frame_address(self, frame->sp, delivery->flags);

    fill_parts(&delivery->parts, self, frame->sp);
    if (!user_range_ok(sp, sizeof(struct abi_signal_frame)) ||
        signal_store_faultable((void *)sp, &delivery->parts, frame->r) != 0 ||
        push_vfp(self, sp + SIGNAL_FRAME_CONTEXT + CONTEXT_VFP) != 0)
        return false;
    enter_handler(frame, sp, delivery);
    return true;
}

static inline int pop_vfp(uaddr_t from)
{
    vfp_use();
    return vfp_load_faultable((const void *)(from + offsetof(struct abi_vfp_frame, d))) == 0 ? 0 : -EFAULT;
}

static inline void restore_registers(struct trap_frame *frame, const struct saved_context *saved)
{
    *(struct user_registers *)frame->r = saved->registers;
    frame->psr = (saved->psr & PSR_USER_BITS) | PSR_USER;
    frame->pc &= saved->psr & PSR_THUMB ? ~1u : ~3u;
}

/* Go on with what a ucontext holds: not the return of a call, r0 is the context's.  A bad one ends in SIGSEGV. */
static __attribute__((noinline, noreturn)) void context_go_on(struct trap_frame *frame, uaddr_t from)
{
    struct saved_context saved;

    if (from & 7 || !user_range_ok(from, sizeof(struct abi_ucontext)) ||
        context_load_faultable(&saved, (const void *)from) != 0 ||
        (saved.vfp_magic == ABI_VFP_MAGIC && pop_vfp(from + CONTEXT_VFP) != 0)) {
        signal_fault(SIGSEGV, SI_KERNEL, from);
    } else {
        restore_registers(frame, &saved);
        if (saved.mask != current->blocked) /* sigsuspend() may have been called with what the handler blocks */
            signal_set_blocked(saved.mask);
    }
    trap_frame_return(frame);
}

long sys_setcontext(uaddr_t from)
{
    context_go_on(thread_trap_frame(current), from);
}

/* Put back what the frame of a handler holds. */
long sys_sigreturn(void)
{
    struct trap_frame *frame = thread_trap_frame(current);

    context_go_on(frame, frame->sp + SIGNAL_FRAME_CONTEXT);
}

/* 0; -EINVAL, -ENOMEM, -EPERM. */
static int set_alternate_stack(struct thread *self, const struct abi_stack *stack)
{
    if (self->alternate_size != 0 && on_alternate_stack(self, thread_trap_frame(self)->sp))
        return -EPERM; /* POSIX sigaltstack: EPERM */
    if (stack->ss_flags & ~(SS_DISABLE | SS_ONSTACK))
        return -EINVAL; /* POSIX sigaltstack: EINVAL */
    if (stack->ss_flags & SS_DISABLE) {
        self->alternate_base = self->alternate_size = 0;
        return 0;
    }
    if (stack->ss_size < MINSIGSTKSZ || !user_range_ok(stack->ss_sp, stack->ss_size))
        return -ENOMEM; /* POSIX sigaltstack: ENOMEM */
    self->alternate_base = stack->ss_sp;
    self->alternate_size = stack->ss_size;
    return 0;
}

long sys_sigaltstack(uaddr_t stack, uaddr_t old)
{
    struct abi_stack now = alternate_now(current, thread_trap_frame(current)->sp), wanted;
    int error = 0;

    if (stack != 0) {
        error = copy_from_user(&wanted, stack, sizeof(wanted));
        if (error == 0)
            error = set_alternate_stack(current, &wanted);
    }
    return error == 0 && old != 0 ? copy_to_user(old, &now, sizeof(now)) : error;
}
