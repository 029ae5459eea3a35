/*
 * syscall.S - any system call by its number: long syscall(long number, ...).
 *
 * The arguments are words, one place further along than the kernel wants them.  A 64-bit argument takes two, in the
 * places where its pair would be; so callers pass the halves themselves.
 */
    .syntax unified
    .arm
    .cfi_sections .debug_frame
    .section .text.syscall, "ax"
    .globl  syscall
    .type   syscall, %function
syscall:
    .cfi_startproc
    push    {r4, r5, r7, lr}
    .cfi_adjust_cfa_offset 16
    .cfi_rel_offset r4, 0
    .cfi_rel_offset r5, 4
    .cfi_rel_offset r7, 8
    .cfi_rel_offset lr, 12
    mov     r7, r0
    mov     r0, r1
    mov     r1, r2
    mov     r2, r3
    ldr     r3, [sp, #16]
    ldr     r4, [sp, #20]
    ldr     r5, [sp, #24]
    svc     #0
    pop     {r4, r5, r7, lr}
    .cfi_adjust_cfa_offset -16
    cmn     r0, #4096
    bxls    lr
    b       __syscall_error
    .cfi_endproc
    .size   syscall, . - syscall
    .section .note.GNU-stack, "", %progbits
