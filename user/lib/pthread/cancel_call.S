/*
 * cancel_call.S - a system call that is a cancellation point: is the thread to end?  If not, do it.
 *
 *      __cancel_call           as a stub of stubs.list: the result, or -1 with errno
 *      __cancel_call_wide      the same for a call of five or six words
 *      __cancel_call_raw       so, too, but answers >= 0 or -errno
 *
 * The stub jumps here with the call's number in r7, the caller's r7 in ip, the first four words in r0 to r3 and the
 * others on the stack.
 *
 * Nobody shall be cancelled between the look and the call and then sleep in it.  So the signal that pthread_cancel()
 * sends looks where it came: from __cancel_begin up to the SVC at the end, the call has not been made, or has been
 * interrupted and would be made again; then the thread goes on at __cancel_act (pthread_cancel.c).  Past the SVC the
 * call has done something: its result is told, and the next point sees the word.
 */
#define REQUESTED_AND_DISABLED 3
#define REQUESTED 1
#define CANCEL 4 /* in struct thread */
#define EINTR 4

    .syntax unified
    .arm
    .cfi_sections .debug_frame
    .text
    .globl  __cancel_call, __cancel_call_wide, __cancel_call_raw, __cancel_begin, __cancel_end, __cancel_act
    .type   __cancel_call, %function
    .type   __cancel_call_wide, %function
    .type   __cancel_call_raw, %function
__cancel_call_wide:
    .cfi_startproc
    push    {r4, r5, r6, ip, lr}
    .cfi_adjust_cfa_offset 20
    .cfi_rel_offset r4, 0
    .cfi_rel_offset r5, 4
    .cfi_rel_offset r6, 8
    .cfi_rel_offset r7, 12
    .cfi_rel_offset lr, 16
    mov     r6, #1
    b       1f
__cancel_call_raw:
    push    {r4, r5, r6, ip, lr}
    mov     r6, #0
1:  ldr     r4, [sp, #20]
    ldr     r5, [sp, #24]
    b       2f
__cancel_call:
    push    {r4, r5, r6, ip, lr}
    mov     r6, #1
2:  mrc     p15, 0, ip, c13, c0, 3
    ldr     lr, word
__cancel_begin:
    ldr     lr, [ip, lr]
    and     lr, lr, #REQUESTED_AND_DISABLED
    cmp     lr, #REQUESTED
    beq     __cancel_act
    svc     #0
__cancel_end:
    cmn     r0, #4096               /* carry, and not zero: -4095 to -1 */
    bhi     1f
    pop     {r4, r5, r6, r7, pc}
1:  cmn     r0, #EINTR
    beq     4f
3:  cmp     r6, #0
    pop     {r4, r5, r6, r7, lr}
    .cfi_remember_state
    .cfi_adjust_cfa_offset -20
    bxeq    lr
    b       __syscall_error
    .cfi_restore_state
4:  ldr     lr, word                /* a call that is never begun again was interrupted: why? */
    ldr     lr, [ip, lr]
    and     lr, lr, #REQUESTED_AND_DISABLED
    cmp     lr, #REQUESTED
    bne     3b
__cancel_act:
    bic     sp, sp, #7
    bl      __cancel_now
    .cfi_endproc
word:
    .word   __thread_self+CANCEL(tpoff)
    .size   __cancel_call_raw, . - __cancel_call_raw
    .section .note.GNU-stack, "", %progbits
