/*
 * trap_frame.h - what vectors.S pushes on the kernel stack at every entry, and pops at the return.
 *
 * From r[0] to psr its order is that of a ucontext_t (abi/signal.h), so that a signal's frame has a copy of it.
 *
 * A user thread's frame of entry from user mode lies at the top of its kernel stack, at thread_trap_frame(t).
 */
#pragma once

#include <stdint.h>

struct trap_frame {
    uint32_t pad; /* keeps the stack 8-byte aligned; what it holds is told in vectors.S */
    uint32_t r[13];
    uint32_t sp, lr; /* of user mode (banked); of no meaning in a frame pushed from kernel mode */
    uint32_t pc, psr;
};
_Static_assert(sizeof(struct trap_frame) == 72, "vectors.S pushes 18 words");

/* To user mode by the running thread's frame of entry; what led here is forgotten (vectors.S). */
void trap_frame_return(struct trap_frame *frame) __attribute__((noreturn));
