/*
 * stub.S - one system call as a C function; assembled once for each line of stubs.list, with
 *
 *      NAME, CALL      the function, and the number of its call (.LSYS_...)
 *      KIND            call, sure, wide, here, raw or one with _point, as stubs.list explains
 *      WORDS, LAST     for here
 *
 * The kernel takes the number in r7 and the arguments where the procedure call standard has put them, answers in r0,
 * and keeps every other register: so r7, which a caller wants back, waits in ip, and nothing touches the stack.
 * (vfork counts on that: parent and child return from it on one stack.)  -4095 to -1 is an error.
 *
 * A cancellation point goes to __cancel_call or its kin (pthread/cancel_call.S), with the number in r7 and the caller's
 * r7 in ip.  In a program without threads nothing of that is linked, and the linker makes the weak branch one that does
 * nothing.
 */
#define SYSCALL(number, name, arguments, restart, parameters) .equ .LSYS_##name, number
#include <abi/syscall_list.h>

.equ AT_FDCWD, -2

.macro finish
    cmn     r0, #4096               /* carry, and not zero: -4095 to -1 */
    bxls    lr
    b       __syscall_error
.endm

.macro call
    mov     ip, r7
    mov     r7, #CALL
    svc     #0
    mov     r7, ip
    finish
.endm

.macro sure
    mov     ip, r7
    mov     r7, #CALL
    svc     #0
    mov     r7, ip
    bx      lr
.endm

/* Words five and six lie on the stack. */
.macro six_words
    push    {r4, r5, ip, lr}
    .cfi_adjust_cfa_offset 16
    .cfi_rel_offset r4, 0
    .cfi_rel_offset r5, 4
    .cfi_rel_offset r7, 8
    .cfi_rel_offset lr, 12
    ldr     r4, [sp, #16]
    ldr     r5, [sp, #20]
    svc     #0
    pop     {r4, r5, r7, lr}
    .cfi_adjust_cfa_offset -16
.endm

.macro wide
    mov     ip, r7
    mov     r7, #CALL
    six_words
    finish
.endm

.macro raw
    mov     ip, r7
    mov     r7, #CALL
    six_words
    bx      lr
.endm

.macro point
    .weak   __cancel_call
    mov     ip, r7
    mov     r7, #CALL
    b       __cancel_call
    svc     #0
    mov     r7, ip
    finish
.endm

.macro wide_point
    .weak   __cancel_call_wide
    mov     ip, r7
    mov     r7, #CALL
    b       __cancel_call_wide
    six_words
    finish
.endm

.macro raw_point
    .weak   __cancel_call_raw
    mov     ip, r7
    mov     r7, #CALL
    b       __cancel_call_raw
    six_words
    bx      lr
.endm

/* AT_FDCWD goes in front, and LAST, if there is one, behind. */
.macro with_folder
    .if WORDS == 3
    mov     r3, r2
    .endif
    .if WORDS >= 2
    mov     r2, r1
    .endif
    mov     r1, r0
    mov     r0, #AT_FDCWD
    .ifnb LAST
    .if WORDS == 1
    mov     r2, #LAST
    .else
    mov     r3, #LAST
    .endif
    .endif
.endm

.macro here
    with_folder
    call
.endm

.macro here_point
    with_folder
    point
.endm

    .syntax unified
    .arm
    .cfi_sections .debug_frame
    .section .text.NAME, "ax"
    .globl  NAME
    .type   NAME, %function
NAME:
    .cfi_startproc
    KIND
    .cfi_endproc
    .size   NAME, . - NAME
    .section .note.GNU-stack, "", %progbits
