/*
 * thread.c - a thread's first stack, its user registers (TLS), and its VFP registers.
 *
 * VFP: the unit is off after a switch.  FPEXC.EN on means that the registers in the unit are the running thread's - or
 * copy.S's, which borrowed a unit that was off and says so in thread->vfp_scratch.
 */
#include <core/cpu_data.h>
#include <core/thread.h>
#include <arch/pgtable.h>
#include <lib/string.h>

_Static_assert(offsetof(struct thread, work) == THREAD_WORK, "offsets.h");
_Static_assert(offsetof(struct thread, kernel_sp) == THREAD_KERNEL_SP, "offsets.h");
_Static_assert(offsetof(struct thread, tls) == THREAD_TLS, "offsets.h");
_Static_assert(offsetof(struct thread, tls_write) == THREAD_TLS_WRITE, "offsets.h");
_Static_assert(offsetof(struct thread, vfp) == THREAD_VFP, "offsets.h");
_Static_assert(offsetof(struct thread, vfp_scratch) == THREAD_VFP_SCRATCH, "offsets.h");
_Static_assert(offsetof(struct thread, calls) == THREAD_CALLS, "offsets.h");
_Static_assert(offsetof(struct trap_frame, r[0]) == FRAME_R0, "offsets.h");
_Static_assert(offsetof(struct trap_frame, sp) == FRAME_SP, "offsets.h");
_Static_assert(offsetof(struct trap_frame, lr) == FRAME_LR, "offsets.h");
_Static_assert(offsetof(struct trap_frame, pc) == FRAME_PC, "offsets.h");
_Static_assert(offsetof(struct trap_frame, psr) == FRAME_PSR, "offsets.h");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "offsets.h");
_Static_assert(offsetof(struct abi_signal_frame, context) == SIGNAL_FRAME_CONTEXT, "offsets.h");
_Static_assert(offsetof(struct abi_ucontext, uc_mcontext.arm_r) == CONTEXT_REGISTERS, "offsets.h");
_Static_assert(offsetof(struct abi_ucontext, uc_regspace) == CONTEXT_VFP, "offsets.h");
_Static_assert(offsetof(struct vfp_state, fpscr) == VFP_FPSCR, "offsets.h");

/* arch/vectors.S, arch/vfp.S */
void thread_start(void);
void thread_start_user(void);
void thread_returned(void) __attribute__((noreturn));
void vfp_save(struct vfp_state *state);
void vfp_load(const struct vfp_state *state);
void vfp_load_scratch(const void *d0_to_d15);

/* What thread_switch() pops: r4 ... r11, pc. */
struct switch_frame {
    uint32_t r4, r5, r6_to_r11[6], pc;
};

/* The trap frame's place stays free also in a kernel thread: init begins as one. */
static void init_common(struct thread *t, uint8_t *stack, uint32_t start)
{
    struct switch_frame *frame;

    t->stack = stack;
    frame = (struct switch_frame *)thread_trap_frame(t) - 1;
    memset(frame, 0, sizeof *frame);
    frame->pc = start;
    t->kernel_sp = (uint32_t)frame;
    t->cpu = current->cpu;
    t->state = THREAD_BLOCKED;
    t->policy = SCHED_OTHER;
    t->weight = t->inverse_weight = 1024;
    t->affinity = ~0u;
    list_init(&t->held);
}

void thread_init(struct thread *t, uint8_t *stack, void (*entry)(void *), void *argument)
{
    struct switch_frame *frame;

    init_common(t, stack, (uint32_t)thread_start);
    frame = (struct switch_frame *)t->kernel_sp;
    frame->r4 = (uint32_t)entry;
    frame->r5 = (uint32_t)argument;
}

void thread_init_user(struct thread *t, uint8_t *stack)
{
    init_common(t, stack, (uint32_t)thread_start_user);
}

void thread_returned(void)
{
    panic("kernel thread %s returned from its function", current->name);
}

void thread_set_tls(uint32_t tls)
{
    current->tls = tls;
    __asm__ volatile("mcr p15, 0, %0, c13, c0, 3" ::"r"(tls));
}

static inline void fpexc_write(uint32_t value)
{
    __asm__ volatile("mcr p10, 7, %0, cr8, cr0, 0" ::"r"(value));
    isb();
}

void vfp_sync(void)
{
    uint32_t psr = irq_save();

    if (fpexc_read() & FPEXC_EN)
        vfp_save(current->vfp);
    irq_restore(psr);
}

void vfp_turn_on(void)
{
    struct vfp_state *state = current->vfp;
    uint32_t psr = irq_save();

    fpexc_write(fpexc_read() | FPEXC_EN);
    state->used = 1;
    vfp_load(state);
    irq_restore(psr);
}

void vfp_reset(void)
{
    uint32_t psr = irq_save();

    fpexc_write(fpexc_read() & ~FPEXC_EN);
    memset(current->vfp, 0, sizeof *current->vfp);
    irq_restore(psr);
}

bool vfp_trap(void)
{
    struct thread *self = current;
    uint32_t fpexc = fpexc_read();

    if (fpexc & FPEXC_EN)
        return false; /* the unit was on: not its instruction */
    if (self->vfp_scratch == NULL && self->vfp == NULL)
        return false;
    fpexc_write(fpexc | FPEXC_EN);
    if (self->vfp_scratch != NULL) {
        vfp_load_scratch(self->vfp_scratch);
        return true;
    }
    vfp_load(self->vfp);
    self->vfp->used = 1;
    return true;
}
