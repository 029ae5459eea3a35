/*
 * setjmp.S - setjmp, longjmp, and the two that also keep the signal mask.
 *
 * The buffer (machine/setjmp.h): words 0 to 10 are r4 to r11, a free one, sp, lr, as kept.inc saves them; word 11 says
 * whether the mask was kept; words 12 to 27 are d8 to d15, 28 and 29 the mask.
 */
#include "kept.inc"

.equ SIG_SETMASK, 2
.equ MASK_KEPT, 11 * 4
.equ D8, 12 * 4
.equ MASK, 28 * 4

    function setjmp
    .globl  _setjmp
_setjmp:
    save_kept r0, 0, D8
    mov     r0, #0
    bx      lr
    end     setjmp

    function longjmp
    .globl  _longjmp
_longjmp:
    ldmia   r0, {r4-r11}
    ldr     sp, [r0, #KEPT_SP]
    ldr     lr, [r0, #KEPT_LR]
    add     r0, r0, #D8
    vldmia  r0, {d8-d15}
    movs    r0, r1
    moveq   r0, #1                  /* setjmp must not seem to have answered 0 */
    bx      lr
    end     longjmp

/* int sigsetjmp(sigjmp_buf env, int savemask) */
    function sigsetjmp
    str     r1, [r0, #MASK_KEPT]
    cmp     r1, #0
    beq     setjmp
    push    {r0, lr}
    .cfi_adjust_cfa_offset 8
    add     r2, r0, #MASK
    mov     r1, #0
    mov     r0, #SIG_SETMASK
    bl      sigprocmask
    pop     {r0, lr}
    .cfi_adjust_cfa_offset -8
    b       setjmp
    end     sigsetjmp

/* void siglongjmp(sigjmp_buf env, int value) */
    function siglongjmp
    ldr     r2, [r0, #MASK_KEPT]
    cmp     r2, #0
    beq     longjmp
    push    {r0, r1}
    mov     r2, #0
    add     r1, r0, #MASK
    mov     r0, #SIG_SETMASK
    bl      sigprocmask
    pop     {r0, r1}
    b       longjmp
    end     siglongjmp

    .section .note.GNU-stack, "", %progbits
