/*
 * power.c - the Power State Coordination Interface (ARM DEN 0022), firmware calls that start CPUs and end the machine;
 * and how the machine ends: through the host where a runner watches (so that it learns a status), else by PSCI.
 *
 * The tree names the instruction that calls.  Function numbers are fixed from version 0.2 on; before that the tree
 * names them, and the machine cannot be ended.
 */
#include <abi/errno.h>
#include <abi/syscall.h>
#include <core/boot_info.h>
#include <core/log.h>
#include <core/process.h>
#include <core/syscalls.h>
#include <core/thread.h>
#include <drivers/drivers.h>
#include <lib/string.h>

#define STATUS_PANIC 125
#define PSCI_CPU_ON 0x84000003u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define PSCI_NOT_SUPPORTED (-1)

static enum { METHOD_NONE, METHOD_HVC, METHOD_SMC } method;
static uint32_t cpu_on, system_off, system_reset; /* function numbers; 0: not there */

static int psci_call(uint32_t function, uint32_t a, uint32_t b, uint32_t c)
{
    register uint32_t r0 __asm__("r0") = function;
    register uint32_t r1 __asm__("r1") = a;
    register uint32_t r2 __asm__("r2") = b;
    register uint32_t r3 __asm__("r3") = c;

    if (method == METHOD_NONE || function == 0)
        return PSCI_NOT_SUPPORTED;
    if (method == METHOD_HVC)
        __asm__ volatile(".arch_extension virt\n\thvc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)::"r12", "memory");
    else
        __asm__ volatile(".arch_extension sec\n\tsmc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)::"r12", "memory");
    return r0;
}

void psci_start(void)
{
    const struct fdt *fdt = &boot_info.fdt;
    uint32_t node = fdt_named(fdt, "psci");
    const char *name = fdt_string(fdt, node, "method");

    if (name != NULL && strcmp(name, "hvc") == 0)
        method = METHOD_HVC;
    else if (name != NULL && strcmp(name, "smc") == 0)
        method = METHOD_SMC;
    if (fdt_next_compatible(fdt, FDT_NONE, "arm,psci-0.2") == FDT_NONE &&
        fdt_next_compatible(fdt, FDT_NONE, "arm,psci-1.0") == FDT_NONE) {
        cpu_on = fdt_cell(fdt, node, "cpu_on", 0, 0);
        return;
    }
    cpu_on = PSCI_CPU_ON;
    system_off = PSCI_SYSTEM_OFF;
    system_reset = PSCI_SYSTEM_RESET;
}

int psci_cpu_on(uint32_t mpidr, uint32_t entry, uint32_t context)
{
    return psci_call(cpu_on, mpidr, entry, context);
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
    pl011_drain();
    if (semihosting_available())
        semihosting_exit(status);
    psci_call(system_off, 0, 0, 0);
    halt();
}

void power_restart(void)
{
    pl011_drain();
    psci_call(system_reset, 0, 0, 0);
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
