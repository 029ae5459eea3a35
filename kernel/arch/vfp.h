/*
 * vfp.h - the VFP/NEON unit: whose registers are in it, and how the kernel's wide copies borrow it.
 *
 * A thread's unit is off after a switch.  Its first use traps; the trap loads the thread's registers and turns it on.
 * A thread that leaves the CPU with the unit on has its registers saved.  copy.S borrows the unit: see there.
 */
#pragma once

#include <stdint.h>

struct vfp_state {
    uint64_t d[32];
    uint32_t fpscr;
    uint32_t used; /* the thread has ever used the unit: d[] and fpscr mean something */
};

#define FPEXC_EN (1u << 30)

static inline uint32_t fpexc_read(void)
{
    uint32_t value;

    __asm__ volatile("mrc p10, 7, %0, cr8, cr0, 0" : "=r"(value));
    return value;
}
