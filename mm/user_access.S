/*
 * user_access.S - single words of user memory.
 *
 * An access that may fault has an entry in the section __ex_table: its own address and that of its way out.  When the
 * fault cannot be mended the trap code resumes at the way out, with r0 to r12 as they were.
 *
 * Where a fault cannot be mended, since a spinlock is held, the access ends in the same way: these functions, from
 * user_access_start to user_access_end, may be called then, and -EFAULT says that the page is not there now.
 *
 * A word that is not aligned, or not below USER_TOP, gives -EFAULT; bit 31 and the two lowest tell.
 */
#include <abi/errno.h>

#define NOT_A_USER_WORD 0x80000003

.macro may_fault
        .pushsection __ex_table, "a"
        .balign 4
        .word   9f, user_access_failed
        .popsection
9:
.endm

        .text
        .arm
        .syntax unified
        .global user_access_start, user_access_end
user_access_start:

/* int user_load_word(uaddr_t address, uint32_t *value) */
        .global user_load_word
        .type   user_load_word, %function
user_load_word:
        tst     r0, #NOT_A_USER_WORD
        bne     user_access_failed
        may_fault
        ldr     r2, [r0]
        str     r2, [r1]
        mov     r0, #0
        bx      lr
        .size   user_load_word, . - user_load_word

/* int user_store_word(uaddr_t address, uint32_t value) */
        .global user_store_word
        .type   user_store_word, %function
user_store_word:
        tst     r0, #NOT_A_USER_WORD
        bne     user_access_failed
        may_fault
        str     r1, [r0]
        mov     r0, #0
        bx      lr
        .size   user_store_word, . - user_store_word

/* int user_compare_and_swap(uaddr_t address, uint32_t expected, uint32_t value, uint32_t *seen) */
        .global user_compare_and_swap
        .type   user_compare_and_swap, %function
user_compare_and_swap:
        tst     r0, #NOT_A_USER_WORD
        bne     user_access_failed
        dmb     ish
1:
        may_fault
        ldrex   r12, [r0]
        cmp     r12, r1
        bne     2f
        may_fault
        strex   r1, r2, [r0]            @ a fault that was mended has cleared the monitor: this fails
        cmp     r1, #0
        movne   r1, r12                 @ r12 equals what was expected
        bne     1b
        dmb     ish
        str     r12, [r3]
        mov     r0, #0
        bx      lr
2:
        clrex
        str     r12, [r3]
        mov     r0, #0
        bx      lr
        .size   user_compare_and_swap, . - user_compare_and_swap

        .type   user_access_failed, %function
user_access_failed:
        mvn     r0, #(EFAULT - 1)       @ -EFAULT
        bx      lr
        .size   user_access_failed, . - user_access_failed
user_access_end:
