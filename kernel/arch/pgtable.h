/*
 * pgtable.h - LPAE page tables (ARM ARM B3.6): entries, the tables of a user space, TLB maintenance, ASIDs.
 *
 * With TTBCR.T0SZ = T1SZ = 1 each half of the address space is 2 GiB and starts at level 1 with two entries of 1 GiB.
 * Level 2: 512 entries of 2 MiB; level 3: 512 pages.  Table pages are handed in by the caller; nothing is allocated
 * here.
 *
 * A change of a live entry follows "break, DSB, make": pte_clear() and tlb_flush_*() before a new value, and only
 * after the flush is a page free.  From not-present to present needs no flush.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#include <abi/layout.h>
#include <arch/offsets.h>

typedef uint64_t pte_t;
typedef uint32_t uaddr_t; /* a user address: an integer, on purpose */
typedef uint64_t phys_t;

#define PTE_VALID (1ull << 0)
#define PTE_TABLE (1ull << 1) /* levels 1 and 2: a table; level 3: a page */
#define PTE_NORMAL (0ull << 2)
#define PTE_DEVICE (1ull << 2)
#define PTE_USER (1ull << 6)      /* AP[1] */
#define PTE_READ_ONLY (1ull << 7) /* AP[2] */
#define PTE_SHAREABLE (3ull << 8)
#define PTE_ACCESSED (1ull << 10)
#define PTE_NOT_GLOBAL (1ull << 11)
#define PTE_PXN (1ull << 53)
#define PTE_XN (1ull << 54)
#define PTE_ADDRESS 0x000000fffffff000ull
#define PTE_KERNEL (PTE_VALID | PTE_SHAREABLE | PTE_ACCESSED | PTE_NORMAL)

/* A user page: present, cached, its own ASID, never executable by the kernel. `prot` is PROT_... of abi/mman.h; a page
 * that is not PROT_READ must not be made (leave the entry empty). */
static inline pte_t pte_user(phys_t page, unsigned prot)
{
    pte_t e =
        page | PTE_VALID | PTE_TABLE | PTE_NORMAL | PTE_USER | PTE_SHAREABLE | PTE_ACCESSED | PTE_NOT_GLOBAL | PTE_PXN;

    if (!(prot & 2))
        e |= PTE_READ_ONLY;
    if (!(prot & 4))
        e |= PTE_XN;
    return e;
}

static inline bool pte_present(pte_t e)
{
    return e & PTE_VALID;
}

static inline bool pte_writable(pte_t e)
{
    return !(e & PTE_READ_ONLY);
}

static inline phys_t pte_phys(pte_t e)
{
    return e & PTE_ADDRESS;
}

/* One 64-bit store (single-copy atomic with LPAE, ARM ARM A3.5.3), seen by the table walk of every CPU. */
static inline void pte_store(pte_t *entry, pte_t value)
{
    __asm__ volatile("strd %Q1, %R1, [%0]" ::"r"(entry), "r"(value) : "memory");
    __asm__ volatile("dsb ishst" ::: "memory");
}

static inline void pte_clear(pte_t *entry)
{
    pte_store(entry, 0);
}

/* The hardware side of an address space; struct space embeds it. */
struct mmu_context {
    uint64_t level1[2] __attribute__((aligned(16))); /* TTBR0 points here */
    phys_t table;                                    /* physical address of level1 */
    uint32_t asid;                                   /* generation << 8 | ASID; 0: none yet */
};

/* An empty context.  `context` must lie in the linear map. */
void mmu_context_init(struct mmu_context *context);

/* Make `context` (NULL: the empty table of kernel threads) the one of this CPU.  Interrupts off. */
void mmu_switch(struct mmu_context *context);

/* The level-3 entry of `address`, or NULL where no table reaches it. */
pte_t *pgtable_find(struct mmu_context *context, uaddr_t address);

/* As pgtable_find(), but where a table is missing one page of `spare[]` (zeroed table pages in the linear map; NULL
 * entries are none) is put in and its slot set to NULL.  Two pages always suffice.  NULL: spare pages were missing. */
pte_t *pgtable_make(struct mmu_context *context, uaddr_t address, void *spare[2]);

/* The level-3 table (512 entries) that maps the 2 MiB around `address`, or NULL. */
pte_t *pgtable_level3(struct mmu_context *context, uaddr_t address);

/* Invalidate, on all CPUs, what was cached of one page or of the whole context; complete on return. */
void tlb_flush_page(struct mmu_context *context, uaddr_t address);
void tlb_flush_context(struct mmu_context *context);

/* An entry now allows more than before, of the same page: forget it on this CPU.  Another CPU that still has the old
 * one faults needlessly, and comes here. */
void tlb_flush_page_here(struct mmu_context *context, uaddr_t address);

/* After writing instructions into a page (by its kernel address): make them visible to fetches of all CPUs. */
void cache_sync_page(void *page);

/* The linear map. */
extern uint64_t linear_offset; /* physical - virtual */
static inline phys_t virt_to_phys(const void *address)
{
    return (uint32_t)address + linear_offset;
}

static inline void *phys_to_virt(phys_t address)
{
    return (void *)(uint32_t)(address - linear_offset);
}

/* Kernel mappings in the last 256 MiB: device registers and kernel stacks. */
void *kernel_map_device(phys_t address, size_t size);

/*
 * Place `pages` pages (each from the linear map) at a fresh range of kernel addresses with an unmapped guard page
 * below, writable and not executable.  The slot number runs from 0 to KERNEL_STACKS - 1; the caller hands out slots.
 * `spare` as in pgtable_make().  Answers the lowest address, or NULL where a table page was missing.
 */
#define KERNEL_STACK_BASE 0xf4000000u
#define KERNEL_STACK_PAGES (KERNEL_STACK_SIZE / PAGE_SIZE)
#define KERNEL_STACKS (0x08000000u / (2 * KERNEL_STACK_SIZE))
void *kernel_stack_map(unsigned slot, void *const pages[KERNEL_STACK_PAGES], void *spare[2]);
/* Take the stack of `slot` out of the map, flushed; its pages may be freed afterwards. */
void kernel_stack_unmap(unsigned slot);

/*
 * Boot.  mmu_start_early(): the offset of the linear map is known; map the 4 MiB around the device tree so that it
 * can be read.  mmu_start(): map RAM from `start` to `end` (physical, within the 1.75 GiB of the linear map) and give
 * the kernel's own pages their permissions.  mmu_start_cpu(): each CPU, then: no identity map, nothing writable is
 * executable.
 */
#define LINEAR_BASE 0x80000000u
#define LINEAR_SIZE 0x70000000u
#define LINEAR_BLOCK 0x200000u /* it is made of blocks of this size */
void mmu_start_early(uint64_t offset);
void *mmu_map_early(phys_t address);
void mmu_map_ram(phys_t start, phys_t end);
void mmu_protect_kernel(void);
void mmu_start_cpu(void);
