/*
 * asid.c - address space identifiers: which of the 255 a user space has, and what happens when they run out.
 *
 * context->asid is generation << 8 | ASID.  It is good while its generation is the present one.  When all 255 are taken
 * a new generation begins: every CPU has to empty its TLB before it runs a context of the new generation, and what the
 * CPUs run right now keeps its ASID.  ASID 0 belongs to the empty table.
 *
 * cpu->asid is what a CPU runs, exchanged atomically, and 0 after a rollover: so a CPU that finds its context's
 * generation good, while another CPU begins a new one, either was seen by the rollover or goes the slow way itself.
 */
#include <arch/pgtable.h>
#include <core/cpu_data.h>
#include <core/thread.h>
#include <lib/string.h>

#define ASIDS 256

extern uint64_t empty_level1[2]; /* boot/start.S */

static struct spinlock lock = SPINLOCK_INIT("asid", RANK_MEMORY);
static uint32_t generation = ASIDS; /* lock to write */
static uint32_t taken[ASIDS / 32] = {1};
static uint32_t flush_pending;     /* lock  bit n: CPU n must empty its TLB */
static uint32_t reserved[CPU_MAX]; /* lock  what CPUs ran at the rollover */

static inline void load_ttbr0(phys_t table, uint32_t asid)
{
    uint64_t value = table | (uint64_t)asid << 48;

    __asm__ volatile("mcrr p15, 0, %Q0, %R0, c2" ::"r"(value) : "memory");
    isb();
}

/* Is it of the present generation? */
static inline bool is_present(uint32_t asid)
{
    return (asid ^ __atomic_load_n(&generation, __ATOMIC_RELAXED)) < ASIDS;
}

static bool take(unsigned asid)
{
    uint32_t bit = 1u << asid % 32;
    bool free = !(taken[asid / 32] & bit);

    taken[asid / 32] |= bit;
    return free;
}

/* Begin a new generation: only what CPUs run now keeps its ASID. */
static void rollover(void)
{
    generation += ASIDS;
    memset(taken, 0, sizeof taken);
    take(0);
    for (unsigned i = 0; i < cpu_count; i++) {
        uint32_t asid = __atomic_exchange_n(&cpus[i].asid, 0, __ATOMIC_SEQ_CST);

        if (asid != 0)
            reserved[i] = asid;
        take(reserved[i] % ASIDS);
    }
    flush_pending = ~0u;
}

/* The context is one that a CPU ran at the rollover: it keeps its ASID, in the new generation. */
static bool keep_reserved(uint32_t old, uint32_t new)
{
    bool found = false;

    for (unsigned i = 0; i < cpu_count; i++)
        if (reserved[i] == old) {
            reserved[i] = new;
            found = true;
        }
    return found;
}

static unsigned take_free(void)
{
    static unsigned next = 1;

    for (unsigned tried = 0; tried < ASIDS - 1; tried++) {
        unsigned asid = next;

        next = next == ASIDS - 1 ? 1 : next + 1;
        if (take(asid))
            return asid;
    }
    return 0;
}

static void new_asid(struct mmu_context *context)
{
    uint32_t old = context->asid;
    unsigned asid;

    if (old != 0) {
        uint32_t kept = generation | old % ASIDS;

        if (keep_reserved(old, kept) || take(old % ASIDS)) {
            context->asid = kept;
            return;
        }
    }
    asid = take_free();
    if (asid == 0) {
        rollover();
        asid = take_free();
    }
    context->asid = generation | asid;
}

static void __attribute__((noinline)) switch_slow(struct cpu *cpu, struct mmu_context *context)
{
    uint32_t bit = 1u << cpu->number;

    spin_lock_irq_off(&lock);
    if (!is_present(context->asid))
        new_asid(context);
    if (flush_pending & bit) {
        flush_pending &= ~bit;
        __asm__ volatile("mcr p15, 0, %0, c8, c7, 0" ::"r"(0)); /* TLBIALL, this CPU */
        dsb();
    }
    __atomic_store_n(&cpu->asid, context->asid, __ATOMIC_SEQ_CST);
    spin_unlock_irq_off(&lock);
    load_ttbr0(context->table, context->asid % ASIDS);
}

void mmu_switch(struct mmu_context *context)
{
    struct cpu *cpu = current->cpu;
    uint32_t asid;

    if (context == NULL) {
        load_ttbr0(virt_to_phys(empty_level1), 0);
        return;
    }
    asid = context->asid;
    if (is_present(asid) && __atomic_exchange_n(&cpu->asid, asid, __ATOMIC_RELAXED) != 0)
        load_ttbr0(context->table, asid % ASIDS);
    else
        switch_slow(cpu, context);
}
