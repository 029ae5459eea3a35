/*
 * power.c - how the machine ends: through the host where a runner watches (so that it learns a status), else by PSCI.
 */
#include <arch/cpu.h>
#include <core/log.h>
#include <drivers/drivers.h>

#define STATUS_PANIC 125

static void __attribute__((noreturn)) halt(void)
{
    irq_disable();
    for (;;)
        wfi();
}

static void __attribute__((noreturn)) power_off_now(int status)
{
    pl011_drain();
    if (semihosting_available())
        semihosting_exit(status);
    psci_system_off();
    halt();
}

static void __attribute__((noreturn)) power_restart_now(void)
{
    pl011_drain();
    psci_system_reset();
    halt();
}

/* Without a runner the machine stands still, so that its last words can be read. */
static void __attribute__((noreturn)) power_after_panic(void)
{
    if (semihosting_available())
        semihosting_exit(STATUS_PANIC);
    halt();
}

static const struct power_ops operations = {
    .off = power_off_now,
    .restart = power_restart_now,
    .panicked = power_after_panic,
};

void power_start(void)
{
    psci_start();
    power_set_ops(&operations);
}
