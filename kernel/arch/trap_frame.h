/*
 * trap_frame.h - what vectors.S pushes on the kernel stack at every entry, and pops at the return.
 *
 * A user thread's frame of entry from user mode lies at the top of its kernel stack, at thread_trap_frame(t).
 */
#pragma once

#include <stdint.h>

struct trap_frame {
    uint32_t sp, lr; /* of user mode (banked); of no meaning in a frame pushed from kernel mode */
    uint32_t r[13];
    uint32_t pad; /* keeps the stack 8-byte aligned */
    uint32_t pc, psr;
};
_Static_assert(sizeof(struct trap_frame) == 72, "vectors.S pushes 18 words");

/* To user mode by the running thread's frame of entry; what led here is forgotten (vectors.S). */
void trap_frame_return(struct trap_frame *frame) __attribute__((noreturn));
