/*
 * context.S - getcontext, swapcontext, and where a context's function returns to.
 *
 * A context is the ucontext_t that a signal handler gets, so one function goes on with either: setcontext, which is one
 * system call, since registers, flags and mask must change at once.  Of the registers a function call need not keep
 * only r0, its answer, is given a value here; in uc_regspace d8 to d15 and FPSCR are, behind the magic word that says
 * so.
 *
 * Contexts that are saved here have SAVED_BY_CALL in uc_flags, where the kernel writes 0.  What they go on with is a
 * call's return or a function's beginning, so that swapcontext() can load their registers itself: then its one system
 * call is the mask's.
 */
#include "kept.inc"

/* Offsets in ucontext_t, proved by makecontext.c. */
.equ ARM_R0, 32
.equ ARM_R4, 48
.equ ARM_SP, 84
.equ ARM_LR, 88
.equ ARM_PC, 92
.equ ARM_CPSR, 96
.equ MASK, 104
.equ VFP, 232
.equ VFP_SIZE, 288
.equ VFP_D8, VFP + 8 + 64
.equ VFP_FPSCR, VFP + 8 + 256

.equ VFP_MAGIC, 0x56465001
.equ SAVED_BY_CALL, 1
.equ SIG_BLOCK, 0
.equ SIG_SETMASK, 2
.equ PSR_USER, 0x10
.equ PSR_THUMB, 0x20

/* r0 = context: it goes on where lr says, with r0 = 0. Clobbers r2, r3 and ip. */
.macro save_registers
    mov     r2, #SAVED_BY_CALL
    mov     r3, #0
    strd    r2, r3, [r0]                /* uc_flags, uc_link */
    str     r3, [r0, #ARM_R0]
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

/* r4 = a context that was saved here: go on with it.  The mask is its own already. */
.macro load_registers
    add     ip, r4, #VFP_D8
    vldmia  ip, {d8-d15}
    ldr     ip, [r4, #VFP_FPSCR]
    vmsr    fpscr, ip
    ldr     ip, [r4, #ARM_CPSR]
    tst     ip, #PSR_THUMB
    ldr     ip, [r4, #ARM_PC]
    orrne   ip, ip, #1
    ldr     sp, [r4, #ARM_SP]
    ldr     lr, [r4, #ARM_LR]
    add     r4, r4, #ARM_R0
    ldmia   r4, {r0-r11}
    bx      ip
.endm

/* int swapcontext(ucontext_t *from, const ucontext_t *to): `from` goes on behind the call, which then answers 0. */
    function swapcontext
    save_registers
    push    {r4, lr}                    /* for gdb: both are in `from` */
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r4, 0
    .cfi_rel_offset lr, 4
    mov     r4, r1
    ldr     ip, [r4]
    add     r2, r0, #MASK
    cmp     ip, #SAVED_BY_CALL
    bne     1f
    add     r1, r4, #MASK
    mov     r0, #SIG_SETMASK
    bl      sigprocmask
    load_registers
1:  mov     r1, #0                      /* a handler's: all must change at once */
    mov     r0, #SIG_BLOCK
    bl      sigprocmask
    mov     r0, r4
    pop     {r4, lr}
    .cfi_adjust_cfa_offset -8
    .cfi_restore r4
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
