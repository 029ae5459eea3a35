/*
 * crt0.S - where a program begins.
 *
 * exec leaves on the stack, from sp up: argc, argv[0] ... NULL, envp[0] ... NULL, the auxiliary vector.  The rest of
 * the start is C (start.c).
 */
    .syntax unified
    .arm
    .cfi_sections .debug_frame
    .text
    .globl  _start
    .type   _start, %function
_start:
    .cfi_startproc
    .cfi_undefined lr               /* the outermost frame */
    mov     fp, #0
    mov     lr, #0
    mov     r0, sp
    bic     sp, sp, #7
    b       __libc_start
    .cfi_endproc
    .size   _start, . - _start
    .section .note.GNU-stack, "", %progbits
