/*
 * power.c - how the machine ends: through the host where a runner watches (so that it learns a status), else by PSCI.
 */
#include <arch/cpu.h>
#include <core/log.h>
#include <drivers/drivers.h>

#define STATUS_PANIC 125

/* For want of anything better. */
static void __attribute__((noreturn)) halt(void)
{
    irq_disable();
    for (;;)
        wfi();
}

void power_off(int status)
{
    log_line("reboot: power off, status %d", status); /* tools/parley-run takes it as the end of a good run */
    pl011_drain();
    if (semihosting_available())
        semihosting_exit(status);
    psci_system_off();
    halt();
}

void power_restart(void)
{
    pl011_drain();
    psci_system_reset();
    halt();
}

/* Without a runner the machine stands still, so that its last words can be read. */
void power_panicked(void)
{
    if (semihosting_available())
        semihosting_exit(STATUS_PANIC);
    halt();
}
