/*
 * layout.h - where things are in a process's address space: 0 to 2 GiB, page 0 never mapped.
 *
 *      0x00010000  the program: text, read-only data, data, bss; then the heap (brk), growing up
 *      ...         mappings (mmap), placed from USER_MAP_TOP down
 *      0x7f000000  USER_MAP_TOP; above it room for the stack, growing down
 *      0x7ffff000  USER_TIME_PAGE, read-only (abi/time.h)
 *      0x80000000  the kernel
 */
#pragma once

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096u
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_UP(n) (((n) + PAGE_SIZE - 1) & PAGE_MASK) /* to the end of the page */

#define USER_BASE 0x00001000u
#define USER_MAP_TOP 0x7f000000u
#define USER_TIME_PAGE 0x7ffff000u
#define USER_STACK_TOP 0x7ffff000u
#define USER_TOP 0x80000000u
