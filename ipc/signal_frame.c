/*
 * signal_frame.c - the frame that a handler finds on the user's stack, and sigreturn, which puts it back.
 *
 *      higher addresses    what the interrupted code had on its stack
 *      uc_regspace         VFP registers with a magic word, when the thread has used the unit; else one word 0
 *      uc_sigmask, ...     what the context holds of the thread
 *      info                siginfo
 *      sp ->
 *
 * The layout is abi_signal_frame.  Only what says something is written: the beginning of info, of context, and then
 * either the VFP registers or the 0.
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

/* What is written of context; of info, struct signal_info is. */
struct user_registers {
    uint32_t r[13];
};
struct context_part {
    uint32_t flags, link;
    struct abi_stack stack;
    uint32_t trap_no, error_code, oldmask;
    struct user_registers r;
    uint32_t sp, lr, pc, cpsr, fault_address;
    abi_sigset_t mask;
};
#define MCONTEXT(field) offsetof(struct abi_ucontext, uc_mcontext.field)
_Static_assert(offsetof(struct signal_info, note.code) == offsetof(struct abi_siginfo, si_code), "one layout");
_Static_assert(offsetof(struct signal_info, note.words) == offsetof(struct abi_siginfo, pad), "one layout");
_Static_assert(offsetof(struct context_part, stack) == offsetof(struct abi_ucontext, uc_stack), "one layout");
_Static_assert(offsetof(struct context_part, trap_no) == MCONTEXT(trap_no), "one layout");
_Static_assert(offsetof(struct context_part, r) == MCONTEXT(arm_r), "one layout");
_Static_assert(offsetof(struct context_part, fault_address) == MCONTEXT(fault_address), "one layout");
_Static_assert(offsetof(struct context_part, mask) == offsetof(struct abi_ucontext, uc_sigmask), "one layout");

#define CONTEXT_OFFSET offsetof(struct abi_signal_frame, context)
#define VFP_OFFSET (CONTEXT_OFFSET + offsetof(struct abi_ucontext, uc_regspace))

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
static uaddr_t frame_address(const struct thread *thread, uaddr_t sp, const struct abi_sigaction *action)
{
    uaddr_t address = below(sp);

    if (thread->alternate_size == 0)
        return address;
    if (on_alternate_stack(thread, sp))
        return address >= thread->alternate_base ? address : NOWHERE;
    return action->sa_flags & SA_ONSTACK ? below(thread->alternate_base + thread->alternate_size) : address;
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

static inline void fill_context(struct context_part *context, const struct trap_frame *frame,
                                const struct signal_delivery *delivery)
{
    context->flags = context->link = 0;
    context->stack = alternate_now(current, frame->sp);
    context->trap_no = context->error_code = 0;
    context->oldmask = (uint32_t)delivery->mask;
    context->r = *(const struct user_registers *)frame->r;
    context->sp = frame->sp;
    context->lr = frame->lr;
    context->pc = frame->pc;
    context->cpsr = frame->psr;
    context->fault_address = 0;
    if (delivery->info.signal == SIGSEGV || delivery->info.signal == SIGBUS)
        context->fault_address = delivery->info.note.address;
    context->mask = delivery->mask;
}

/* The VFP registers, or the word that says that there are none. */
static inline int push_vfp(uaddr_t to)
{
    if (!current->vfp->used)
        return user_store_word(to, 0);
    vfp_use();
    return vfp_store_faultable((void *)to, (uint64_t)sizeof(struct abi_vfp_frame) << 32 | ABI_VFP_MAGIC) == 0 ? 0
                                                                                                              : -EFAULT;
}

static void enter_handler(struct trap_frame *frame, uaddr_t sp, const struct signal_delivery *delivery)
{
    const struct abi_sigaction *action = &delivery->action;
    bool thumb = action->sa_handler & 1;

    frame->r[0] = (uint32_t)delivery->info.signal;
    frame->r[1] = sp + offsetof(struct abi_signal_frame, info);
    frame->r[2] = sp + CONTEXT_OFFSET;
    frame->sp = sp;
    frame->lr = action->sa_restorer;
    frame->pc = action->sa_handler & (thumb ? ~1u : ~3u);
    frame->psr = (frame->psr & ~(PSR_IT_BITS | PSR_THUMB)) | (thumb ? PSR_THUMB : 0);
}

bool signal_frame_push(struct trap_frame *frame, const struct signal_delivery *delivery)
{
    uaddr_t sp = frame_address(current, frame->sp, &delivery->action);
    struct context_part context;

    fill_context(&context, frame, delivery);
    if (!user_range_ok(sp, sizeof(struct abi_signal_frame)) ||
        copy_faultable((void *)sp, &delivery->info, sizeof(delivery->info)) != 0 ||
        copy_faultable((void *)(sp + CONTEXT_OFFSET), &context, sizeof(context)) != 0 || push_vfp(sp + VFP_OFFSET) != 0)
        return false;
    enter_handler(frame, sp, delivery);
    return true;
}

static inline int pop_vfp(uaddr_t from)
{
    uint32_t magic;

    if (user_load_word(from, &magic) != 0)
        return -EFAULT;
    if (magic != ABI_VFP_MAGIC)
        return 0;
    vfp_use();
    return vfp_load_faultable((const void *)(from + offsetof(struct abi_vfp_frame, d))) == 0 ? 0 : -EFAULT;
}

static inline void restore_registers(struct trap_frame *frame, const struct context_part *context)
{
    *(struct user_registers *)frame->r = context->r;
    frame->sp = context->sp;
    frame->lr = context->lr;
    frame->psr = (context->cpsr & PSR_USER_BITS) | PSR_USER;
    frame->pc = context->pc & (frame->psr & PSR_THUMB ? ~1u : ~3u);
}

/* Go on with what a ucontext holds: not the return of a call, r0 is the context's.  A bad one ends in SIGSEGV. */
long sys_setcontext(uaddr_t from)
{
    struct trap_frame *frame = thread_trap_frame(current);
    struct context_part context;

    if (from & 7 || !user_range_ok(from, sizeof(struct abi_ucontext)) ||
        copy_faultable(&context, (const void *)from, sizeof(context)) != 0 ||
        pop_vfp(from + offsetof(struct abi_ucontext, uc_regspace)) != 0) {
        signal_fault(SIGSEGV, SI_KERNEL, from);
    } else {
        restore_registers(frame, &context);
        signal_set_blocked(context.mask);
    }
    trap_frame_return(frame);
}

/* Put back what the frame of a handler holds. */
long sys_sigreturn(void)
{
    return sys_setcontext(thread_trap_frame(current)->sp + CONTEXT_OFFSET);
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
