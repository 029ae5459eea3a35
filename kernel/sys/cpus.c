/*
 * cpus.c - the other CPUs: found in the device tree, started through PSCI, each on an idle thread of its own.
 *
 * CPU 0 is the one that booted.  A CPU that does not start is left out, with a line on the log.
 */
#include <arch/boot.h>
#include <core/boot_info.h>
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/log.h>
#include <core/thread.h>
#include <drivers/drivers.h>
#include <lib/string.h>
#include <mm/space.h>
#include <sys/main.h>

_Static_assert(CPU_MAX == CPU_MAX_ASM, "start.S makes room for so many emergency stacks");

/* What secondary_start finds by the physical address in r0. */
struct cpu_boot {
    uint8_t *stack_top;
    struct thread *idle;
    unsigned number;
};
_Static_assert(offsetof(struct cpu_boot, stack_top) == CPU_BOOT_STACK, "offsets.h");
_Static_assert(offsetof(struct cpu_boot, idle) == CPU_BOOT_THREAD, "offsets.h");
_Static_assert(offsetof(struct cpu_boot, number) == CPU_BOOT_NUMBER, "offsets.h");

static struct thread idle_threads[CPU_MAX];
static struct cpu_boot boots[CPU_MAX];

extern char secondary_start[]; /* boot/start.S */

#define MPIDR_AFFINITY 0xffffffu

static uint32_t own_mpidr(void)
{
    uint32_t mpidr;

    __asm__("mrc p15, 0, %0, c0, c0, 5" : "=r"(mpidr));
    return mpidr & MPIDR_AFFINITY;
}

void cpus_find(void)
{
    const struct fdt *fdt = &boot_info.fdt;
    uint32_t node = FDT_NONE;

    cpus[0].mpidr = own_mpidr();
    while ((node = fdt_next_type(fdt, node, "cpu")) != FDT_NONE) {
        uint32_t mpidr = fdt_cell(fdt, node, "reg", 0, 0) & MPIDR_AFFINITY;

        if (mpidr == cpus[0].mpidr)
            continue;
        if (cpu_count == CPU_MAX) {
            log_line("cpus: more than %u, the others are left out", CPU_MAX);
            break;
        }
        cpus[cpu_count++].mpidr = mpidr;
    }
}

static bool start_one(unsigned number)
{
    struct thread *idle = &idle_threads[number];
    uint8_t *stack = kernel_stack_alloc(&idle->stack_slot);

    if (stack == NULL)
        return false;
    idle->cpu = &cpus[number];
    idle->stack = stack;
    idle->weight = 1024;
    snprintf(idle->name, sizeof idle->name, "idle/%u", number);
    boots[number] = (struct cpu_boot){stack + KERNEL_STACK_SIZE, idle, number};
    dsb_system();
    return psci_cpu_on(cpus[number].mpidr, (uint32_t)virt_to_phys(secondary_start),
                       (uint32_t)virt_to_phys(&boots[number])) == 0;
}

void cpus_start(void)
{
    for (unsigned i = 1; i < cpu_count; i++)
        if (!start_one(i))
            log_line("cpus: CPU %u (%x) does not start", i, (unsigned)cpus[i].mpidr);
}

void secondary_main(unsigned number)
{
    mmu_start_cpu();
    irq_start_cpu();
    timer_start_cpu();
    sched_start_cpu();
    irq_enable();
    sched_idle();
}
