/*
 * stand_in.h - a CPU of the test's own for kernel sources that want one: a counter that the test moves on, the running
 * thread, interrupts that are only counted off, and spinlocks that must be free when they are taken.
 *
 * To be included before any header of the kernel, and before the source that is tested.
 */
#pragma once

#pragma GCC diagnostic ignored "-Wpointer-to-int-cast" /* the headers' inline functions are for 32 bits */
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#pragma GCC diagnostic ignored "-Wunused-parameter" /* as for the kernel */
#include <stdio.h>
#include <stdlib.h>

/* The headers' own forms are the ARM's instructions: they get other names, and nobody calls them. */
#define counter_read arm_counter_read
#define counter_interrupt_at arm_counter_interrupt_at
#define counter_allow_user arm_counter_allow_user
#define irq_save arm_irq_save
#define irq_restore arm_irq_restore
#define dmb arm_dmb
#define spin_lock arm_spin_lock
#define spin_unlock arm_spin_unlock
#define spin_lock_irq_off arm_spin_lock_irq_off
#define spin_unlock_irq_off arm_spin_unlock_irq_off
#define irq_disable arm_irq_disable
#define irq_enable arm_irq_enable
#define isb arm_isb
#define wfi arm_wfi
#include <arch/cpu.h>
#include <core/lock.h>
#undef counter_read
#undef counter_interrupt_at
#undef counter_allow_user
#undef irq_save
#undef irq_restore
#undef dmb
#undef spin_lock
#undef spin_unlock
#undef spin_lock_irq_off
#undef spin_unlock_irq_off
#undef irq_disable
#undef irq_enable
#undef isb
#undef wfi
#undef current

#include <core/cpu_data.h>
#include <core/thread.h>

#define dmb() ((void)0)
#define irq_disable() ((void)0)
#define irq_enable() ((void)0)
#define isb() ((void)0)
#define wfi() ((void)0)

static uint64_t counter_now;                           /* what the counter says */
static uint64_t interrupt_at;                          /* what the CPU's timer is set for */
static struct thread *current __attribute__((unused)); /* the running thread */
static unsigned irq_depth, locks_held;

static inline void must(bool holds, const char *what)
{
    if (!holds) {
        printf("Bail out! %s\n", what);
        exit(1);
    }
}

static inline uint64_t counter_read(void)
{
    return counter_now;
}

static inline void counter_interrupt_at(uint64_t deadline, bool on)
{
    interrupt_at = on ? deadline : DEADLINE_NEVER;
}

static inline void counter_allow_user(void) {}

static inline uint32_t irq_save(void)
{
    return irq_depth++;
}

static inline void irq_restore(uint32_t depth)
{
    must(--irq_depth == depth, "interrupts are turned off and on in pairs");
}

static inline void spin_lock(struct spinlock *lock)
{
    must(lock->word == 0, "a lock is free when it is taken");
    lock->word = 1;
    locks_held++;
}

static inline void spin_unlock(struct spinlock *lock)
{
    must(lock->word == 1, "a lock is held when it is given up");
    lock->word = 0;
    locks_held--;
}

static inline void spin_lock_irq_off(struct spinlock *lock)
{
    spin_lock(lock);
}

static inline void spin_unlock_irq_off(struct spinlock *lock)
{
    spin_unlock(lock);
}
