/*
 * threads.c - where every thread stands: what a BREAK on the console asks for when something hangs.
 *
 * It runs in an interrupt and shall tell also where a lock was left held: so a lock is waited for only a while, and
 * then done without.  Other CPUs are asked one by one to tell where they are.
 */
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/log.h>
#include <core/process.h>
#include <core/thread.h>

/* Where a thread that does not run has its registers: what thread_switch pushed at kernel_sp. */
#define SWITCH_REGISTERS 9 /* r4 to r11, lr */

static uint32_t answered; /* the CPU that was asked has told */

/* Take the lock, unless it stays held for an eighth of a second: then answers false. */
static bool lock_patiently(struct spinlock *lock)
{
    uint64_t deadline = counter_read() + counter_frequency() / 8;

    while (*(volatile uint32_t *)&lock->word != 0)
        if (counter_read() > deadline)
            return false;
    spin_lock(lock);
    return true;
}

static void blocked_print(const struct thread *t)
{
    const uint32_t *saved = (const uint32_t *)t->kernel_sp;
    uint32_t r[16] = {0};

    for (unsigned i = 0; i < 8; i++)
        r[4 + i] = saved[i];
    r[13] = t->kernel_sp + 4 * SWITCH_REGISTERS;
    r[15] = saved[8];
    backtrace_print(log_alert, r, false);
}

static void thread_print(const struct thread *t)
{
    static const char *const states[] = {"ready", "running", "blocked", "dead"};
    const struct process *p = t->process;

    log_alert("thread %d process %d %s: %s on CPU %u, waits for %s", t->tid, p != NULL ? p->pid : 0, t->name,
              states[t->state], t->cpu->number, t->wait_reason != NULL ? t->wait_reason : "nothing");
    if (p != NULL)
        log_alert("    user pc %08lx lr %08lx sp %08lx r7 %lu", thread_trap_frame(t)->pc, thread_trap_frame(t)->lr,
                  thread_trap_frame(t)->sp, thread_trap_frame(t)->r[7]);
    if (t->state == THREAD_READY || t->state == THREAD_BLOCKED)
        blocked_print(t);
}

static void process_print(struct process *p)
{
    const struct thread *t;
    bool locked = lock_patiently(&p->signal_lock);

    if (p->state == PROCESS_ZOMBIE)
        log_alert("process %d %s: zombie of process %d", p->pid, p->name, p->parent != NULL ? p->parent->pid : 0);
    list_for_each_entry (t, &p->threads, process_link)
        thread_print(t);
    if (locked)
        spin_unlock(&p->signal_lock);
}

/* Where this CPU was interrupted. */
static void here_print(void)
{
    log_alert("CPU %u is here:", current->cpu->number);
    backtrace_print_here(log_alert);
}

static void tell_interrupt(void *context)
{
    here_print();
    __atomic_store_n(&answered, 1, __ATOMIC_RELEASE);
}

void threads_start(void)
{
    irq_register(SGI_TELL, "tell", tell_interrupt, NULL, false);
}

/* Have another CPU print where it is; one that keeps interrupts off does not. */
static void ask(unsigned number)
{
    uint64_t deadline = counter_read() + counter_frequency() / 8;

    __atomic_store_n(&answered, 0, __ATOMIC_RELAXED);
    irq_send(SGI_TELL, 1u << number);
    while (!__atomic_load_n(&answered, __ATOMIC_ACQUIRE))
        if (counter_read() > deadline) {
            log_alert("CPU %u does not answer", number);
            return;
        }
}

static void cpu_print(const struct cpu *cpu)
{
    const struct thread *t = cpu->running;

    if (!cpu->online || t == NULL)
        return;
    log_alert("CPU %u: runs thread %d %s, %u ready", cpu->number, t->tid, t->name, cpu->run_queue.ready);
    if (cpu == current->cpu)
        here_print();
    else if (t != cpu->idle)
        ask(cpu->number);
}

void threads_print(void)
{
    struct process *p;
    bool locked;

    log_alert("where every thread stands:");
    for (unsigned i = 0; i < cpu_count; i++)
        cpu_print(&cpus[i]);
    locked = lock_patiently(&processes_lock);
    list_for_each_entry (p, &process_list, all_link)
        process_print(p);
    if (locked)
        spin_unlock(&processes_lock);
}
