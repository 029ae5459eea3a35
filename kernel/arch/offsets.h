/*
 * offsets.h - the places in C structures that assembly touches, proved by core/thread.c, and other numbers both need.
 */
#pragma once

/* A kernel stack is the upper half of a slot aligned to the slot's size: so this bit of its addresses is set.  A build
 * that wants larger stacks says so. */
#ifndef KERNEL_STACK_SIZE
#define KERNEL_STACK_SIZE 0x2000
#endif

#define THREAD_WORK 0
#define THREAD_KERNEL_SP 4
#define THREAD_TLS 8
#define THREAD_TLS_WRITE 12
#define THREAD_VFP 16
#define THREAD_VFP_SCRATCH 20
#define THREAD_CALLS 24

#define FRAME_R0 4
#define FRAME_SP 56
#define FRAME_LR 60
#define FRAME_PC 64
#define FRAME_PSR 68
#define FRAME_SIZE 72

#define VFP_FPSCR 256

#define SIGNAL_FRAME_CONTEXT 128
#define CONTEXT_REGISTERS 32
#define CONTEXT_VFP 232

#define CPU_BOOT_STACK 0
#define CPU_BOOT_THREAD 4
#define CPU_BOOT_NUMBER 8
