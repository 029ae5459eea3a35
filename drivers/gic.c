/*
 * gic.c - the generic interrupt controller, version 2 (ARM IHI 0048B).
 *
 * The distributor knows all interrupts and sends shared ones to CPU 0, where the devices' work is done; each CPU has an
 * interface of its own to acknowledge and end them.  All have one priority: handlers do not nest.
 *
 * A GIC has its own numbers for CPUs; each CPU finds its bit when it comes up.
 */
#include <core/boot_info.h>
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/log.h>
#include <core/thread.h>
#include <drivers/drivers.h>

/* Registers, in words. */
#define GICD_CTLR (0x000 / 4)
#define GICD_TYPER (0x004 / 4)
#define GICD_ISENABLER (0x100 / 4)
#define GICD_ICENABLER (0x180 / 4)
#define GICD_IPRIORITYR (0x400 / 4)
#define GICD_ITARGETSR (0x800 / 4)
#define GICD_ICFGR (0xc00 / 4)
#define GICD_SGIR (0xf00 / 4)
#define GICC_CTLR (0x00 / 4)
#define GICC_PMR (0x04 / 4)
#define GICC_IAR (0x0c / 4)
#define GICC_EOIR (0x10 / 4)

#define PRIORITY 0xa0a0a0a0u
#define LET_ALL_IN 0xf0u
#define FIRST_SHARED 32

static volatile uint32_t *distributor, *interface;
static uint8_t cpu_bits[CPU_MAX]; /* the GIC's bit for each of our CPU numbers */

void gic_enable(unsigned irq, bool level)
{
    volatile uint32_t *configuration = &distributor[GICD_ICFGR + irq / 16];
    uint32_t edge = 2u << 2 * (irq % 16);

    if (distributor == NULL)
        return;
    *configuration = level ? *configuration & ~edge : *configuration | edge;
    distributor[GICD_ISENABLER + irq / 32] = 1u << irq % 32;
}

void gic_start_cpu(void)
{
    uint8_t self = distributor[GICD_ITARGETSR];

    cpu_bits[current->cpu->number] = self != 0 ? self : 1; /* 0 on a GIC for one CPU */
    for (unsigned i = 0; i < FIRST_SHARED / 4; i++)
        distributor[GICD_IPRIORITYR + i] = PRIORITY;
    interface[GICC_PMR] = LET_ALL_IN;
    interface[GICC_CTLR] = 1;
}

uint32_t gic_acknowledge(void)
{
    return interface[GICC_IAR];
}

void gic_end(uint32_t token)
{
    interface[GICC_EOIR] = token;
}

void irq_send(unsigned sgi, uint32_t to)
{
    uint32_t bits = 0;

    if (distributor == NULL)
        return;
    for (; to != 0; to &= to - 1)
        bits |= cpu_bits[__builtin_ctz(to)];
    dsb(); /* what was written before is seen by whom we call */
    distributor[GICD_SGIR] = bits << 16 | sgi;
}

/* All shared interrupts off, and aimed at this CPU. */
static void start_distributor(void)
{
    unsigned irqs = 32 * ((distributor[GICD_TYPER] & 31) + 1);
    uint32_t self = distributor[GICD_ITARGETSR] & 255;

    distributor[GICD_CTLR] = 0;
    for (unsigned i = FIRST_SHARED; i < irqs; i += 32)
        distributor[GICD_ICENABLER + i / 32] = ~0u;
    for (unsigned i = FIRST_SHARED; i < irqs; i += 4) {
        distributor[GICD_IPRIORITYR + i / 4] = PRIORITY;
        distributor[GICD_ITARGETSR + i / 4] = self * 0x01010101u;
    }
    distributor[GICD_CTLR] = 1;
}

void gic_start(void)
{
    static const char *const names[] = {"arm,cortex-a15-gic", "arm,gic-400", "arm,cortex-a9-gic"};
    uint32_t node = FDT_NONE;

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]) && node == FDT_NONE; i++)
        node = fdt_next_compatible(&boot_info.fdt, FDT_NONE, names[i]);
    distributor = device_registers(node, 0);
    interface = device_registers(node, 1);
    if (distributor == NULL || interface == NULL)
        panic("device tree: expected a GICv2 with two ranges of registers");
    start_distributor();
    log_line("gic: GICv2 at %08x, %u interrupts", device_address(node),
             (unsigned)(32 * ((distributor[GICD_TYPER] & 31) + 1)));
}
