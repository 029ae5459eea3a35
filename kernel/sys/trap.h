/*
 * trap.h - the functions that arch/vectors.S calls.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct trap_frame;

void trap_interrupt(struct trap_frame *frame);
void trap_fault(struct trap_frame *frame, uint32_t status, uint32_t address, unsigned is_prefetch);
void trap_undefined(struct trap_frame *frame);
void trap_unexpected(struct trap_frame *frame) __attribute__((noreturn));
void trap_stack_overflow(uint32_t sp, uint32_t pc, uint32_t address) __attribute__((noreturn));
void trap_work(struct trap_frame *frame, bool call);
