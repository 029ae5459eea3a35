/*
 * stack.h - the threads' kernel stacks: KERNEL_STACK_PAGES pages with a guard page below.
 */
#pragma once

#include <stdint.h>

/* A stack (its lowest address) and its slot, or NULL: no memory, or no slot. */
uint8_t *kernel_stack_alloc(uint32_t *slot);
/* Callable with interrupts off, on another stack. */
void kernel_stack_free(uint8_t *stack, uint32_t slot);
/* Pages that stacks keep for the next thread: they count as free. */
unsigned stack_pages_kept(void);
