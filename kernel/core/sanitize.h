/*
 * sanitize.h - what allocators tell the address sanitizer (make SANITIZE=1), and the empty forms for other builds.
 * It is the one place of the kernel where CONFIG_SANITIZE is asked for.
 *
 * In that build gcc puts a call in front of each access to memory, and tests/sanitize/address.c looks up whether the
 * bytes may be accessed: there is a shadow byte for every 8 bytes of the linear map.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Why bytes may not be accessed. */
#define SANITIZE_FREE_PAGE 0xff
#define SANITIZE_FREE_OBJECT 0xfe
#define SANITIZE_BEHIND_OBJECT 0xfd

#if CONFIG_SANITIZE
#define SANITIZE_GAP 64u /* bytes between two objects of a cache */
#define SANITIZE_SHADOW_SIZE(size) ((size) / 8)
#define SANITIZE_NOT __attribute__((no_sanitize_address))
/* From now on accesses within the `size` bytes from `base` on are looked up in `shadow`; all are allowed. */
void sanitize_start(const void *base, size_t size, uint8_t *shadow);
/* The bytes may not be accessed from now on; their contents are lost. */
void sanitize_poison(void *memory, size_t n, uint8_t why);
/* They may, up to a multiple of 8; and no more but that, their contents kept. */
void sanitize_allow(void *memory, size_t n);
void sanitize_forbid_behind(void *memory, size_t n, size_t whole);
/* They are about to be accessed by code that gcc did not compile. */
void sanitize_read(const void *memory, size_t n);
void sanitize_write(const void *memory, size_t n);
#else
#define SANITIZE_GAP 0u
#define SANITIZE_SHADOW_SIZE(size) 0
#define SANITIZE_NOT
#define sanitize_start(base, size, shadow) ((void)(shadow))
#define sanitize_poison(memory, n, why) ((void)0)
#define sanitize_allow(memory, n) ((void)0)
#define sanitize_forbid_behind(memory, n, whole) ((void)0)
#define sanitize_read(memory, n) ((void)0)
#define sanitize_write(memory, n) ((void)0)
#endif
