/*
 * main.c - initialisation, as one list; then the first CPU becomes its idle thread.
 */
#include <core/boot_info.h>
#include <core/cpu_data.h>
#include <core/explore.h>
#include <core/irq.h>
#include <core/log.h>
#include <drivers/drivers.h>
#include <drivers/terminal.h>
#include <fs/file_lock.h>
#include <fs/fs.h>
#include <fs/path.h>
#include <ipc/calls.h>
#include <ipc/futex.h>
#include <ipc/pipe.h>
#include <ipc/socket.h>
#include <mm/space.h>
#include <proc/proc.h>
#include <sys/main.h>

/* boot/start.S runs on it; it becomes CPU 0's idle thread. */
extern uint8_t boot_stack[];
struct thread boot_thread = {.cpu = &cpus[0], .name = "idle/0", .stack = boot_stack, .affinity = 1, .weight = 1024};

/* Map the tree, read it, map the RAM that it names. */
static void start_memory(phys_t tree)
{
    uint8_t *blob = mmu_map_early(tree);

    if (!boot_info_read(blob, 0x200000))
        panic("no device tree at %08x", (unsigned)tree);
    for (unsigned i = 0; i < boot_info.ram_count; i++)
        mmu_map_ram(boot_info.ram[i].start, boot_info.ram[i].end);
    mmu_protect_kernel();
    mmu_start_cpu();
    cpus_find();
    memory_start();
}

static void start_devices(void)
{
    pl011_start();
    psci_start();
    semihosting_start();
    gic_start();
    irq_start_cpu();
    panic_start();
    irq_register(timer_irq_number(), "timer", timer_interrupt, NULL, true);
    irq_register(SGI_CLOCK, "clock", timer_interrupt, NULL, false);
    timer_start_cpu();
    log_line("timer: %u kHz, interrupt %u", (unsigned)(counter_frequency() / 1000), timer_irq_number());
    clock_set_realtime((int64_t)rtc_seconds() * 1000000000);
    pl011_start_interrupts();
    terminal_start();
}

static void start_files(void)
{
    ramfs_start();
    devices_start();
    procfs_start();
    file_lock_start();
    pipe_start();
    mqueue_start();
    socket_start();
    sysv_msg_start();
    futex_start();
    sysv_sem_start();
    sysv_shm_start();
    explore_controls(procfs_add_control);
    debug_controls(procfs_add_limit);
}

static void unpack_root(void)
{
    struct memory_range *initrd = &boot_info.initrd;
    unsigned size = initrd->end - initrd->start;

    if (initrd->start == initrd->end)
        panic("no initrd: give QEMU one with -initrd");
    log_line("initrd: %u KiB at %08x", size >> 10, (unsigned)initrd->start);
    if (!initramfs_unpack(phys_to_virt(initrd->start), size))
        panic("the initrd cannot be used");
    page_release_range(initrd->start, initrd->end);
}

static void log_memory(void)
{
    unsigned size = 0;

    for (unsigned i = 0; i < boot_info.ram_count; i++) {
        struct memory_range *ram = &boot_info.ram[i];

        log_line("ram: %08x to %08x", (unsigned)ram->start, (unsigned)(ram->end - 1));
        size += (ram->end - ram->start) >> 20;
    }
    log_line("ram: %u of %u MiB of memory free", page_free_count() >> 8, size);
}

/* The rest of the start runs as a thread: it may sleep. */
static void start_user_space(void *unused)
{
    char path[64];

    debug_make_mistake();
    start_files();
    unpack_root();
    if (!boot_argument("init", path, sizeof path))
        strlcpy(path, "/sbin/init", sizeof path);
    log_memory();
    log_line("init: %s", path);
    process_start_init(path);
    thread_exit();
}

void kernel_main(uint32_t tree, uint32_t offset)
{
    mmu_start_early((uint64_t)(int64_t)(int32_t)offset);
    sanitize_start();
    timer_start();
    start_memory(tree);
    sched_start();
    log_line("Parley on %u CPU%s", cpu_count, cpu_count == 1 ? "" : "s");
    start_devices();
    sched_start_cpu();
    if (kernel_thread_create("boot", start_user_space, NULL) == NULL)
        panic("no memory for the first thread");
    cpus_start();
    system_started = true;
    irq_enable();
    sched_idle();
}
