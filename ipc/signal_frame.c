/*
 * signal_frame.c - the frame that a handler finds on the user's stack, and sigreturn, which puts it back.
 *
 *      higher addresses    what the interrupted code had on its stack
 *      uc_regspace         VFP registers with a magic word, when the thread has used the unit; else one word 0
 *      uc_sigmask, ...     what the context holds of the thread
 *      info                siginfo
 *      sp ->
 *
 * The layout is abi_signal_frame.  Only what says something is written: the part before uc_regspace in one copy, then
 * either the VFP registers or the 0.
 *
 * sigreturn trusts nothing: the frame may have been made up.  Whatever it holds, the thread goes on in user mode with
 * interrupts on, at an aligned address.
 */
#include <abi/errno.h>
#include <arch/cpu.h>
#include <arch/trap_frame.h>
#include <ipc/signal.h>
#include <lib/string.h>
#include <mm/user.h>

/* Flags, IT state, GE, endianness, Thumb: what user code may have set in its CPSR.  Not: mode, masks, Jazelle. */
#define PSR_USER_BITS 0xf80ffe20u
#define PSR_IT_BITS 0x0600fc00u

/* What is always written. */
struct frame_head {
    struct abi_siginfo info;
    uint32_t flags, link;
    struct abi_stack stack;
    struct abi_mcontext registers;
    abi_sigset_t mask;
};
#define CONTEXT_OFFSET(field) (offsetof(struct abi_signal_frame, context) + offsetof(struct abi_ucontext, field))
_Static_assert(offsetof(struct frame_head, stack) == CONTEXT_OFFSET(uc_stack), "one layout");
_Static_assert(offsetof(struct frame_head, registers) == CONTEXT_OFFSET(uc_mcontext), "one layout");
_Static_assert(offsetof(struct frame_head, mask) == CONTEXT_OFFSET(uc_sigmask), "one layout");
_Static_assert(sizeof(struct frame_head) == CONTEXT_OFFSET(unused), "one layout");

static bool on_alternate_stack(const struct thread *thread, uaddr_t sp)
{
    return sp - 1 - thread->alternate_base < thread->alternate_size; /* a full stack's sp is one past it */
}

/* Where the frame goes. */
static uaddr_t frame_address(const struct thread *thread, uaddr_t sp, const struct abi_sigaction *action)
{
    if (action->sa_flags & SA_ONSTACK && thread->alternate_size != 0 && !on_alternate_stack(thread, sp))
        sp = thread->alternate_base + thread->alternate_size;
    /* The procedure call standard wants 8.  Below address 0 it wraps to where the kernel is, which the copies refuse. */
    return (sp - sizeof(struct abi_signal_frame)) & ~7u;
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

static void fill_head(struct frame_head *head, const struct trap_frame *frame, const struct abi_siginfo *info)
{
    const struct thread *self = current;
    struct abi_mcontext *m = &head->registers;

    head->info = *info;
    head->flags = head->link = 0;
    head->stack = alternate_now(self, frame->sp);
    head->mask = self->restore_blocked ? self->saved_blocked : self->blocked;
    m->trap_no = m->error_code = 0;
    m->oldmask = (uint32_t)head->mask;
    for (unsigned i = 0; i < 13; i++)
        m->arm_r[i] = frame->r[i];
    m->arm_sp = frame->sp;
    m->arm_lr = frame->lr;
    m->arm_pc = frame->pc;
    m->arm_cpsr = frame->psr;
    m->fault_address = info->si_signo == SIGSEGV || info->si_signo == SIGBUS ? info->si_addr : 0;
}

/* The VFP registers, or the word that says that there are none. */
static int push_vfp(uaddr_t to)
{
    struct vfp_state *vfp = current->vfp;
    struct {
        uint32_t magic, size;
    } head = {ABI_VFP_MAGIC, sizeof(struct abi_vfp_frame)};
    uint32_t tail[4] = {0};

    if (!vfp->used)
        return user_store_word(to, 0);
    vfp_sync();
    tail[0] = vfp->fpscr;
    if (copy_to_user(to, &head, sizeof(head)) != 0 ||
        copy_to_user(to + offsetof(struct abi_vfp_frame, d), vfp->d, sizeof(vfp->d)) != 0)
        return -EFAULT;
    return copy_to_user(to + offsetof(struct abi_vfp_frame, fpscr), tail, sizeof(tail));
}

/* The handler's mask: what was blocked, what the action adds, and the signal itself. */
static void block_for_handler(int signal, const struct abi_sigaction *action)
{
    struct thread *self = current;
    abi_sigset_t blocked = self->blocked | action->sa_mask;

    if (!(action->sa_flags & SA_NODEFER))
        blocked |= signal_bit(signal);
    signal_set_blocked(blocked);
}

static void enter_handler(struct trap_frame *frame, uaddr_t sp, int signal, const struct abi_sigaction *action)
{
    bool thumb = action->sa_handler & 1;

    frame->r[0] = (uint32_t)signal;
    frame->r[1] = sp + offsetof(struct abi_signal_frame, info);
    frame->r[2] = sp + offsetof(struct abi_signal_frame, context);
    frame->sp = sp;
    frame->lr = action->sa_restorer;
    frame->pc = action->sa_handler & (thumb ? ~1u : ~3u);
    frame->psr = (frame->psr & ~(PSR_IT_BITS | PSR_THUMB)) | (thumb ? PSR_THUMB : 0);
}

bool signal_frame_push(struct trap_frame *frame, const struct abi_siginfo *info, const struct abi_sigaction *action)
{
    struct thread *self = current;
    uaddr_t sp = frame_address(self, frame->sp, action);
    struct frame_head head;

    fill_head(&head, frame, info);
    if (copy_to_user(sp, &head, sizeof(head)) != 0 || push_vfp(sp + CONTEXT_OFFSET(uc_regspace)) != 0)
        return false;
    self->restore_blocked = false;
    block_for_handler(info->si_signo, action);
    enter_handler(frame, sp, info->si_signo, action);
    return true;
}

static int pop_vfp(uaddr_t from)
{
    struct vfp_state *vfp = current->vfp;
    uint32_t magic;
    uint64_t d[32];
    uint32_t fpscr;

    if (user_load_word(from, &magic) != 0)
        return -EFAULT;
    if (magic != ABI_VFP_MAGIC)
        return 0;
    if (copy_from_user(d, from + offsetof(struct abi_vfp_frame, d), sizeof(d)) != 0 ||
        user_load_word(from + offsetof(struct abi_vfp_frame, fpscr), &fpscr) != 0)
        return -EFAULT;
    vfp_reload();
    memcpy(vfp->d, d, sizeof(d));
    vfp->fpscr = fpscr;
    vfp->used = 1;
    return 0;
}

static void restore_registers(struct trap_frame *frame, const struct abi_mcontext *m)
{
    for (unsigned i = 0; i < 13; i++)
        frame->r[i] = m->arm_r[i];
    frame->sp = m->arm_sp;
    frame->lr = m->arm_lr;
    frame->psr = (m->arm_cpsr & PSR_USER_BITS) | PSR_USER;
    frame->pc = m->arm_pc & (frame->psr & PSR_THUMB ? ~1u : ~3u);
}

long signal_frame_pop(struct trap_frame *frame)
{
    uaddr_t sp = frame->sp;
    struct frame_head head;

    if (sp & 7 || copy_from_user(&head, sp, sizeof(head)) != 0 || pop_vfp(sp + CONTEXT_OFFSET(uc_regspace)) != 0) {
        signal_fault(SIGSEGV, SI_KERNEL, sp);
        return frame->r[0];
    }
    restore_registers(frame, &head.registers);
    signal_set_blocked(head.mask);
    return frame->r[0];
}

int signal_alternate_stack(const struct abi_stack *stack, struct abi_stack *old, uaddr_t sp)
{
    struct thread *self = current;
    bool active = self->alternate_size != 0 && on_alternate_stack(self, sp);

    if (old != NULL)
        *old = alternate_now(self, sp);
    if (stack == NULL)
        return 0;
    if (active)
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
