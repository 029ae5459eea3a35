/*
 * memory.S - memcpy and memmove, with few instructions for each byte.
 *
 * Whole blocks of 32 bytes go by ldm and stm where both sides are word-aligned, else by single words, which may be
 * unaligned in normal memory.  What remains goes by one conditional move for each bit of the remaining length.
 */

    .syntax unified
    .arm
    .text

/* void *memcpy(void *to, const void *from, size_t n) */
    .global memcpy
    .type   memcpy, %function
    .balign 16
memcpy:
    .fnstart
    push    {r0, lr}
    .save   {r0, lr}
    subs    r2, r2, #32
    blo     3f
    orr     r3, r0, r1
    tst     r3, #3
    bne     2f
    push    {r4-r8, r12}                @ r12 for an 8-byte aligned stack
1:  ldmia   r1!, {r3-r8, r12, lr}
    stmia   r0!, {r3-r8, r12, lr}
    subs    r2, r2, #32
    bhs     1b
    pop     {r4-r8, r12}
    b       3f

2:  .rept   4                           @ 32 bytes, unaligned
    ldr     r3, [r1], #4
    ldr     r12, [r1], #4
    str     r3, [r0], #4
    str     r12, [r0], #4
    .endr
    subs    r2, r2, #32
    bhs     2b

3:  movs    r3, r2, lsl #28             @ r2 is what remains minus 32: carry = 16 more bytes, negative = 8 more
    bcc     4f
    .rept   2
    ldr     r12, [r1], #4
    ldr     lr, [r1], #4
    str     r12, [r0], #4
    str     lr, [r0], #4
    .endr
4:  cmp     r3, #0
    bpl     5f
    ldr     r12, [r1], #4
    ldr     lr, [r1], #4
    str     r12, [r0], #4
    str     lr, [r0], #4
5:  movs    r3, r2, lsl #30             @ carry = 4 more, negative = 2 more
    ldrcs   r12, [r1], #4
    strcs   r12, [r0], #4
    ldrhmi  r12, [r1], #2
    strhmi  r12, [r0], #2
    tst     r2, #1
    ldrbne  r12, [r1]
    strbne  r12, [r0]
    pop     {r0, pc}
    .fnend
    .size   memcpy, . - memcpy

/* void *memmove(void *to, const void *from, size_t n) */
    .global memmove
    .type   memmove, %function
    .balign 16
memmove:
    .fnstart
    sub     r3, r0, r1
    cmp     r3, r2
    bhs     memcpy                      @ `to` does not begin inside `from`: upwards is right
    add     r1, r1, r2
    add     r3, r0, r2
    subs    r2, r2, #4
    blo     2f
1:  ldr     r12, [r1, #-4]!
    str     r12, [r3, #-4]!
    subs    r2, r2, #4
    bhs     1b
2:  adds    r2, r2, #4
    bxeq    lr
3:  ldrb    r12, [r1, #-1]!
    strb    r12, [r3, #-1]!
    subs    r2, r2, #1
    bne     3b
    bx      lr
    .fnend
    .size   memmove, . - memmove
