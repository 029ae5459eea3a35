/*
 * boot.h - constants of start.S and vectors.S: processor modes, translation and control registers.
 */
#pragma once

#define CPU_MAX_ASM 8
#define PSR_MODE_BITS 0x1f
#define MODE_SVC 0x13
#define MODE_ABORT 0x17
#define MODE_HYP 0x1a
#define PSR_ALL_OFF_SVC 0x1d3 /* A, I, F masked, SVC */

#define EMERGENCY_STACK_SIZE 0x800 /* a CPU's, in case of panic */

/* MAIR0: attribute 0 normal memory, write-back write-allocate; attribute 1 device, nGnRE. */
#define MAIR0_VALUE 0x000004ff

/* TTBCR: EAE; T0SZ = T1SZ = 1 (two halves of 2 GiB); table walks write-back, inner shareable. */
#define TTBCR_VALUE (1 << 31 | 3 << 28 | 1 << 26 | 1 << 24 | 1 << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 1)

/* SCTLR: M, C, Z, I on; A (alignment), V (high vectors), TE (Thumb exceptions), EE off. */
#define SCTLR_SET (1 << 0 | 1 << 2 | 1 << 11 | 1 << 12)
#define SCTLR_CLEAR (1 << 1 | 1 << 13 | 1 << 25 | 1 << 30)
#define SCTLR_WXN (1 << 19 | 1 << 20) /* writable memory is never executable, WXN and UWXN */

/* A GiB block and a page of normal memory: valid, inner shareable, accessed; writable and executable only until
 * pgtable.c has given each page its permissions. */
#define BOOT_BLOCK (1 | 3 << 8 | 1 << 10)
#define BOOT_PAGE (3 | 3 << 8 | 1 << 10)

/* The last number in abi/syscall_list.h (sys/trap.c proves it). */
#define SYSCALL_LAST 179
