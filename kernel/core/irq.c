/*
 * irq.c - interrupts by number.
 *
 * The table is filled in at boot, before the devices' interrupts are let in, and constant from then on: it needs no
 * lock.  Counts are kept for each CPU by that CPU.
 */
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/thread.h>

#define IRQ_PRIVATE 32 /* those below exist once for each CPU */
#define IRQ_TOKEN_NUMBER 1023u

static struct irq {
    irq_handler *handler;
    void *context;
    const char *name;
    bool level;
    uint32_t counts[CPU_MAX];
} irqs[IRQ_MAX];

void irq_register(unsigned number, const char *name, irq_handler *handler, void *context, bool level)
{
    struct irq *irq = &irqs[number];

    kassert(number < IRQ_MAX && irq->handler == NULL);
    irq->context = context;
    irq->name = name;
    irq->level = level;
    irq->handler = handler;
    gic_enable(number, level);
}

void irq_start_cpu(void)
{
    gic_start_cpu();
    for (unsigned number = 0; number < IRQ_PRIVATE; number++)
        if (irqs[number].handler != NULL)
            gic_enable(number, irqs[number].level);
}

void irq_dispatch(void)
{
    struct cpu *cpu = current->cpu;

    cpu->in_interrupt = true;
    for (;;) {
        uint32_t token = gic_acknowledge();
        unsigned number = token & IRQ_TOKEN_NUMBER;

        if (number >= IRQ_MAX)
            break;
        struct irq *irq = &irqs[number];

        irq->counts[cpu->number]++;
        cpu->interrupts++;
        if (irq->handler != NULL)
            irq->handler(irq->context);
        gic_end(token);
    }
    cpu->in_interrupt = false;
}

void irq_visit(void (*visit)(unsigned irq, const char *name, const uint32_t *counts, void *context), void *context)
{
    for (unsigned number = 0; number < IRQ_MAX; number++)
        if (irqs[number].handler != NULL)
            visit(number, irqs[number].name, irqs[number].counts, context);
}
