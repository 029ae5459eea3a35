/*
 * context.S - getcontext, swapcontext, and where a context's function returns to.
 *
 * A context is the ucontext_t that a signal handler gets, so one function goes on with either: setcontext, which is one
 * system call, since registers, flags and mask must change at once.  Of the registers a function call need not keep
 * only r0, its answer, is given a value here; in uc_regspace d8 to d15 and FPSCR are, behind the magic word that says
 * so.
 */
#include "kept.inc"

/* Offsets in ucontext_t, proved by makecontext.c. */
.equ ARM_R0, 32
.equ ARM_R4, 48
.equ ARM_PC, 92
.equ ARM_CPSR, 96
.equ MASK, 104
.equ VFP, 232
.equ VFP_SIZE, 288
.equ VFP_D8, VFP + 8 + 64
.equ VFP_FPSCR, VFP + 8 + 256

.equ VFP_MAGIC, 0x56465001
.equ SIG_BLOCK, 0
.equ PSR_USER, 0x10
.equ PSR_THUMB, 0x20

/* r0 = context: it goes on where lr says, with r0 = 0. Clobbers r2, r3 and ip. */
.macro save_registers
    mov     r2, #0
    str     r2, [r0]                    /* uc_flags, uc_link */
    str     r2, [r0, #4]
    str     r2, [r0, #ARM_R0]
    save_kept r0, ARM_R4, VFP_D8
    bic     r2, lr, #1
    str     r2, [r0, #ARM_PC]
    tst     lr, #1                      /* the caller is Thumb code */
    mov     r2, #PSR_USER
    orrne   r2, r2, #PSR_THUMB
    str     r2, [r0, #ARM_CPSR]
    ldr     r2, =VFP_MAGIC
    mov     r3, #VFP_SIZE
    strd    r2, r3, [r0, #VFP]
    vmrs    r3, fpscr
    str     r3, [r0, #VFP_FPSCR]
.endm

/* int getcontext(ucontext_t *context): answers 0, each time it goes on. */
    function getcontext
    save_registers
    add     r2, r0, #MASK
    mov     r1, #0
    mov     r0, #SIG_BLOCK
    b       sigprocmask                 /* which answers 0 */
    .ltorg
    end     getcontext

/* int swapcontext(ucontext_t *from, const ucontext_t *to): `from` goes on behind the call, which then answers 0. */
    function swapcontext
    save_registers
    push    {r1, lr}
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset lr, 4
    add     r2, r0, #MASK
    mov     r1, #0
    mov     r0, #SIG_BLOCK
    bl      sigprocmask
    pop     {r0, lr}
    .cfi_adjust_cfa_offset -8
    .cfi_restore lr
    b       setcontext
    .ltorg
    end     swapcontext

/* The function of makecontext() has returned: r4 is uc_link. */
    function __context_return
    mov     r0, r4
    b       __context_end
    end     __context_return

    .section .note.GNU-stack, "", %progbits
