/*
 * memset.S - memset, with few instructions for each byte; the C library's as well.
 *
 * Blocks of 64 bytes go by stm, and what remains by one conditional store for each bit of the remaining length.
 */

    .syntax unified
    .arm
    .text

/* void *memset(void *to, int byte, size_t n) */
    .global memset
    .type   memset, %function
    .balign 16
memset:
    .fnstart
    .cantunwind                         @ else every program would have libgcc's unwinder
    push    {r0, lr}
    and     r1, r1, #255
    orr     r1, r1, r1, lsl #8
    orr     r1, r1, r1, lsl #16
1:  tst     r0, #3                      @ up to three bytes, to a word boundary
    beq     2f
    subs    r2, r2, #1
    poplo   {r0, pc}
    strb    r1, [r0], #1
    b       1b
2:  mov     r3, r1
    mov     r12, r1
    mov     lr, r1
    subs    r2, r2, #64
    blo     4f
3:  .rept   4
    stmia   r0!, {r1, r3, r12, lr}
    .endr
    subs    r2, r2, #64
    bhs     3b
4:  tst     r2, #32                     @ r2 is what remains minus 64
    stmiane r0!, {r1, r3, r12, lr}
    stmiane r0!, {r1, r3, r12, lr}
    tst     r2, #31
    popeq   {r0, pc}
    tst     r2, #16
    stmiane r0!, {r1, r3, r12, lr}
    tst     r2, #15
    popeq   {r0, pc}
    tst     r2, #8
    stmiane r0!, {r1, r3}
    tst     r2, #4
    strne   r1, [r0], #4
    tst     r2, #2
    strhne  r1, [r0], #2
    tst     r2, #1
    strbne  r1, [r0]
    pop     {r0, pc}
    .fnend
    .size   memset, . - memset
