/*
 * irq.h - interrupts by number: a table of handlers that drivers fill in.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef void irq_handler(void *context);

#define IRQ_MAX 512

/* The interrupt controller, drivers/gic.c. */
/* Turn `irq` on; `level` false: edge-triggered.  Before the controller is there it is left to irq_start_cpu(). */
void gic_enable(unsigned irq, bool level);
/* Bring up this CPU's part. */
void gic_start_cpu(void);
/* Acknowledge what is pending and answer a token whose low 10 bits are its number (>= IRQ_MAX: none); end it. */
uint32_t gic_acknowledge(void);
void gic_end(uint32_t token);
/* Software-generated interrupt 0 ... 15 to the CPUs of `cpus` (bit n: CPU number n).  Nothing before the controller is
 * there. */
void irq_send(unsigned sgi, uint32_t cpus);

/* Interrupts at `irq` call handler(context) with interrupts off.  Numbers are GIC's: SGI 0-15, PPI 16-31, SPI 32-. */
void irq_register(unsigned irq, const char *name, irq_handler *handler, void *context, bool level);
/* Also on CPUs that come up later: PPIs and SGIs are enabled per CPU. */
void irq_start_cpu(void);
/* From the trap: handle all that is pending. */
void irq_dispatch(void);
/* For /proc/interrupts: calls visit(number, name, count on each CPU). */
void irq_visit(void (*visit)(unsigned irq, const char *name, const uint32_t *counts, void *context), void *context);

#define SGI_RESCHEDULE 0
#define SGI_STOP 1  /* a panic: stand still */
#define SGI_TELL 2  /* print where you are */
#define SGI_CLOCK 3 /* the time of day was set: look at your timers */
