/*
 * power.c - how the machine ends: a table that a driver fills in.
 */
#include <arch/cpu.h>
#include <core/debug.h>
#include <core/log.h>

static const struct power_ops *power_ops;

void power_set_ops(const struct power_ops *ops)
{
    power_ops = ops;
}

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
    if (power_ops != NULL)
        power_ops->off(status);
    halt();
}

void power_restart(void)
{
    if (power_ops != NULL)
        power_ops->restart();
    halt();
}

void power_panicked(void)
{
    if (power_ops != NULL)
        power_ops->panicked();
    halt();
}
