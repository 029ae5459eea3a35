/*
 * irq.h - interrupts by number: a table of handlers that drivers fill in; the controller is a table of operations.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef void irq_handler(void *context);

#define IRQ_MAX 512

/* The interrupt controller, registered by its driver. */
struct irq_controller {
    /* Turn `irq` on; `level` false: edge-triggered. */
    void (*enable)(unsigned irq, bool level);
    void (*disable)(unsigned irq);
    /* Bring up this CPU's part. */
    void (*start_cpu)(void);
    /* Acknowledge what is pending and answer a token whose low 10 bits are its number (>= IRQ_MAX: none); end it. */
    uint32_t (*acknowledge)(void);
    void (*end)(uint32_t token);
    /* Software-generated interrupt 0 ... 15 to the CPUs of `cpus` (bit n: CPU number n). */
    void (*send)(unsigned sgi, uint32_t cpus);
};

void irq_set_controller(const struct irq_controller *controller);
/* Interrupts at `irq` call handler(context) with interrupts off.  Numbers are GIC's: SGI 0-15, PPI 16-31, SPI 32-. */
void irq_register(unsigned irq, const char *name, irq_handler *handler, void *context, bool level);
/* Also on CPUs that come up later: PPIs and SGIs are enabled per CPU. */
void irq_start_cpu(void);
/* From the trap: handle all that is pending. */
void irq_dispatch(void);
void irq_send(unsigned sgi, uint32_t cpus);
/* For /proc/interrupts: calls visit(number, name, count on each CPU). */
void irq_visit(void (*visit)(unsigned irq, const char *name, const uint32_t *counts, void *context), void *context);

#define SGI_RESCHEDULE 0
#define SGI_STOP 1  /* a panic: stand still */
#define SGI_TELL 2  /* print where you are */
#define SGI_CLOCK 3 /* the time of day was set: look at your timers */
