/*
 * device.c - what drivers ask of a device's node: where its registers are, and which interrupt it raises; and two
 * devices of which nothing else is wanted, the virtual timer's interrupt and the seconds of the PL031 real-time clock
 * (ARM DDI 0224), read once at boot.
 */
#include <arch/pgtable.h>
#include <core/boot_info.h>
#include <core/debug.h>
#include <core/irq.h>
#include <drivers/drivers.h>

/* The GIC's interrupt specifiers: three cells. */
#define SPECIFIER_CELLS 3
#define SPECIFIER_SHARED 0
#define SPECIFIER_PRIVATE 1
#define FIRST_PRIVATE 16
#define FIRST_SHARED 32

/* The timer's interrupts: secure, non-secure, virtual, hypervisor. */
#define VIRTUAL_TIMER 2

volatile void *device_registers(uint32_t node, unsigned index)
{
    uint64_t address, size;

    return fdt_reg(&boot_info.fdt, node, index, &address, &size) ? kernel_map_device(address, size) : NULL;
}

unsigned device_address(uint32_t node)
{
    uint64_t address = 0, size;

    fdt_reg(&boot_info.fdt, node, 0, &address, &size);
    return address;
}

unsigned gic_interrupt(uint32_t node, unsigned index)
{
    const struct fdt *fdt = &boot_info.fdt;
    uint32_t type = fdt_cell(fdt, node, "interrupts", SPECIFIER_CELLS * index, ~0u);
    uint32_t number = fdt_cell(fdt, node, "interrupts", SPECIFIER_CELLS * index + 1, IRQ_MAX);

    if (type == SPECIFIER_PRIVATE && number < FIRST_SHARED - FIRST_PRIVATE)
        return FIRST_PRIVATE + number;
    if (type == SPECIFIER_SHARED && number < IRQ_MAX - FIRST_SHARED)
        return FIRST_SHARED + number;
    return IRQ_MAX;
}

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

uint32_t rtc_seconds(void)
{
    uint32_t node = fdt_next_compatible(&boot_info.fdt, FDT_NONE, "arm,pl031");
    volatile uint32_t *data = device_registers(node, 0);

    return data != NULL ? *data : 0;
}
