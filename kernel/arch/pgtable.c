/*
 * pgtable.c - LPAE page tables: those of user spaces, and the kernel's own map.
 *
 *      0x80000000  linear map: all RAM; the kernel's image by pages with their permissions, the rest in blocks of 2 MiB
 *      0xf0000000  device registers, 2 MiB
 *      0xf4000000  kernel stacks: a slot of 16 KiB each, of which the upper 8 KiB are mapped
 *
 * The tables of a user space are guarded by that space's lock, the kernel's stacks by their caller's.
 */
#include <arch/boot.h>
#include <arch/cpu.h>
#include <arch/pgtable.h>

#define ENTRIES 512
#define BLOCK_SIZE 0x200000u
#define DEVICE_BASE 0xf0000000u
#define TABLE_BITS (PTE_VALID | PTE_TABLE)

/* boot/start.S and linker/kernel.ld */
extern uint64_t kernel_level2[2 * ENTRIES], kernel_level3[2 * ENTRIES], device_level3[ENTRIES];
extern char text_end[], rodata_end[], kernel_start[];

uint64_t linear_offset;

static inline unsigned index2(uint32_t address)
{
    return address >> 21 & (ENTRIES - 1);
}

static inline unsigned index3(uint32_t address)
{
    return address >> PAGE_SHIFT & (ENTRIES - 1);
}

static inline pte_t *table_of(uint64_t entry)
{
    return phys_to_virt(entry & PTE_ADDRESS);
}

void mmu_context_init(struct mmu_context *context)
{
    context->level1[0] = context->level1[1] = 0;
    context->table = virt_to_phys(context->level1);
    context->asid = 0;
}

pte_t *pgtable_level3(struct mmu_context *context, uaddr_t address)
{
    uint64_t entry = context->level1[address >> 30];

    if (!(entry & PTE_VALID))
        return NULL;
    entry = table_of(entry)[index2(address)];
    return entry & PTE_VALID ? table_of(entry) : NULL;
}

pte_t *pgtable_find(struct mmu_context *context, uaddr_t address)
{
    pte_t *table = pgtable_level3(context, address);

    return table != NULL ? &table[index3(address)] : NULL;
}

/* The table that *entry leads to; one of the spare pages, if it leads nowhere yet. */
static pte_t *table_make(uint64_t *entry, void *spare[2])
{
    void **page = spare[0] != NULL ? &spare[0] : &spare[1];

    if (!(*entry & PTE_VALID)) {
        if (*page == NULL)
            return NULL;
        pte_store(entry, virt_to_phys(*page) | TABLE_BITS);
        *page = NULL;
    }
    return table_of(*entry);
}

pte_t *pgtable_make(struct mmu_context *context, uaddr_t address, void *spare[2])
{
    pte_t *table = table_make(&context->level1[address >> 30], spare);

    if (table != NULL)
        table = table_make(&table[index2(address)], spare);
    return table != NULL ? &table[index3(address)] : NULL;
}

void tlb_flush_page(struct mmu_context *context, uaddr_t address)
{
    uint32_t operand = (address & PAGE_MASK) | (context->asid & 0xff);

    __asm__ volatile("mcr p15, 0, %0, c8, c3, 1" ::"r"(operand)); /* TLBIMVAIS */
    dsb();
    isb();
}

void tlb_flush_page_here(struct mmu_context *context, uaddr_t address)
{
    uint32_t operand = (address & PAGE_MASK) | (context->asid & 0xff);

    __asm__ volatile("mcr p15, 0, %0, c8, c7, 1" ::"r"(operand)); /* TLBIMVA */
    dsb();
    isb();
}

void tlb_flush_context(struct mmu_context *context)
{
    if (context->asid != 0)
        __asm__ volatile("mcr p15, 0, %0, c8, c3, 2" ::"r"(context->asid & 0xff)); /* TLBIASIDIS */
    dsb();
    isb();
}

/* A kernel page is in every ASID. */
static void tlb_flush_kernel_page(uint32_t address)
{
    __asm__ volatile("mcr p15, 0, %0, c8, c3, 3" ::"r"(address & PAGE_MASK)); /* TLBIMVAAIS */
    dsb();
    isb();
}

void cache_sync_page(void *page)
{
    for (uint32_t line = (uint32_t)page; line < (uint32_t)page + PAGE_SIZE; line += 64)
        __asm__ volatile("mcr p15, 0, %0, c7, c11, 1" ::"r"(line) : "memory"); /* DCCMVAU: to where fetches look */
    dsb();
    __asm__ volatile("mcr p15, 0, %0, c7, c1, 0" ::"r"(0)); /* ICIALLUIS */
    __asm__ volatile("mcr p15, 0, %0, c7, c1, 6" ::"r"(0)); /* BPIALLIS */
    dsb();
    isb();
}

void mmu_start_early(uint64_t offset)
{
    linear_offset = offset;
}

void *mmu_map_early(phys_t address)
{
    uint32_t virtual = (uint32_t)phys_to_virt(address);

    for (unsigned i = 0; i < 2; i++) {
        uint32_t block = (virtual & ~(BLOCK_SIZE - 1)) + i * BLOCK_SIZE;
        uint64_t *entry = &kernel_level2[(block - LINEAR_BASE) / BLOCK_SIZE];

        if (!(*entry & PTE_VALID))
            pte_store(entry, virt_to_phys((void *)block) | PTE_KERNEL | PTE_XN);
    }
    isb();
    return (void *)virtual;
}

void mmu_map_ram(phys_t start, phys_t end)
{
    for (phys_t block = (start + BLOCK_SIZE - 1) & ~(phys_t)(BLOCK_SIZE - 1); block + BLOCK_SIZE <= end;
         block += BLOCK_SIZE) {
        uint64_t *entry = &kernel_level2[((uint32_t)phys_to_virt(block) - LINEAR_BASE) / BLOCK_SIZE];

        if (!(*entry & PTE_VALID))
            pte_store(entry, block | PTE_KERNEL | PTE_XN);
    }
    isb();
}

/* Permissions alone change here, so the entries need not be broken first (ARM ARM B3.10.1). */
void mmu_protect_kernel(void)
{
    for (unsigned i = 0; i < 2 * ENTRIES; i++) {
        uint32_t page = LINEAR_BASE + i * PAGE_SIZE;
        pte_t e = virt_to_phys((void *)page) | PTE_KERNEL | PTE_TABLE;

        if (page < (uint32_t)kernel_start || page >= (uint32_t)rodata_end)
            e |= PTE_XN;
        else if (page < (uint32_t)text_end)
            e |= PTE_READ_ONLY;
        else
            e |= PTE_READ_ONLY | PTE_XN;
        pte_store(&kernel_level3[i], e);
    }
    __asm__ volatile("mcr p15, 0, %0, c8, c3, 0" ::"r"(0)); /* TLBIALLIS */
    dsb();
    isb();
}

void mmu_start_cpu(void)
{
    uint32_t control;

    mmu_switch(NULL);
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 0" ::"r"(0)); /* TLBIALL: the identity map is gone */
    dsb();
    isb();
    __asm__ volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(control));
    __asm__ volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"(control | SCTLR_WXN));
    isb();
}

void *kernel_map_device(phys_t address, size_t size)
{
    static unsigned used;
    uint32_t offset = (uint32_t)address & (PAGE_SIZE - 1);
    unsigned pages = (unsigned)((offset + size + PAGE_SIZE - 1) >> PAGE_SHIFT), first = used;
    uint64_t *entry = &kernel_level2[(DEVICE_BASE - LINEAR_BASE) / BLOCK_SIZE];

    if (pages > ENTRIES - used)
        return NULL;
    if (!(*entry & PTE_VALID))
        pte_store(entry, virt_to_phys(device_level3) | TABLE_BITS);
    for (unsigned i = 0; i < pages; i++)
        pte_store(&device_level3[used++], ((address & ~(phys_t)(PAGE_SIZE - 1)) + i * PAGE_SIZE) | PTE_VALID |
                                              PTE_TABLE | PTE_DEVICE | PTE_ACCESSED | PTE_SHAREABLE | PTE_XN);
    isb();
    return (void *)(DEVICE_BASE + first * PAGE_SIZE + offset);
}

static uint32_t stack_address(unsigned slot)
{
    return KERNEL_STACK_BASE + (2 * slot + 1) * KERNEL_STACK_SIZE;
}

void *kernel_stack_map(unsigned slot, void *const pages[KERNEL_STACK_PAGES], void *spare[2])
{
    uint32_t address = stack_address(slot);
    pte_t *table = table_make(&kernel_level2[(address - LINEAR_BASE) / BLOCK_SIZE], spare);

    if (table == NULL)
        return NULL;
    for (unsigned i = 0; i < KERNEL_STACK_PAGES; i++)
        pte_store(&table[index3(address) + i], virt_to_phys(pages[i]) | PTE_KERNEL | PTE_TABLE | PTE_XN);
    isb();
    return (void *)address;
}

void kernel_stack_unmap(unsigned slot)
{
    uint32_t address = stack_address(slot);
    pte_t *table = table_of(kernel_level2[(address - LINEAR_BASE) / BLOCK_SIZE]);

    for (unsigned i = 0; i < KERNEL_STACK_PAGES; i++) {
        pte_clear(&table[index3(address) + i]);
        tlb_flush_kernel_page(address + i * PAGE_SIZE);
    }
}
