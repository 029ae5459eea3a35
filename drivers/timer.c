/*
 * timer.c - which interrupt the virtual timer raises.
 */
#include <core/boot_info.h>
#include <core/debug.h>
#include <core/irq.h>
#include <drivers/drivers.h>

/* The node's interrupts: secure, non-secure, virtual, hypervisor. */
#define VIRTUAL_TIMER 2

unsigned timer_irq_number(void)
{
    uint32_t node = fdt_next_compatible(&boot_info.fdt, FDT_NONE, "arm,armv7-timer");
    unsigned irq;

    if (node == FDT_NONE)
        node = fdt_next_compatible(&boot_info.fdt, FDT_NONE, "arm,armv8-timer");
    irq = gic_interrupt(node, VIRTUAL_TIMER);
    if (irq == IRQ_MAX)
        panic("device tree: expected the virtual timer's interrupt");
    return irq;
}
