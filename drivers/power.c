/*
 * power.c - how the machine ends: through the host where a runner watches (so that it learns a status), else by PSCI.
 */
#include <abi/errno.h>
#include <abi/syscall.h>
#include <arch/cpu.h>
#include <core/log.h>
#include <core/process.h>
#include <core/syscalls.h>
#include <core/thread.h>
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

long sys_reboot(int how, int status)
{
    if (current->process->credentials.euid != 0)
        return -EPERM;
    if (how == REBOOT_POWEROFF)
        power_off(status);
    if (how == REBOOT_RESTART)
        power_restart();
    return -EINVAL;
}
