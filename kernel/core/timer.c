/*
 * timer.c - one-shot timers: pairing heaps for each CPU, and the CPU's own hardware timer (CNTV) for the first of them.
 *
 * One heap has the timers that are due at a moment of the counter, the other those due at a time of day, in the order
 * of that: setting the clock changes none of them, each CPU just looks again when its first one is due.
 *
 * A pairing heap is a tree in which no child is due before its parent; `child` is the first child, `sibling` the next
 * one, `previous` the parent of a first child or else the sibling before.  Arming is one comparison; taking a timer out
 * pairs its children up, log n steps on average.
 *
 * A CPU's heaps have one lock.  A timer's function runs with interrupts off and without the lock; timer->running says
 * so to timer_cancel() on other CPUs.
 *
 * The hardware timer is set anew only to fire earlier.  It may so fire too early; then it is set for what is first now.
 */
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/thread.h>
#include <core/timer.h>

/* With nothing due the timer is off: one set for the end of time would be something for a virtual machine to wait
 * for. */
static void hardware_set(struct cpu *cpu, uint64_t deadline)
{
    cpu->hardware_deadline = deadline;
    counter_interrupt_at(deadline, deadline != DEADLINE_NEVER);
}

static void hardware_set_earlier(struct cpu *cpu, uint64_t deadline)
{
    if (deadline < cpu->hardware_deadline)
        hardware_set(cpu, deadline);
}

/* Two heaps into one. */
static struct timer *meld(struct timer *a, struct timer *b)
{
    if (a == NULL)
        return b;
    if (b == NULL)
        return a;
    if (b->deadline < a->deadline) {
        struct timer *t = a;

        a = b;
        b = t;
    }
    b->sibling = a->child;
    if (a->child != NULL)
        a->child->previous = b;
    b->previous = a;
    a->child = b;
    return a;
}

/* A list of siblings into one heap: meld them by pairs from the left, then the pairs from the right. */
static struct timer *meld_siblings(struct timer *first)
{
    struct timer *pairs = NULL, *heap = NULL;

    while (first != NULL) {
        struct timer *second = first->sibling, *rest = second != NULL ? second->sibling : NULL;

        first->sibling = NULL;
        if (second != NULL)
            second->sibling = NULL;
        first = meld(first, second);
        first->sibling = pairs;
        pairs = first;
        first = rest;
    }
    while (pairs != NULL) {
        struct timer *next = pairs->sibling;

        pairs->sibling = NULL;
        heap = meld(heap, pairs);
        pairs = next;
    }
    if (heap != NULL)
        heap->previous = NULL;
    return heap;
}

static struct timer **heap_of(struct cpu *cpu, const struct timer *timer)
{
    return &cpu->timers[is_realtime_deadline(timer->deadline)];
}

static void heap_add(struct cpu *cpu, struct timer *timer)
{
    struct timer **heap = heap_of(cpu, timer);

    timer->child = timer->sibling = timer->previous = NULL;
    timer->cpu = cpu;
    *heap = meld(*heap, timer);
}

static void heap_remove(struct cpu *cpu, struct timer *timer)
{
    struct timer *below = meld_siblings(timer->child), **heap = heap_of(cpu, timer);

    if (timer == *heap) {
        *heap = below;
    } else {
        if (timer->previous->child == timer)
            timer->previous->child = timer->sibling;
        else
            timer->previous->sibling = timer->sibling;
        if (timer->sibling != NULL)
            timer->sibling->previous = timer->previous;
        *heap = meld(*heap, below);
    }
    timer->child = timer->sibling = timer->previous = NULL;
    __atomic_store_n(&timer->cpu, NULL, __ATOMIC_RELEASE);
}

void timer_init(struct timer *timer, timer_function *function)
{
    *timer = (struct timer){.function = function};
}

/* Take the timer off whichever heap it is on.  True: it was on one. */
static bool disarm(struct timer *timer)
{
    struct cpu *cpu;

    while ((cpu = __atomic_load_n(&timer->cpu, __ATOMIC_ACQUIRE)) != NULL) {
        bool found;

        spin_lock(&cpu->timer_lock);
        found = timer->cpu == cpu;
        if (found)
            heap_remove(cpu, timer);
        spin_unlock(&cpu->timer_lock);
        if (found)
            return true;
    }
    return false;
}

void timer_set(struct timer *timer, uint64_t deadline)
{
    uint32_t psr = irq_save();
    struct cpu *cpu = current->cpu;

    disarm(timer);
    spin_lock(&cpu->timer_lock);
    timer->deadline = deadline;
    heap_add(cpu, timer);
    hardware_set_earlier(cpu, deadline_ticks(deadline));
    spin_unlock(&cpu->timer_lock);
    irq_restore(psr);
}

bool timer_cancel(struct timer *timer)
{
    bool armed = disarm(timer);

    while (__atomic_load_n(&timer->running, __ATOMIC_ACQUIRE))
        ; /* on another CPU, with interrupts off: it is soon over */
    return armed;
}

void timer_set_tick(uint64_t deadline)
{
    struct cpu *cpu = current->cpu;

    if (deadline < cpu->tick) {
        cpu->tick = deadline;
        hardware_set_earlier(cpu, deadline);
    }
}

/* The first timer of both heaps, and when it is due; NULL, DEADLINE_NEVER: there is none.  timer_lock held. */
static struct timer *first_timer(const struct cpu *cpu, uint64_t *due)
{
    struct timer *timer = cpu->timers[0], *other = cpu->timers[1];
    uint64_t other_due = other != NULL ? deadline_ticks(other->deadline) : DEADLINE_NEVER;

    *due = timer != NULL ? timer->deadline : DEADLINE_NEVER;
    if (other_due >= *due)
        return timer;
    *due = other_due;
    return other;
}

/* Take the first timer off if it is due. */
static struct timer *pop_due(struct cpu *cpu, uint64_t now)
{
    struct timer *timer;
    uint64_t due;

    spin_lock(&cpu->timer_lock);
    timer = first_timer(cpu, &due);
    if (due <= now) {
        timer->running = true; /* before it is off the heap: see timer_cancel() */
        heap_remove(cpu, timer);
    } else {
        timer = NULL;
    }
    spin_unlock(&cpu->timer_lock);
    return timer;
}

void timer_interrupt(void *unused)
{
    struct cpu *cpu = current->cpu;
    uint64_t now = counter_read(), next;
    struct timer *timer;

    while ((timer = pop_due(cpu, now)) != NULL) {
        timer->function(timer);
        __atomic_store_n(&timer->running, false, __ATOMIC_RELEASE);
    }
    if (cpu->tick <= now)
        sched_tick(now);
    spin_lock(&cpu->timer_lock);
    first_timer(cpu, &next);
    hardware_set(cpu, cpu->tick < next ? cpu->tick : next);
    spin_unlock(&cpu->timer_lock);
}

void timer_start_cpu(void)
{
    hardware_set(current->cpu, DEADLINE_NEVER);
    counter_allow_user();
}
