/*
 * main.h - what boot/start.S and main.c call of each other and of cpus.c.
 */
#pragma once

#include <stdint.h>

/* `tree`: physical address of the device tree; `offset`: physical - virtual. */
void kernel_main(uint32_t tree, uint32_t offset) __attribute__((noreturn));
void secondary_main(unsigned number) __attribute__((noreturn));

/* Count the CPUs of the tree (before devices start), start the others through PSCI. */
void cpus_find(void);
void cpus_start(void);
