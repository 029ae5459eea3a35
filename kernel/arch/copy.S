/*
 * copy.S - wide copies, which stop at an access that faults for good.
 *
 *      n < 16          words, a halfword, a byte: by the bits of n
 *      n < 256         32, then 16 bytes at a time through general registers
 *      n >= 256        256 or 128 bytes at a time through d0-d15
 *
 * Every access that may touch user memory is marked with `may_fault`; the trap code finds it in __ex_table and goes
 * on at the label that stands there.  In copies r2 counts the bytes that are missing, from the last whole step.  With
 * interrupts off a fault cannot be mended; from copy_faultable to copy_short_end it ends the copy in the same way.
 *
 * Borrowing the VFP unit.  Off: the registers in it are nobody's; turn it on, tell where a switch may save d0-d15
 * (thread->vfp_scratch, on this stack), turn it off in the end.  On: the registers are the thread's own or those of a
 * copy that we interrupted (a page fault within it clears a page): push d0-d15 and pop them in the end.  After a switch
 * the unit is off in either case; the next instruction for it traps, and vfp_trap() loads what was saved.
 */
#include <arch/offsets.h>

    .fpu neon-vfpv4
    .arm
    .text

    .macro  may_fault out, instruction:vararg
9999: \instruction
    .pushsection __ex_table, "a"
    .word   9999b, \out
    .popsection
    .endm

    /* Borrow d0-d15: r3 = current, r12 = what was pushed of state; 128 + 16 bytes of stack. Clobbers r12. */
    .macro  vfp_borrow
    mrc     p15, 0, r3, c13, c0, 4
    push    {r4, r5}
    vmrs    r12, fpexc
    tst     r12, #1 << 30
    sub     sp, sp, #128
    moveq   r5, r12
    orreq   r12, r12, #1 << 30
    ldr     r4, [r3, #THREAD_VFP_SCRATCH]
    streq   sp, [r3, #THREAD_VFP_SCRATCH]
    vmsreq  fpexc, r12
    movne   r5, #0xffffffff
    vstmiane sp, {d0-d15}
    .endm

    /* Give it back: as it was. */
    .macro  vfp_return
    cmn     r5, #1
    mrc     p15, 0, r3, c13, c0, 4
    vldmiaeq sp, {d0-d15}
    vmsrne  fpexc, r5
    strne   r4, [r3, #THREAD_VFP_SCRATCH]
    add     sp, sp, #128
    pop     {r4, r5}
    .endm

    /* size_t copy_faultable(void *to, const void *from, size_t n) */
    .globl copy_faultable
    .type copy_faultable, %function
    .globl copy_short_end
copy_faultable:
    .fnstart
    .cantunwind
    cmp     r2, #16
    bhs     2f
    /* The last 0 to 15 bytes.  Unaligned ldr and str are fine in normal memory (SCTLR.A is 0). */
1:  lsls    r3, r2, #29                     /* carry = bit 3, minus = bit 2 */
    bcs     5f
    bmi     6f
4:  lsls    r3, r2, #31                     /* carry = bit 1, minus = bit 0 */
    bcs     7f
    bmi     8f
    mov     r0, #0
    bx      lr
8:  may_fault faulted, ldrb r3, [r1], #1
    may_fault faulted, strb r3, [r0], #1
    mov     r0, #0
    bx      lr
5:  may_fault faulted, ldr r3, [r1], #4
    may_fault faulted, ldr r12, [r1], #4
    may_fault faulted, str r3, [r0], #4
    may_fault faulted, str r12, [r0], #4
    lsls    r3, r2, #29                     /* zero: it was 8 */
    moveq   r0, #0
    bxeq    lr
    bpl     4b
6:  may_fault faulted, ldr r3, [r1], #4
    may_fault faulted, str r3, [r0], #4
    b       4b
7:  may_fault faulted, ldrh r3, [r1], #2
    may_fault faulted, strh r3, [r0], #2
    tst     r2, #1
    bne     8b
    mov     r0, #0
    bx      lr

2:  cmp     r2, #256
    bhs     copy_wide
    orr     r3, r0, r1
    tst     r3, #3
    bne     4f
    /* Both sides aligned: eight registers at a time, then four. */
    push    {r4-r9}
    subs    r2, r2, #32
    blo     9f
8:
    may_fault faulted_eight, ldmia r1!, {r3-r9, r12}
    may_fault faulted_eight, stmia r0!, {r3-r9, r12}
    subs    r2, r2, #32
    bhs     8b
9:  adds    r2, r2, #16
    bmi     10f
3:
    may_fault faulted_four, ldmia r1!, {r3, r4, r5, r12}
    may_fault faulted_four, stmia r0!, {r3, r4, r5, r12}
    sub     r2, r2, #16
10: pop     {r4-r9}
    adds    r2, r2, #16
    bne     1b
    mov     r0, #0
    bx      lr
faulted_eight:
    pop     {r4-r9}
    add     r0, r2, #32
    bx      lr
faulted_four:
    pop     {r4-r9}
    add     r0, r2, #16
    bx      lr

4:  sub     r2, r2, #8
5:  may_fault faulted_words, ldr r3, [r1], #4
    may_fault faulted_words, ldr r12, [r1], #4
    may_fault faulted_words, str r3, [r0], #4
    may_fault faulted_words, str r12, [r0], #4
    subs    r2, r2, #8
    bhs     5b
    add     r2, r2, #8
    b       1b
faulted_words:
    add     r0, r2, #8
    bx      lr

faulted:
    mov     r0, r2
    bx      lr
    .fnend
copy_short_end:

    /* n >= 256. vldm and vstm want word alignment; vld1.8 takes any. */
copy_wide:
    .fnstart
    .cantunwind
    vfp_borrow
    orr     r12, r0, r1
    tst     r12, #3
    bne     3f
    sub     r2, r2, #256
1:
    may_fault faulted_pairs, vldmia r1!, {d0-d15}
    may_fault faulted_pairs, vstmia r0!, {d0-d15}
    may_fault faulted_pairs, vldmia r1!, {d0-d15}
    may_fault faulted_pairs, vstmia r0!, {d0-d15}
    subs    r2, r2, #256
    bhs     1b
    adds    r2, r2, #128
    bmi     2f
    may_fault faulted_wide, vldmia r1!, {d0-d15}
    may_fault faulted_wide, vstmia r0!, {d0-d15}
    sub     r2, r2, #128
2:  add     r2, r2, #128
    vfp_return
    cmp     r2, #0
    bne     copy_faultable
    mov     r0, #0
    bx      lr
3:  sub     r2, r2, #128
4:
    may_fault faulted_wide, vld1.8 {d0-d3}, [r1]!
    may_fault faulted_wide, vld1.8 {d4-d7}, [r1]!
    may_fault faulted_wide, vld1.8 {d8-d11}, [r1]!
    may_fault faulted_wide, vld1.8 {d12-d15}, [r1]!
    may_fault faulted_wide, vst1.8 {d0-d3}, [r0]!
    may_fault faulted_wide, vst1.8 {d4-d7}, [r0]!
    may_fault faulted_wide, vst1.8 {d8-d11}, [r0]!
    may_fault faulted_wide, vst1.8 {d12-d15}, [r0]!
    subs    r2, r2, #128
    bhs     4b
    b       2b
faulted_pairs:
    add     r2, r2, #128
faulted_wide:
    add     r2, r2, #128
    vfp_return
    mov     r0, r2
    bx      lr
    .fnend

    /* Zeros for d0-d15. */
    .macro  vfp_zero
    vmov.i8 q0, #0
    .irp    n, 1, 2, 3, 4, 5, 6, 7
    vmov    q\n, q0
    .endr
    .endm

    /* size_t clear_faultable(void *to, size_t n).  vstm wants word alignment: what is not aligned, and the last bytes,
     * go by single bytes. */
    .globl clear_faultable
    .type clear_faultable, %function
clear_faultable:
    .fnstart
    .cantunwind
    mov     r2, r1
    mov     r12, #0
1:  cmp     r2, #0
    beq     3f
    tst     r0, #3
    bne     2f
    cmp     r2, #128
    bhs     clear_wide
    cmp     r2, #4
    bhs     4f
2:  may_fault faulted, strb r12, [r0], #1
    sub     r2, r2, #1
    b       1b
3:  mov     r0, #0
    bx      lr
4:  sub     r2, r2, #4
5:
    may_fault faulted_clear, str r12, [r0], #4
    subs    r2, r2, #4
    bhs     5b
    add     r2, r2, #4
    b       1b
faulted_clear:
    add     r0, r2, #4
    bx      lr
    .fnend

    /* r0 aligned to words, r2 >= 128 */
clear_wide:
    .fnstart
    .cantunwind
    vfp_borrow
    vfp_zero
    sub     r2, r2, #128
1:
    may_fault faulted_wide, vstmia r0!, {d0-d15}
    subs    r2, r2, #128
    bhs     1b
    add     r2, r2, #128
    vfp_return
    mov     r1, r2
    b       clear_faultable
    .fnend

    /* size_t signal_store_faultable(void *to, const void *parts, const void *registers) */
    .globl signal_store_faultable
    .type signal_store_faultable, %function
signal_store_faultable:
    .fnstart
    .cantunwind
    push    {r4-r9}
    ldmia   r1!, {r3-r9, r12}
    may_fault faulted_parts, stmia r0, {r3-r9, r12}
    add     r0, r0, #SIGNAL_FRAME_CONTEXT
    ldmia   r1!, {r3-r9, r12}
    may_fault faulted_parts, stmia r0!, {r3-r9, r12}
    ldmia   r2!, {r3-r9, r12}
    may_fault faulted_parts, stmia r0!, {r3-r9, r12}
    ldmia   r2!, {r3-r9, r12}
    may_fault faulted_parts, stmia r0!, {r3-r9, r12}
    ldr     r3, [r2]                        /* CPSR */
    ldmia   r1!, {r5, r6}                   /* mask */
    ldr     r4, [r1]                        /* fault_address, which comes before it */
    may_fault faulted_parts, stmia r0, {r3-r6}
    mov     r0, #0
faulted_parts:
    pop     {r4-r9}
    bx      lr                              /* r0 is 0 or an address */
    .fnend

    /* size_t context_load_faultable(void *to, const void *from) */
    .globl context_load_faultable
    .type context_load_faultable, %function
context_load_faultable:
    .fnstart
    .cantunwind
    push    {r4-r9}
    may_fault faulted_parts, ldr r2, [r1, #CONTEXT_VFP]
    add     r1, r1, #CONTEXT_REGISTERS
    may_fault faulted_parts, ldmia r1!, {r3-r9, r12}
    stmia   r0!, {r3-r9, r12}
    may_fault faulted_parts, ldmia r1!, {r3-r9, r12}
    stmia   r0!, {r3-r9, r12}
    may_fault faulted_parts, ldmia r1, {r3-r6}/* CPSR, fault_address, mask */
    stmia   r0, {r3-r6}
    str     r2, [r0, #16]
    mov     r0, #0
    b       faulted_parts
    .fnend

    /* size_t vfp_store_faultable(void *to, uint64_t head): two words, then d0-d31 and FPSCR of the unit, which is on.
     * Not 0: it faulted for good. */
    .globl vfp_store_faultable
    .type vfp_store_faultable, %function
vfp_store_faultable:
    .fnstart
    .cantunwind
    may_fault faulted_unit, stmia r0!, {r2, r3}
    may_fault faulted_unit, vstmia r0!, {d0-d15}
    may_fault faulted_unit, vstmia r0!, {d16-d31}
    vmrs    r1, fpscr
    may_fault faulted_unit, str r1, [r0]
    mov     r0, #0
    bx      lr
    .fnend

    /* size_t vfp_load_faultable(const void *from): the other way. */
    .globl vfp_load_faultable
    .type vfp_load_faultable, %function
vfp_load_faultable:
    .fnstart
    .cantunwind
    may_fault faulted_unit, vldmia r0!, {d0-d15}
    may_fault faulted_unit, vldmia r0!, {d16-d31}
    may_fault faulted_unit, ldr r1, [r0]
    vmsr    fpscr, r1
    mov     r0, #0
faulted_unit:
    bx      lr                              /* r0 is an address */
    .fnend

    /* void page_copy(void *to, const void *from) */
    .globl page_copy
    .type page_copy, %function
page_copy:
    .fnstart
    .cantunwind
    vfp_borrow
    mov     r2, #4096
1:  vldmia  r1!, {d0-d15}
    vstmia  r0!, {d0-d15}
    vldmia  r1!, {d0-d15}
    vstmia  r0!, {d0-d15}
    subs    r2, r2, #256
    bne     1b
    vfp_return
    bx      lr
    .fnend

    /* void page_clear(void *to) */
    .globl page_clear
    .type page_clear, %function
page_clear:
    .fnstart
    .cantunwind
    vfp_borrow
    vfp_zero
    mov     r2, #4096
1:  vstmia  r0!, {d0-d15}
    vstmia  r0!, {d0-d15}
    vstmia  r0!, {d0-d15}
    vstmia  r0!, {d0-d15}
    subs    r2, r2, #512
    bne     1b
    vfp_return
    bx      lr
    .fnend
