/*
 * signal_restorer.S - where a signal handler returns to.
 *
 * sp points at the frame (struct abi_signal_frame) as the kernel has pushed it; sigreturn takes everything from there
 * and does not come back.
 */
#define SYSCALL(number, name, arguments, restart, parameters) .equ .LSYS_##name, number
#include <abi/syscall_list.h>

    .syntax unified
    .arm
    .section .text.__signal_restorer, "ax"
    .globl  __signal_restorer
    .type   __signal_restorer, %function
__signal_restorer:
    mov     r7, #.LSYS_sigreturn
    svc     #0
    .size   __signal_restorer, . - __signal_restorer
    .section .note.GNU-stack, "", %progbits
