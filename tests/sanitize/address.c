/*
 * address.c - the address sanitizer's half in the kernel.
 *
 * A shadow byte stands for 8 bytes of the linear map: 0, all may be accessed; 1 to 7, only so many of them; with bit 7
 * set, none, and the value says why (core/sanitize.h).  gcc calls __asan_load4_noabort(address) and its kin in front of
 * each access; the copies in assembly are reached through wrappers, which the linker puts in (--wrap), and through
 * sanitize_read() and sanitize_write().  An access that is not allowed is a panic, whose backtrace leads to it.
 *
 * What lies outside the linear map is not checked: kernel stacks have guard pages, and devices no free bytes.  Arrays
 * that are variables by themselves are the undefined-behaviour checks' business (bounds).
 */
#include <core/debug.h>
#include <core/sanitize.h>
#include <lib/string.h>

#define POISON 0x6b /* what freed memory is filled with */

static uint32_t linear_base, linear_size; /* nothing is checked while the size is 0 */
static uint8_t *shadow;

void *__real_memcpy(void *to, const void *from, size_t n);
void *__real_memmove(void *to, const void *from, size_t n);
void *__real_memset(void *to, int byte, size_t n);
void __real_page_copy(void *to, const void *from);
void __real_page_clear(void *to);

void sanitize_start(const void *base, size_t size, uint8_t *bytes)
{
    shadow = bytes;
    __real_memset(shadow, 0, SANITIZE_SHADOW_SIZE(size));
    linear_base = (uint32_t)base;
    linear_size = size;
}

static uint8_t *shadow_of(const void *memory)
{
    return &shadow[((uint32_t)memory - linear_base) >> 3];
}

/* From `memory` on; where it begins in the midst of 8 bytes, those before it stay as they are. */
static void mark(const void *memory, size_t n, uint8_t why)
{
    uint32_t start = (uint32_t)memory, end = (start + n + 7) & ~7u;
    uint8_t *byte = shadow_of(memory);

    if (linear_size == 0 || n == 0)
        return;
    if (start & 7)
        *byte++ = start & 7;
    start = (start + 7) & ~7u;
    __real_memset(byte, why, (end - start) >> 3);
}

void sanitize_poison(void *memory, size_t n, uint8_t why)
{
    if (linear_size != 0 && *shadow_of(memory) == why && why == SANITIZE_FREE_OBJECT)
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
    default:
        return "behind an object";
    }
}

/* The first 8 bytes, of those that [address, end) touches, which do not allow it: their shadow, or 0. */
static uint8_t forbidden(uint32_t address, uint32_t end)
{
    const uint8_t *byte = shadow_of((const void *)address), *last = shadow_of((const void *)(end - 1));

    while (byte < last && *byte == 0)
        byte++;
    if (*byte == 0 || (byte == last && *byte < 8 && ((end - 1) & 7) < *byte))
        return 0;
    return *byte;
}

static void check(const void *memory, size_t n, const char *what)
{
    uint32_t address = (uint32_t)memory;
    uint8_t why;

    if (address - linear_base >= linear_size || n == 0)
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

void __asan_handle_no_return(void);
void __asan_handle_no_return(void) {}

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
