/*
 * sanitize.h - what allocators tell the address sanitizer (make SANITIZE=1), and the empty forms for other builds.
 * It is the one place of the kernel where CONFIG_SANITIZE is asked for.
 *
 * In that build gcc puts a call in front of each access to memory, and tests/sanitize/address.c looks up whether the
 * bytes may be accessed: there is a shadow byte for every 8 bytes of the linear map and of kernel stacks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why bytes may not be accessed. */
#define SANITIZE_FREE_PAGE 0xff
#define SANITIZE_FREE_OBJECT 0xfe
#define SANITIZE_BEHIND_OBJECT 0xfd

#if CONFIG_SANITIZE
#define SANITIZE_REMARK ", sanitizers" /* in /proc/version */
#define SANITIZE_GAP 64u               /* bytes between two objects of a cache */
#define SANITIZE_ROOM 0x10000000u      /* of the linear map's addresses, at their end: the shadow's */
#define SANITIZE_SHADOW_SIZE(size) ((size) / 8 + 0x200000u)
#define SANITIZE_NOT __attribute__((no_sanitize_address))
/* First of all, with virt_to_phys() working: the image has a shadow. */
void sanitize_start(void);
/* The linear map has one, `size` bytes of it; it lies in SANITIZE_SHADOW_SIZE(size) bytes at `memory`. */
void sanitize_start_linear(size_t size, void *memory);
/* A kernel stack is used, or used anew: all of it is allowed.  Where its addresses have no shadow yet, the page *spare
 * is that for ever, and *spare NULL; false: there is none. */
bool sanitize_stack(void *stack, void **spare);
/* The bytes may not be accessed from now on; their contents are lost. */
void sanitize_poison(void *memory, size_t n, uint8_t why);
/* They may, up to a multiple of 8; and no more but that, their contents kept. */
void sanitize_allow(void *memory, size_t n);
void sanitize_forbid_behind(void *memory, size_t n, size_t whole);
/* They are about to be accessed by code that gcc did not compile. */
void sanitize_read(const void *memory, size_t n);
void sanitize_write(const void *memory, size_t n);
#else
#define SANITIZE_REMARK ""
#define SANITIZE_GAP 0u
#define SANITIZE_ROOM 0u
#define SANITIZE_SHADOW_SIZE(size) 0
#define SANITIZE_NOT
#define sanitize_start() ((void)0)
#define sanitize_start_linear(size, memory) ((void)(memory))
#define sanitize_stack(stack, spare) true
#define sanitize_poison(memory, n, why) ((void)0)
#define sanitize_allow(memory, n) ((void)0)
#define sanitize_forbid_behind(memory, n, whole) ((void)0)
#define sanitize_read(memory, n) ((void)0)
#define sanitize_write(memory, n) ((void)0)
#endif
