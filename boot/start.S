/*
 * start.S - from reset to C.
 *
 * The Linux boot protocol (Documentation/arm/booting) enters _start with the MMU off, interrupts off and r2 = physical
 * address of the device tree.  Secondary CPUs come from PSCI CPU_ON to secondary_start, r0 = physical address of their
 * struct cpu_boot.  Both
 *
 *      1  leave HYP mode, if they were entered there, for SVC mode,
 *      2  (first CPU) clear the bss and map the first 4 MiB of RAM at 2 GiB, plus one identity-mapped GiB for step 4,
 *      3  load the translation registers: LPAE, two halves of 2 GiB (ARM ARM B3.6, B4.1.153),
 *      4  turn the MMU and the caches on, and jump to the high half,
 *      5  set their stack, vectors and current thread, and call C.
 *
 * arch/pgtable.c replaces the first map by one with permissions as soon as C runs.
 */
#include <arch/boot.h>
#include <arch/offsets.h>

    .arch_extension virt
    .cfi_sections .debug_frame
    .fpu neon-vfpv4

    .section .head, "ax"
    .arm
    .globl _start
_start:
    b       first_cpu

    /* Leave HYP mode for SVC (ARM ARM B1.3); in SVC already, only turn interrupts off. Clobbers r12, returns to r11. */
enter_svc:
    mrs     r12, cpsr
    and     r12, r12, #PSR_MODE_BITS
    cmp     r12, #MODE_HYP
    beq     1f
    cpsid   aif, #MODE_SVC
    bx      r11
1:  mrc     p15, 4, r12, c14, c1, 0         /* CNTHCTL: the counters are the kernel's */
    orr     r12, r12, #3
    mcr     p15, 4, r12, c14, c1, 0
    mov     r12, #0
    mcrr    p15, 4, r12, r12, c14           /* CNTVOFF = 0 */
    mcr     p15, 4, r12, c1, c1, 0          /* HCR: no traps, no second stage */
    mcr     p15, 4, r12, c1, c1, 3          /* HSTR */
    mov     r12, #PSR_ALL_OFF_SVC
    msr     spsr_cxsf, r12                  /* of this mode: by its name it is for others to write */
    msr     elr_hyp, r11
    eret

first_cpu:
    adr     r11, 1f
    b       enter_svc
1:  mov     r10, r2                         /* the tree */
    adr     r9, _start
    ldr     r8, =_start
    sub     r9, r9, r8                      /* r9 = physical - virtual */

    /* 2. bss */
    ldr     r0, =bss_start
    ldr     r1, =bss_end
    add     r0, r0, r9
    add     r1, r1, r9
    mov     r2, #0
    mov     r3, #0
    mov     r4, #0
    mov     r5, #0
1:  stmia   r0!, {r2-r5}
    cmp     r0, r1
    blo     1b

    /* The kernel's half: level 1 -> level 2 -> the first 4 MiB of RAM, by pages. */
    ldr     r0, =kernel_level1
    add     r0, r0, r9
    ldr     r1, =kernel_level2
    add     r1, r1, r9
    orr     r2, r1, #3                      /* table */
    mov     r3, #0
    strd    r2, r3, [r0]
    add     r4, r1, #4096
    orr     r2, r4, #3
    strd    r2, r3, [r0, #8]
    ldr     r5, =kernel_level3              /* 1024 pages: two tables, side by side */
    add     r5, r5, r9
    orr     r2, r5, #3
    strd    r2, r3, [r1]
    add     r2, r2, #4096
    strd    r2, r3, [r1, #8]
    adr     r4, _start
    bfc     r4, #0, #21
    ldr     r2, =BOOT_PAGE
    orr     r2, r2, r4
    add     r6, r5, #8192
1:  strd    r2, r3, [r5], #8
    add     r2, r2, #4096
    cmp     r5, r6
    blo     1b
    ldr     r5, =BOOT_BLOCK
    /* The identity map: the GiB we run in. */
    ldr     r0, =identity_level1
    add     r0, r0, r9
    lsr     r4, r4, #30
    lsl     r2, r4, #30
    orr     r2, r2, r5
    add     r0, r0, r4, lsl #3
    strd    r2, r3, [r0]

    adr     r11, 1f
    b       enable_mmu
1:  ldr     pc, =first_cpu_high

    /* 3, 4.  r9 = physical - virtual; returns to r11 (physical), which the identity map still reaches. */
enable_mmu:
    ldr     r0, =MAIR0_VALUE
    mcr     p15, 0, r0, c10, c2, 0
    mov     r1, #0
    mcr     p15, 0, r1, c10, c2, 1
    ldr     r0, =TTBCR_VALUE
    mcr     p15, 0, r0, c2, c0, 2
    ldr     r0, =identity_level1
    add     r0, r0, r9
    mcrr    p15, 0, r0, r1, c2              /* TTBR0 */
    ldr     r0, =kernel_level1
    add     r0, r0, r9
    mcrr    p15, 1, r0, r1, c2              /* TTBR1 */
    mcr     p15, 0, r1, c8, c7, 0           /* TLBIALL: what is in the TLB at reset is unknown */
    mcr     p15, 0, r1, c7, c5, 0           /* ICIALLU */
    mcr     p15, 0, r1, c7, c5, 6           /* BPIALL */
    dsb     sy
    isb
    mrc     p15, 0, r0, c1, c0, 2           /* CPACR: VFP and NEON are there for both modes */
    orr     r0, r0, #0xf << 20
    mcr     p15, 0, r0, c1, c0, 2
    mrc     p15, 0, r0, c1, c0, 0
    ldr     r2, =SCTLR_SET
    orr     r0, r0, r2
    ldr     r2, =SCTLR_CLEAR
    bic     r0, r0, r2
    mcr     p15, 0, r0, c1, c0, 0
    isb
    bx      r11

first_cpu_high:
    .cfi_startproc
    .cfi_undefined 14
    ldr     r0, =vectors
    mcr     p15, 0, r0, c12, c0, 0          /* VBAR */
    ldr     sp, =boot_stack_top
    ldr     r0, =boot_thread
    mcr     p15, 0, r0, c13, c0, 4          /* TPIDRPRW: current */
    cps     #MODE_ABORT
    ldr     sp, =emergency_stacks + EMERGENCY_STACK_SIZE
    cps     #MODE_SVC
    isb
    mov     r0, r10
    mov     r1, r9
    bl      kernel_main
1:  b       1b
    .cfi_endproc

    .globl secondary_start
secondary_start:
    adr     r11, 1f
    b       enter_svc
1:  mov     r10, r0
    adr     r9, _start
    ldr     r8, =_start
    sub     r9, r9, r8
    adr     r11, 1f
    b       enable_mmu
1:  ldr     pc, =secondary_high

secondary_high:
    .cfi_startproc
    .cfi_undefined 14
    ldr     r0, =vectors
    mcr     p15, 0, r0, c12, c0, 0
    sub     r10, r10, r9                    /* struct cpu_boot, in the linear map */
    ldr     sp, [r10, #CPU_BOOT_STACK]
    ldr     r0, [r10, #CPU_BOOT_THREAD]
    mcr     p15, 0, r0, c13, c0, 4
    ldr     r1, [r10, #CPU_BOOT_NUMBER]
    mov     r2, #EMERGENCY_STACK_SIZE
    cps     #MODE_ABORT
    ldr     sp, =emergency_stacks + EMERGENCY_STACK_SIZE
    mla     sp, r1, r2, sp
    cps     #MODE_SVC
    isb
    ldr     r0, [r10, #CPU_BOOT_NUMBER]
    bl      secondary_main
1:  b       1b
    .cfi_endproc

    .ltorg

    .section .bss.page_tables, "aw", %nobits
    .align 12
    .globl kernel_level2
kernel_level2:
    .space 8192
    .globl kernel_level3
kernel_level3:
    .space 8192
    .globl device_level3
device_level3:
    .space 4096
    .align 5
    .globl kernel_level1
kernel_level1:
    .space 16
    .globl identity_level1
identity_level1:
    .space 16
    .globl empty_level1
empty_level1:
    .space 16

    .bss
    .balign 2 * KERNEL_STACK_SIZE
    .space KERNEL_STACK_SIZE                /* below a stack this bit of the address is clear: see vectors.S */
    .globl boot_stack
boot_stack:
    .space KERNEL_STACK_SIZE
boot_stack_top:
    .globl emergency_stacks
emergency_stacks:
    .space EMERGENCY_STACK_SIZE * CPU_MAX_ASM
