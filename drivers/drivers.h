/*
 * drivers.h - the devices that boot brings up, from the device tree.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* GICv2 (compatible "arm,cortex-a15-gic" and kin): registers the irq controller. Panics without one. */
void gic_start(void);
/* PL011: the console; early: polled output for the log, later receive interrupts and the terminal. */
void pl011_start(void);
void pl011_start_interrupts(void);
/* The virtual timer's interrupt number from the device tree (PPI). */
unsigned timer_irq_number(void);
/* PL031: seconds since 1970, 0 where there is none. */
uint32_t rtc_seconds(void);
/* PSCI by the method in the tree (hvc or smc): start CPUs, end the machine; semihosting where the argument is given. */
int psci_cpu_on(uint32_t mpidr, uint32_t entry, uint32_t context);
void power_start(void);
void semihosting_start(void); /* the log's other channel */
