/*
 * rtc.c - the PL031 real-time clock (ARM DDI 0224): one register that counts seconds.  It is read once, at boot.
 */
#include <core/boot_info.h>
#include <drivers/drivers.h>

uint32_t rtc_seconds(void)
{
    uint32_t node = fdt_next_compatible(&boot_info.fdt, FDT_NONE, "arm,pl031");
    volatile uint32_t *data = device_registers(node, 0);

    return data != NULL ? *data : 0;
}
