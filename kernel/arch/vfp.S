/*
 * vfp.S - move the VFP/NEON registers between the unit and memory.  The unit is on; interrupts are off.
 */
#include <arch/offsets.h>

    .fpu neon-vfpv4
    .arm
    .text

    .macro function name
    .globl \name
    .type \name, %function
\name:
    .fnstart
    .endm

    /* void vfp_save(struct vfp_state *state) */
function vfp_save
    vstmia  r0!, {d0-d15}
    vstmia  r0!, {d16-d31}
    vmrs    r1, fpscr
    str     r1, [r0]
    bx      lr
    .fnend

    /* void vfp_load(const struct vfp_state *state) */
function vfp_load
    vldmia  r0!, {d0-d15}
    vldmia  r0!, {d16-d31}
    ldr     r1, [r0]
    vmsr    fpscr, r1
    bx      lr
    .fnend

    /* void vfp_load_scratch(const void *d0_to_d15) */
function vfp_load_scratch
    vldmia  r0, {d0-d15}
    bx      lr
    .fnend
