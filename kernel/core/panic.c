/*
 * panic.c - the end of a kernel that found itself wrong: says who, what and where, then stops the machine.
 *
 * The first CPU that panics stops the others and tells; one that panics while another tells stands still; one that
 * panics again while it tells ends at once.  No lock is taken on the way.
 */
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/log.h>
#include <core/process.h>
#include <core/thread.h>
#include <lib/string.h>

#define NOBODY (~0u)

static uint32_t panicking = NOBODY; /* the CPU that tells, by its affinity number */

/* Known also before struct cpu is. */
static uint32_t cpu_affinity(void)
{
    uint32_t mpidr;

    __asm__("mrc p15, 0, %0, c0, c0, 5" : "=r"(mpidr));
    return mpidr & 0xffffff;
}

static void __attribute__((noreturn)) stand_still(void)
{
    irq_disable();
    for (;;)
        wfi();
}

static void stop_interrupt(void *context)
{
    stand_still();
}

void panic_start(void)
{
    irq_register(SGI_STOP, "stop", stop_interrupt, NULL, false);
    threads_start();
}

/* Become the CPU that tells. */
static void panic_begin(void)
{
    uint32_t expected = NOBODY, self = cpu_affinity();

    irq_disable();
    if (!__atomic_compare_exchange_n(&panicking, &expected, self, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        if (expected == self)
            power_panicked();
        stand_still();
    }
    log_break_lock();
    if (current != NULL && current->cpu != NULL)
        irq_send(SGI_STOP, cpus_online & ~(1u << current->cpu->number));
}

static void print_who(void)
{
    const struct thread *t = current;

    if (t == NULL || t->cpu == NULL) {
        log_emergency("CPU %x, before there was a thread", (unsigned)cpu_affinity());
        return;
    }
    if (t->process != NULL)
        log_emergency("CPU %u, thread %d of process %d (%s)", t->cpu->number, t->tid, t->process->pid,
                      t->process->name);
    else
        log_emergency("CPU %u, kernel thread %d (%s)", t->cpu->number, t->tid, t->name);
    debug_locks_print(log_emergency);
}

static void print_registers(const uint32_t r[16], uint32_t psr)
{
    for (unsigned i = 0; i < 16; i += 4)
        log_emergency("  r%-2u %08lx %08lx %08lx %08lx", i, r[i], r[i + 1], r[i + 2], r[i + 3]);
    log_emergency("  psr %08lx", psr);
}

static void tell(const char *format, va_list args)
{
    char message[200];

    panic_begin();
    vsnprintf(message, sizeof(message), format, args);
    log_emergency("Kernel panic: %s", message);
    print_who();
}

void panic(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(format, args);
    va_end(args);
    backtrace_print_here(log_emergency);
    power_panicked();
}

/* The interrupted code's registers; those of user mode where it was that. */
static void frame_registers(const struct trap_frame *frame, uint32_t r[16])
{
    bool user = (frame->psr & PSR_MODE_MASK) == PSR_USER;

    memcpy(r, frame->r, sizeof(frame->r));
    r[13] = user ? frame->sp : (uint32_t)(frame + 1);
    r[14] = user ? frame->lr : frame->pad;
    r[15] = frame->pc;
}

void panic_frame(const struct trap_frame *frame, const char *format, ...)
{
    uint32_t r[16];
    va_list args;

    va_start(args, format);
    tell(format, args);
    va_end(args);
    frame_registers(frame, r);
    print_registers(r, frame->psr);
    backtrace_print(log_emergency, r, true);
    power_panicked();
}
