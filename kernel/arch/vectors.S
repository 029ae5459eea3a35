/*
 * vectors.S - every way into the kernel, and the one way out.
 *
 * All entries push one trap frame (arch/trap_frame.h) on the SVC stack of the running thread, then call C:
 *
 *      system call         the handler in thread->calls, straight from here (syscall_table, which sys/trap.c fills)
 *      interrupt           trap_interrupt(frame)
 *      data and prefetch   trap_fault(frame, status, address, kind), kind 0 data, 1 prefetch
 *      undefined           trap_undefined(frame)
 *      on the way out      trap_work(frame, call), while thread->work is not 0; call: it is the return of a system call
 *
 * In a frame pushed by a system call, `pad` keeps the original r0 (a restart wants it); in all others the kernel's lr.
 */
#include <arch/boot.h>
#include <arch/offsets.h>

    .cfi_sections .debug_frame
    .fpu neon-vfpv4
    .arm

    /* For gdb: the caller's registers lie in a trap frame at r4.  sp and lr are the user's, stored in the frame,
     * where psr says user mode, and else sp = frame + 72, lr = the kernel's in `pad` (DWARF expressions: 68 is psr,
     * 56 sp, 60 lr). */
    .macro  cfi_frame_at_r4
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column 15
    .cfi_def_cfa r4, FRAME_SIZE
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    .cfi_offset \n, FRAME_R0 + 4 * \n - FRAME_SIZE
    .endr
    .cfi_offset 15, FRAME_PC - FRAME_SIZE
    .cfi_escape 0x16, 13, 18, 0x74,0xc4,0, 6, 0x3f, 0x1a, 0x28,6,0, 0x74,0x38, 6, 0x2f,3,0, 0x74,0xc8,0
    .cfi_escape 0x16, 14, 18, 0x74,0xc4,0, 6, 0x3f, 0x1a, 0x28,6,0, 0x74,0x3c, 6, 0x2f,3,0, 0x74,0,6
    .endm

    .section .vectors, "ax"
    .align 5
    .globl vectors
vectors:
    b       unexpected_entry                /* reset */
    b       undefined_entry
    b       call_entry
    b       prefetch_entry
    b       data_entry
    b       unexpected_entry                /* hyp */
    b       interrupt_entry
    b       unexpected_entry                /* fiq */

    /* 1  System call: r7 the number, r0-r5 the argument words. */
    .globl call_entry
call_entry:
    .fnstart
    .cantunwind
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column 15
    .cfi_def_cfa sp, FRAME_SIZE + 8         /* while the handler runs: words 5 and 6 lie below the frame */
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    .cfi_offset \n, FRAME_R0 + 4 * \n - FRAME_SIZE
    .endr
    .cfi_offset 13, FRAME_SP - FRAME_SIZE
    .cfi_offset 14, FRAME_LR - FRAME_SIZE
    .cfi_offset 15, FRAME_PC - FRAME_SIZE
    srsdb   sp!, #MODE_SVC
    sub     sp, sp, #FRAME_PC
    stmib   sp, {r0-r14}^                   /* ^: user mode's sp and lr */
    str     r0, [sp]
    cpsie   i
    mrc     p15, 0, r9, c13, c0, 4          /* r9 = current, kept by the handler */
    cmp     r7, #SYSCALL_LAST
    bhi     1f
    ldr     r12, [r9, #THREAD_CALLS]
    ldr     r12, [r12, r7, lsl #2]
    push    {r4, r5}
    blx     r12
    add     sp, sp, #8
2:  str     r0, [sp, #FRAME_R0]
    cpsid   i
    ldr     r1, [r9, #THREAD_WORK]
    cmp     r1, #0
    bne     4f
3:  ldmib   sp, {r0-r14}^
    add     sp, sp, #FRAME_PC
    rfeia   sp!
1:  ldr     r0, =-88                        /* ENOSYS */
    b       2b
4:  mov     r0, sp
    mov     r1, #1
    bl      trap_work
    ldr     r1, [r9, #THREAD_WORK]
    cmp     r1, #0
    beq     3b
    b       return_to_user
    .cfi_endproc
    .fnend

    /* trap_frame_return(frame), for C; and the way back to user mode of all but system calls: interrupts off, sp = the
     * frame. */
    .globl trap_frame_return
trap_frame_return:
    cpsid   i
    mov     sp, r0
return_to_user:
    mrc     p15, 0, r9, c13, c0, 4
1:  ldr     r1, [r9, #THREAD_WORK]
    cmp     r1, #0
    beq     return_from_trap
    mov     r0, sp
    mov     r1, #0
    bl      trap_work
    b       1b

return_from_trap:
    ldr     lr, [sp]
    ldmib   sp, {r0-r14}^
    add     sp, sp, #FRAME_PC
    rfeia   sp!

    /* Push a frame in SVC mode; the exception's own mode has lr = the address to return to.  r4 = frame afterwards, the
     * stack aligned for C. */
    .macro  push_frame
    srsdb   sp!, #MODE_SVC
    cps     #MODE_SVC
    sub     sp, sp, #FRAME_PC
    stmib   sp, {r0-r14}^
    str     lr, [sp]
    mov     r4, sp
    bic     sp, sp, #7
    .endm

    /* 2  Interrupt.  The unwinder's note for all of these: vsp = r4, and a trap frame lies there. */
interrupt_entry:
    .fnstart
    .unwind_raw 0, 0x94, 0x84,0x00, 0xb1,0x0f, 0x81,0xff, 0x01, 0x88,0x00, 0x00
    cfi_frame_at_r4
    sub     lr, lr, #4
    push_frame
    mov     r0, r4
    bl      trap_interrupt
    mov     sp, r4
trap_out:
    ldr     r1, [sp, #FRAME_PSR]
    tst     r1, #0xf                        /* user mode is 0x10, all others have one of these bits */
    beq     return_to_user
    tst     r1, #0x80                       /* the interrupted code had interrupts off: it is not preemptible */
    bne     return_from_trap
    mrc     p15, 0, r9, c13, c0, 4
    ldr     r1, [r9, #THREAD_WORK]
    tst     r1, #1                          /* WORK_RESCHEDULE: preemption in the kernel */
    beq     return_from_trap
    bic     sp, sp, #7
    bl      sched_preempt
    mov     sp, r4
    b       return_from_trap

    /* 3  Faults.  Is there room for a frame?  A stack is the upper half of a slot: one bit of its addresses is set. */
    .macro  check_stack
    push    {r0}
    cps     #MODE_SVC
    sub     r0, sp, #128
    cps     #MODE_ABORT
    tst     r0, #KERNEL_STACK_SIZE
    pop     {r0}
    beq     stack_overflow
    .endm

data_entry:
    sub     lr, lr, #8
    check_stack
    push_frame
    mrc     p15, 0, r1, c5, c0, 0           /* DFSR */
    mrc     p15, 0, r2, c6, c0, 0           /* DFAR */
    mov     r3, #0
    b       1f
prefetch_entry:
    sub     lr, lr, #4
    check_stack
    push_frame
    mrc     p15, 0, r1, c5, c0, 1           /* IFSR */
    mrc     p15, 0, r2, c6, c0, 2           /* IFAR */
    mov     r3, #1
1:  mov     r0, r4
    bl      trap_fault
    cpsid   i
    mov     sp, r4
    b       trap_out

    /* 4  Undefined instruction: the frame's pc is behind it; trap_undefined() steps back. */
undefined_entry:
    push_frame
    mov     r0, r4
    bl      trap_undefined
    cpsid   i
    mov     sp, r4
    b       trap_out

unexpected_entry:
    push_frame
    mov     r0, r4
    bl      trap_unexpected
    .cfi_endproc
    .fnend

    /* The kernel ran past the end of its stack: nothing can be pushed there. Report on the emergency stack. */
stack_overflow:
    cps     #MODE_SVC
    mov     r0, sp
    cps     #MODE_ABORT
    mov     r1, lr
    mrc     p15, 0, r2, c6, c0, 0
    bl      trap_stack_overflow

    .ltorg

    /* struct thread *thread_switch(struct thread *from, struct thread *to): answers, on `to`'s stack, who ran before.
     * Interrupts off.  The VFP unit's registers stay with `from` (core/thread.c). */
    .text
    .globl thread_switch
    .type thread_switch, %function
thread_switch:
    .fnstart
    .cfi_startproc
    push    {r4-r11, lr}
    .save   {r4-r11, lr}
    .cfi_adjust_cfa_offset 36
    .irp    n, 4, 5, 6, 7, 8, 9, 10, 11
    .cfi_offset \n, 4 * \n - 16 - 36
    .endr
    .cfi_offset 14, -4
    vmrs    r3, fpexc
    tst     r3, #1 << 30
    bne     2f
1:  mrc     p15, 0, r3, c13, c0, 2          /* TPIDRURW */
    str     sp, [r0, #THREAD_KERNEL_SP]
    str     r3, [r0, #THREAD_TLS_WRITE]
    ldr     sp, [r1, #THREAD_KERNEL_SP]
    ldr     r2, [r1, #THREAD_TLS]
    ldr     r3, [r1, #THREAD_TLS_WRITE]
    mcr     p15, 0, r1, c13, c0, 4
    mcr     p15, 0, r2, c13, c0, 3
    mcr     p15, 0, r3, c13, c0, 2
    clrex                                   /* an exclusive access must not span a switch (ARM ARM A3.4.5) */
    pop     {r4-r11, pc}
2:  ldr     r2, [r0, #THREAD_VFP_SCRATCH]
    cmp     r2, #0
    beq     3f
    vstmia  r2, {d0-d15}                    /* copy.S was using it */
    b       4f
3:  ldr     r2, [r0, #THREAD_VFP]
    vstmia  r2!, {d0-d15}
    vstmia  r2!, {d16-d31}
    vmrs    r12, fpscr
    str     r12, [r2]
4:  bic     r3, r3, #1 << 30
    vmsr    fpexc, r3
    b       1b
    .cfi_endproc
    .fnend

    /* The first step of a new kernel thread: r4 = entry, r5 = its argument (thread_init() laid them out). */
    .globl thread_start
thread_start:
    .fnstart
    .cantunwind
    .cfi_startproc
    .cfi_undefined 14                       /* the outermost frame */
    bl      sched_finish_switch
    cpsie   i
    mov     r0, r5
    blx     r4
    bl      thread_returned
    .cfi_endproc
    .fnend

    /* The first step of a new user thread: its trap frame is on the stack. */
    .globl thread_start_user
thread_start_user:
    bl      sched_finish_switch
    b       return_to_user
