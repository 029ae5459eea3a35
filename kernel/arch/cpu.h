/*
 * cpu.h - one-instruction access to the CPU: interrupts, barriers, counters, system registers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CPU_MAX 8

#define PSR_MODE_MASK 0x1fu
#define PSR_USER 0x10u
#define PSR_THUMB 0x20u
#define PSR_I 0x80u

struct thread;

/* The running thread; TPIDRPRW holds it. */
static inline struct thread *thread_current(void)
{
    struct thread *t;

    __asm__("mrc p15, 0, %0, c13, c0, 4" : "=r"(t));
    return t;
}
#define current thread_current()

static inline void irq_disable(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
}

static inline void irq_enable(void)
{
    __asm__ volatile("cpsie i" ::: "memory");
}

/* Turn interrupts off; answers what irq_restore() wants. */
static inline uint32_t irq_save(void)
{
    uint32_t psr;

    __asm__ volatile("mrs %0, cpsr" : "=r"(psr));
    irq_disable();
    return psr;
}

static inline void irq_restore(uint32_t psr)
{
    __asm__ volatile("msr cpsr_c, %0" ::"r"(psr) : "memory");
}

static inline void dmb(void)
{
    __asm__ volatile("dmb ish" ::: "memory");
}

static inline void dsb(void)
{
    __asm__ volatile("dsb ish" ::: "memory");
}

/* Full-system: before telling a device or ending a CPU. */
static inline void dsb_system(void)
{
    __asm__ volatile("dsb sy" ::: "memory");
}

static inline void isb(void)
{
    __asm__ volatile("isb" ::: "memory");
}

static inline void wfi(void)
{
    __asm__ volatile("dsb sy\n\twfi" ::: "memory");
}

/* The virtual counter (CNTVCT): the same on all CPUs, never backwards. */
static inline uint64_t counter_read(void)
{
    uint64_t ticks;

    __asm__ volatile("mrrc p15, 1, %Q0, %R0, c14" : "=r"(ticks));
    return ticks;
}

static inline uint32_t counter_frequency(void)
{
    uint32_t hz;

    __asm__("mrc p15, 0, %0, c14, c0, 0" : "=r"(hz));
    return hz;
}

/* The CPU's own timer (CNTV): its interrupt comes when the counter has reached `deadline`, if `on`. */
static inline void counter_interrupt_at(uint64_t deadline, bool on)
{
    __asm__ volatile("mcrr p15, 3, %Q0, %R0, c14" ::"r"(deadline));            /* CNTV_CVAL */
    __asm__ volatile("mcr p15, 0, %0, c14, c3, 1\n\tisb" ::"r"((uint32_t)on)); /* CNTV_CTL */
}

/* User mode may read the virtual counter, and nothing else of it. */
static inline void counter_allow_user(void)
{
    __asm__ volatile("mcr p15, 0, %0, c14, c1, 0\n\tisb" ::"r"(2)); /* CNTKCTL: PL0VCTEN */
}

/* Would a store by user mode to `address` succeed at this moment? Interrupts off: the answer comes in a register
 * (PAR) that an interrupt's code may use too. */
static inline bool user_writable_now(uint32_t address)
{
    uint32_t answer;

    __asm__ volatile("mcr p15, 0, %1, c7, c8, 3\n\t" /* ATS1CUW */
                     "isb\n\t"
                     "mrc p15, 0, %0, c7, c4, 0"
                     : "=r"(answer)
                     : "r"(address)
                     : "memory");
    return !(answer & 1);
}
