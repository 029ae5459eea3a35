/*
 * address.c - the address sanitizer's half in the kernel.
 *
 * A shadow byte stands for 8 bytes of memory: 0, all may be accessed; 1 to 7, only so many of them; with bit 7 set,
 * none, and the value says why.  gcc calls __asan_load4_noabort(address) and its kin in front of each access; the
 * copies in assembly are reached through wrappers, which the linker puts in (--wrap), and through sanitize_read() and
 * sanitize_write().  An access that is not allowed is a panic, whose backtrace leads to it.
 *
 * The shadow of an address lies at SHADOW_OFFSET + address / 8, as gcc is told (-fasan-shadow-offset): each function
 * marks the gaps between its variables there by itself.  There is shadow, each from the time it is needed on, for
 *
 *      the kernel's image      pages of this file, since functions and variables of the boot have gaps too
 *      the linear map          an eighth of the memory, from sanitize_start_linear() on
 *      kernel stacks           a page for each slot that was ever used
 *
 * Devices are not checked.
 */
#include <arch/cpu.h>
#include <arch/pgtable.h>
#include <core/debug.h>
#include <core/sanitize.h>
#include <lib/string.h>

#define POISON 0x6b /* what freed memory is filled with */

#define SHADOW_OFFSET 0xd0000000u
#define SHADOW_OF(address) (SHADOW_OFFSET + ((uint32_t)(address) >> 3))
#define IMAGE_SIZE 0x400000u /* what boot/start.S maps */
#define BLOCK_SIZE 0x200000u
#define ENTRIES 512u
#define STACK_TABLES (SHADOW_OF(2 * KERNEL_STACKS * KERNEL_STACK_SIZE) - SHADOW_OFFSET) / BLOCK_SIZE

/* What gcc marks by itself: the gaps below, between and above a function's variables, and what is out of scope. */
#define GAP_LEFT 0xf1
#define GAP_MIDDLE 0xf2
#define GAP_RIGHT 0xf3
#define OUT_OF_SCOPE 0xf8
#define GAP_GLOBAL 0xf9 /* ours, behind a variable of a file */

/* What gcc hands over for a variable of a file, one that is followed by a gap. */
struct global {
    uint8_t *memory;
    size_t size, with_gap;
    const void *names[5];
};

extern pte_t kernel_level2[2 * ENTRIES];                                      /* boot/start.S */
extern void (*const constructors[])(void), (*const constructors_end[])(void); /* linker/kernel.ld */

static uint8_t image_shadow[IMAGE_SIZE / 8] __attribute__((aligned(4096), section(".shadow,\"aw\",%nobits@")));
static pte_t image_table[ENTRIES] __attribute__((aligned(4096)));
static pte_t stack_tables[STACK_TABLES][ENTRIES] __attribute__((aligned(4096)));

static size_t linear_size; /* so much of the linear map has a shadow; 0: nothing is checked */

void *__real_memcpy(void *to, const void *from, size_t n);
void *__real_memmove(void *to, const void *from, size_t n);
void *__real_memset(void *to, int byte, size_t n);
void __real_page_copy(void *to, const void *from);
void __real_page_clear(void *to);

static uint8_t *shadow_of(const void *memory)
{
    return (uint8_t *)SHADOW_OF(memory);
}

static pte_t *level2_entry(uint32_t shadow)
{
    return &kernel_level2[(shadow - LINEAR_BASE) / BLOCK_SIZE];
}

static void enter_table(pte_t *entry, const pte_t *table)
{
    pte_store(entry, virt_to_phys(table) | PTE_VALID | PTE_TABLE);
}

static void enter_pages(pte_t *entry, const void *memory, size_t size)
{
    for (size_t i = 0; i < size; i += PAGE_SIZE)
        pte_store(entry++, virt_to_phys((const uint8_t *)memory + i) | PTE_KERNEL | PTE_TABLE | PTE_XN);
    isb();
}

void sanitize_start(void)
{
    enter_pages(image_table, image_shadow, sizeof image_shadow);
    enter_table(level2_entry(SHADOW_OF(LINEAR_BASE)), image_table);
    for (unsigned i = 0; i < STACK_TABLES; i++)
        enter_table(level2_entry(SHADOW_OF(KERNEL_STACK_BASE)) + i, stack_tables[i]);
    __real_memset(shadow_of((void *)LINEAR_BASE), 0, sizeof image_shadow);
    for (void (*const *constructor)(void) = constructors; constructor < constructors_end; constructor++)
        (*constructor)();
    linear_size = IMAGE_SIZE;
}

/* By blocks of 2 MiB; the first of them the image's table goes on with. */
void sanitize_start_linear(size_t size, void *memory)
{
    uint8_t *shadow = (uint8_t *)(((uint32_t)memory + BLOCK_SIZE - 1) & ~(BLOCK_SIZE - 1));
    pte_t *entry = level2_entry(SHADOW_OF(LINEAR_BASE));

    __real_memset(shadow, 0, size / 8);
    enter_pages(image_table + sizeof image_shadow / PAGE_SIZE, shadow + sizeof image_shadow,
                BLOCK_SIZE - sizeof image_shadow);
    for (size_t i = BLOCK_SIZE; i < size / 8; i += BLOCK_SIZE)
        pte_store(++entry, virt_to_phys(shadow + i) | PTE_KERNEL | PTE_XN);
    isb();
    linear_size = size;
}

bool sanitize_stack(void *stack, void **spare)
{
    uint8_t *shadow = shadow_of(stack);
    pte_t *entry = &stack_tables[0][((uint32_t)shadow - SHADOW_OF(KERNEL_STACK_BASE)) / PAGE_SIZE];

    if (*entry == 0) {
        if (*spare == NULL)
            return false;
        enter_pages(entry, *spare, PAGE_SIZE);
        *spare = NULL;
    }
    __real_memset(shadow, 0, KERNEL_STACK_SIZE / 8);
    return true;
}

/* From `memory` on; where it begins in the midst of 8 bytes, those before it stay as they are. */
static void mark(const void *memory, size_t n, uint8_t why)
{
    uint32_t start = (uint32_t)memory, end = (start + n + 7) & ~7u;
    uint8_t *byte = shadow_of(memory);

    if (start & 7)
        *byte++ = start & 7;
    start = (start + 7) & ~7u;
    __real_memset(byte, why, (end - start) >> 3);
}

void sanitize_poison(void *memory, size_t n, uint8_t why)
{
    if (*shadow_of(memory) == why && why == SANITIZE_FREE_OBJECT)
        panic("address sanitizer: %p is freed twice", memory);
    __real_memset(memory, POISON, n);
    mark(memory, n, why);
}

void sanitize_allow(void *memory, size_t n)
{
    mark(memory, n, 0);
}

void sanitize_forbid_behind(void *memory, size_t n, size_t whole)
{
    mark((uint8_t *)memory + n, whole - n, SANITIZE_BEHIND_OBJECT);
}

static const char *reason(uint8_t why)
{
    switch (why) {
    case SANITIZE_FREE_PAGE:
        return "in a free page";
    case SANITIZE_FREE_OBJECT:
        return "in a free object";
    case GAP_LEFT:
        return "before a function's variables";
    case GAP_MIDDLE:
    case GAP_RIGHT:
        return "behind a function's variable";
    case OUT_OF_SCOPE:
        return "in a variable that is out of scope";
    case GAP_GLOBAL:
        return "behind a file's variable";
    default:
        return "behind an object";
    }
}

/* Why some byte of [address, end) may not be accessed, or 0. */
static uint8_t forbidden(uint32_t address, uint32_t end)
{
    const uint8_t *byte = shadow_of((const void *)address), *last = shadow_of((const void *)(end - 1));

    while (byte < last && *byte == 0)
        byte++;
    if (*byte == 0 || (byte == last && *byte < 8 && ((end - 1) & 7) < *byte))
        return 0;
    return *byte < 8 ? byte[1] : *byte; /* what is behind a part of 8 bytes is marked in the next */
}

static bool has_shadow(uint32_t address)
{
    return address - LINEAR_BASE < linear_size || (address >= KERNEL_STACK_BASE && linear_size > 0);
}

static void check(const void *memory, size_t n, const char *what)
{
    uint32_t address = (uint32_t)memory;
    uint8_t why;

    if (!has_shadow(address) || n == 0)
        return;
    why = forbidden(address, address + n);
    if (why != 0) {
        linear_size = 0; /* the panic is not to find more of the same */
        panic("address sanitizer: %s of %u bytes at %08x, %s", what, (unsigned)n, (unsigned)address, reason(why));
    }
}

void sanitize_read(const void *memory, size_t n)
{
    check(memory, n, "read");
}

void sanitize_write(const void *memory, size_t n)
{
    check(memory, n, "write");
}

/* What gcc calls. */
#define ACCESS(size)                                       \
    void __asan_load##size##_noabort(const void *memory);  \
    void __asan_load##size##_noabort(const void *memory)   \
    {                                                      \
        check(memory, size, "read");                       \
    }                                                      \
    void __asan_store##size##_noabort(const void *memory); \
    void __asan_store##size##_noabort(const void *memory)  \
    {                                                      \
        check(memory, size, "write");                      \
    }
ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

void __asan_loadN_noabort(const void *memory, size_t n);
void __asan_loadN_noabort(const void *memory, size_t n)
{
    check(memory, n, "read");
}

void __asan_storeN_noabort(const void *memory, size_t n);
void __asan_storeN_noabort(const void *memory, size_t n)
{
    check(memory, n, "write");
}

void __asan_register_globals(const struct global *globals, size_t count);
void __asan_register_globals(const struct global *globals, size_t count)
{
    for (const struct global *g = globals; g < globals + count; g++)
        mark(g->memory + g->size, g->with_gap - g->size, GAP_GLOBAL);
}

void __asan_unregister_globals(const struct global *globals, size_t count);
void __asan_unregister_globals(const struct global *globals, size_t count)
{
    (void)globals;
    (void)count;
}

/* A large variable of a function comes into scope, and leaves it. */
void __asan_unpoison_stack_memory(uint8_t *memory, size_t n);
void __asan_unpoison_stack_memory(uint8_t *memory, size_t n)
{
    mark(memory, n, 0);
    if (n & 7)
        *shadow_of(memory + n) = n & 7;
}

void __asan_poison_stack_memory(uint8_t *memory, size_t n);
void __asan_poison_stack_memory(uint8_t *memory, size_t n)
{
    mark(memory, n, OUT_OF_SCOPE);
}

/* The functions that led to a call which never returns do not take their marks away: it is done here. */
void __asan_handle_no_return(void);
void __asan_handle_no_return(void)
{
    uint32_t sp = (uint32_t)__builtin_frame_address(0) & ~7u, top = (sp | (KERNEL_STACK_SIZE - 1)) + 1;

    sanitize_allow((void *)sp, top - sp);
}

/* What the linker puts in front of the routines in assembly. */
void *__wrap_memcpy(void *to, const void *from, size_t n);
void *__wrap_memcpy(void *to, const void *from, size_t n)
{
    check(from, n, "read");
    check(to, n, "write");
    return __real_memcpy(to, from, n);
}

void *__wrap_memmove(void *to, const void *from, size_t n);
void *__wrap_memmove(void *to, const void *from, size_t n)
{
    check(from, n, "read");
    check(to, n, "write");
    return __real_memmove(to, from, n);
}

void *__wrap_memset(void *to, int byte, size_t n);
void *__wrap_memset(void *to, int byte, size_t n)
{
    check(to, n, "write");
    return __real_memset(to, byte, n);
}

void __wrap_page_copy(void *to, const void *from);
void __wrap_page_copy(void *to, const void *from)
{
    check(from, 4096, "read");
    check(to, 4096, "write");
    __real_page_copy(to, from);
}

void __wrap_page_clear(void *to);
void __wrap_page_clear(void *to)
{
    check(to, 4096, "write");
    __real_page_clear(to);
}
