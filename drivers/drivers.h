/*
 * drivers.h - the devices that boot brings up, from the device tree.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* GICv2 (compatible "arm,cortex-a15-gic" and kin), the irq controller of core/irq.h.  Panics without one. */
void gic_start(void);
/* The number of the `index`th interrupt of a device's node, or IRQ_MAX where it has none. */
unsigned gic_interrupt(uint32_t node, unsigned index);
/* The registers of a device's node, mapped; NULL: it has none. */
volatile void *device_registers(uint32_t node, unsigned index);
/* The same as one reads them in the manual: physical, 0 where there are none. */
unsigned device_address(uint32_t node);

/* PL011: the console; early: polled output for the log, later receive interrupts and the terminal. */
void pl011_start(void);
void pl011_start_interrupts(void);
/* Output of the terminal: take bytes as far as there is room; answers how many.  After fewer than `n` the line calls
 * terminal_output_ready() when it has room again.  Without a line all bytes are taken, and lost. */
unsigned pl011_write(const uint8_t *bytes, unsigned n);
/* Has all of it left? */
bool pl011_drained(void);
/* Wait until all output has left, also with interrupts off; takes no lock. */
void pl011_drain(void);

/* The virtual timer's interrupt number from the device tree (PPI). */
unsigned timer_irq_number(void);
/* PL031: seconds since 1970, 0 where there is none. */
uint32_t rtc_seconds(void);

/* PSCI by the method in the tree (hvc or smc). */
void psci_start(void);
/* Start a CPU at a physical address: 0, or PSCI's negative answer. */
int psci_cpu_on(uint32_t mpidr, uint32_t entry, uint32_t context);

/* Semihosting, where the boot argument `semihosting` is given; with `log=semihosting` it takes the log's lines. */
void semihosting_start(void);
bool semihosting_available(void);
bool semihosting_takes_log(void);
/* End QEMU with an exit status. */
void semihosting_exit(int status) __attribute__((noreturn));
