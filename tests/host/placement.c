/*
 * placement.c - the scheduler on several CPUs (kernel/core/placement.c, sched.c and the fair class): where threads go,
 * in cases made for it and in a random walk, in which each CPU lags behind as long as it likes before it looks at what
 * the others told it.  When all have looked no real-time thread may wait while one of a lower priority, or none, runs
 * where it might, and no thread at all while such a CPU has nothing to do.
 *
 * Usage: placement [seed]
 */
#include "stand_in.h"
#include <time.h>

/* The scheduler asks its class through a counter. */
#include "../../kernel/core/run_queue.h"
bool fair_arrived(struct run_queue *rq, struct thread *t, const struct thread *running);
#define class_arrived fair_arrived
#include "../../kernel/core/fair.c"
#undef class_arrived
#include "../../kernel/core/placement.c"
#include "../../kernel/core/sched.c"
#include "../../kernel/core/weight.c"
#include "tap.h"

#define CPUS 4
#define THREADS 12
#define STEPS 100000

bool exploring;
static struct thread threads[THREADS], idle[CPUS];
static uint32_t told;             /* bit n: CPU n has an SGI_RESCHEDULE that it has not taken */
static irq_handler *told_handler; /* what it does then */
static unsigned arrived;

bool class_arrived(struct run_queue *rq, struct thread *t, const struct thread *running)
{
    arrived++;
    return fair_arrived(rq, t, running);
}

void irq_send(unsigned sgi, uint32_t to)
{
    told |= to;
}

void irq_register(unsigned irq, const char *name, irq_handler *handler, void *context, bool level)
{
    told_handler = handler;
}

/* What called it goes on as the other thread, as far as it looks at `current`. */
struct thread *thread_switch(struct thread *from, struct thread *to)
{
    current = to;
    return from;
}

void mutex_inherit(struct thread *t)
{
    sched_set_priority(t, t->own_priority);
}

void spin_init(struct spinlock *lock, const char *name, enum lock_rank rank)
{
    lock->word = 0;
}

uint64_t ticks_from_ns(uint64_t ns)
{
    return ns / 16;
}

void timer_set_tick(uint64_t deadline)
{
    if (deadline < current->cpu->tick)
        current->cpu->tick = deadline;
}

void mmu_switch(struct mmu_context *to) {}
void cpu_timers_look(void) {}
void explore_tick(struct cpu *cpu, struct thread *self, uint64_t now) {}

bool explore_turn(uint64_t now)
{
    return false;
}

bool explore_wake(struct run_queue *rq, struct thread *t)
{
    return false;
}

void panic(const char *format, ...)
{
    must(false, format);
    abort();
}

static unsigned below(unsigned n)
{
    return (unsigned)random() % n;
}

/* All CPUs idle, all threads blocked, time-sharing, allowed everywhere; thread n was last on CPU n modulo CPUS. */
static void begin(void)
{
    memset(cpus, 0, sizeof cpus);
    memset(threads, 0, sizeof threads);
    told = cpus_idle = realtime_waiting = 0;
    cpu_count = CPUS;
    sched_start();
    for (unsigned c = 0; c < CPUS; c++) {
        idle[c] = (struct thread){.cpu = &cpus[c], .weight = 1024, .inverse_weight = 1024, .affinity = ~0u};
        current = &idle[c];
        sched_start_cpu();
    }
    for (unsigned i = 0; i < THREADS; i++) {
        threads[i] = (struct thread){.cpu = &cpus[i % CPUS], .state = THREAD_BLOCKED, .affinity = ~0u, .run_ticks = 1};
        threads[i].process = (struct process *)threads; /* it is only asked whether there is one */
        threads[i].wait_state = WAIT_DECIDED;
        weight_set_nice(&threads[i], 0);
    }
}

/* A CPU does what it is to do: takes the interrupt, leaves the thread that is preempted, looks for work. */
static bool look(unsigned c)
{
    struct cpu *cpu = &cpus[c];
    bool was_told = told & 1u << c, preempted;

    current = cpu->running;
    told &= ~(1u << c);
    if (was_told)
        told_handler(NULL);
    preempted = current->work & WORK_RESCHEDULE;
    if (preempted)
        sched_preempt();
    if (current == cpu->idle && (cpu->run_queue.ready > 0 || sched_steal(cpu))) {
        thread_set_work(current, WORK_RESCHEDULE);
        reschedule(false);
        return true;
    }
    if (current == cpu->idle)
        cpus_idle |= 1u << c;
    return was_told || preempted;
}

static void settle(void)
{
    unsigned rounds = 0;

    for (bool again = true; again; must(++rounds < 1000, "the CPUs come to rest")) {
        again = false;
        for (unsigned c = 0; c < CPUS; c++)
            again |= look(c);
    }
    must(locks_held == 0 && irq_depth == 0, "no lock is held, and interrupts are on");
}

/* The running thread of CPU c acts. */
static void act_on(unsigned c)
{
    current = cpus[c].running;
}

static void set_fifo(unsigned i, int priority)
{
    sched_set_policy(&threads[i], priority > 0 ? SCHED_FIFO : SCHED_OTHER, priority, 0);
}

static void wake(unsigned i)
{
    sched_wake(&threads[i]);
}

/* Thread i runs on CPU c, and may run on no other. */
static void run_on(unsigned i, unsigned c, int priority)
{
    act_on(c);
    set_fifo(i, priority);
    sched_set_affinity(&threads[i], 1u << c);
    wake(i);
    settle();
    must(cpus[c].running == &threads[i], "a thread runs where it shall");
}

static unsigned cpu_of(unsigned i)
{
    return threads[i].state == THREAD_RUNNING ? threads[i].cpu->number : CPUS;
}

/* Thread 9, of priority 10 and last on CPU 1, wakes up where threads of these priorities run. */
static void test_choice(const int *priorities, uint32_t allowed, unsigned expected, const char *text)
{
    begin();
    for (unsigned c = 0; c < CPUS; c++)
        run_on(c, c, priorities[c]);
    act_on(0);
    set_fifo(9, 10);
    sched_set_affinity(&threads[9], allowed);
    wake(9);
    settle();
    tap_is(cpu_of(9), expected, "%s", text);
}

/* The thread of priority 5 that runs on CPU 1 has to leave for one that may only run there. */
static void test_leaving(int on0, unsigned expected, const char *text)
{
    begin();
    run_on(0, 0, on0);
    run_on(2, 2, 20);
    run_on(3, 3, 20);
    run_on(1, 1, 5);
    sched_set_affinity(&threads[1], ~0u);
    act_on(0);
    set_fifo(8, 15);
    sched_set_affinity(&threads[8], 1u << 1);
    wake(8);
    settle();
    tap_is(cpu_of(1), expected, "%s", text);
    tap_is(cpu_of(8), 1, "... and the other runs there");
}

/* One that is about to run stays, although another CPU looks for real-time threads before it does. */
static void test_about_to_run(void)
{
    begin();
    for (unsigned c = 0; c < CPUS; c++)
        run_on(c, c, 0);
    act_on(1);
    set_fifo(9, 10);
    threads[9].cpu = &cpus[0];
    wake(9);
    told |= 1u << 1;
    look(1);
    tap_is(threads[9].cpu->number, 0, "a CPU does not take a real-time thread from the one that is about to run it");
    settle();
    tap_is(cpu_of(9), 0, "... which then runs it");
}

/* It waits behind a higher priority on the only CPU where it may run, and then may run elsewhere. */
static void test_allowed_later(void)
{
    begin();
    run_on(0, 0, 20);
    run_on(1, 1, 0);
    run_on(2, 2, 7);
    run_on(3, 3, 3);
    act_on(2);
    set_fifo(8, 5);
    sched_set_affinity(&threads[8], 1);
    wake(8);
    settle();
    tap_is(cpu_of(8), CPUS, "a real-time thread waits behind a higher priority");
    sched_set_affinity(&threads[8], 0xd);
    settle();
    tap_is(cpu_of(8), 3, "... until its affinity lets it run before a lower one");
    act_on(2);
    set_fifo(2, 0);
    sched_set_affinity(&threads[8], 0x5);
    settle();
    tap_is(cpu_of(8), 2, "it leaves a CPU that it may not use any more for one where a priority has been lowered");
}

/* At the end of a slice one that waits goes to where one runs that has had more by two slices: past CPUs where it may
 * not run. */
static void test_share(int running, unsigned slices, unsigned expected, const char *text)
{
    begin();
    for (unsigned c = 0; c < CPUS; c++)
        run_on(c, c, 0);
    act_on(0);
    sched_set_affinity(&threads[8], 1);
    sched_set_affinity(&threads[9], 0x5);
    threads[8].cpu = threads[9].cpu = &cpus[0];
    wake(8);
    wake(9);
    act_on(0);
    sched_set_policy(&threads[0], running > 0 ? SCHED_FIFO : SCHED_OTHER, running, 0);
    counter_now += slices * slice_ticks + 1;
    sched_share(&cpus[0]);
    look(2);
    tap_is(cpu_of(9), expected, "%s", text);
}

/* A CPU has got far ahead of the others, or far behind: that is forgotten, and so shares begin anew. */
static void test_gap(int64_t gap)
{
    unsigned slices = 0;

    begin();
    for (unsigned c = 0; c < CPUS; c++)
        run_on(c, c, 0);
    act_on(0);
    threads[8].cpu = &cpus[0];
    wake(8);
    cpus[0].run_queue.offset += (uint64_t)gap;
    act_on(0);
    while (cpu_of(8) == CPUS && slices < 100) {
        counter_now += slice_ticks;
        sched_share(&cpus[0]);
        for (unsigned c = 1; c < CPUS; c++)
            look(c);
        act_on(0);
        slices++;
    }
    tap_ok(slices <= LEAD_MAX / slice_ticks + 4,
           "who waits on a CPU that is %s by %lld ticks runs elsewhere after %u slices", gap > 0 ? "ahead" : "behind",
           (long long)(gap > 0 ? gap : -gap), slices);
}

/* What a thread takes along to another CPU, whose time is `apart` from its own's. */
static void test_lead(uint64_t apart, bool waited, int64_t lead, int64_t expected, const char *text)
{
    uint64_t here = 1ull << 40, there = 1ull << 36;

    begin();
    run_on(0, 0, 0);
    run_on(1, 1, 0);
    cpus[0].run_queue.virtual_time = here;
    cpus[1].run_queue.virtual_time = there;
    cpus[1].run_queue.offset = here - there - apart;
    threads[8].virtual_time = here + (uint64_t)lead;
    spin_lock_irq_off(&cpus[0].run_queue.lock);
    change_cpu(&threads[8], &cpus[0], &cpus[1], waited);
    spin_unlock_irq_off(&cpus[1].run_queue.lock);
    tap_is((long long)(threads[8].virtual_time - there), expected, "%s", text);
}

/* The class is asked about threads that come to a queue, and about no others. */
static void test_arrived(void)
{
    begin();
    for (unsigned c = 0; c < CPUS; c++)
        run_on(c, c, 0);
    arrived = 0;
    act_on(0);
    wake(8);
    wake(9);
    sched_set_affinity(&threads[8], 1u << 3);
    tap_is(arrived, 3, "the class is told of threads that wake up or come from another CPU");
    for (int nice = NICE_MIN; nice <= NICE_MAX; nice++)
        sched_set_policy(&threads[9], SCHED_OTHER, 0, nice);
    tap_is(arrived, 3, "... and not when their niceness changes");
}

static void step(void)
{
    struct thread *t = &threads[below(THREADS)];
    unsigned c = below(CPUS);

    act_on(c);
    switch (below(8)) {
    case 0:
        set_fifo((unsigned)(t - threads), below(3) == 0 ? 0 : 1 + (int)below(6));
        break;
    case 1:
        sched_set_affinity(t, 1 + below((1u << CPUS) - 1));
        break;
    case 2:
        if (current != &idle[c])
            sys_sched_yield();
        break;
    case 3:
        if (current != &idle[c] && below(2) == 0) {
            current->wait_state = WAIT_ARMED;
            sched_block();
        }
        break;
    case 4:
    case 5:
        t->wait_state = WAIT_DECIDED;
        wake((unsigned)(t - threads));
        break;
    default:
        counter_now += 100000;
        look(c);
    }
}

/* How many threads wait although they might run, or run where they may not. */
static unsigned count_wrong(void)
{
    unsigned wrong = 0;

    for (unsigned i = 0; i < THREADS; i++) {
        const struct thread *t = &threads[i];

        wrong += t->state == THREAD_RUNNING && !(t->affinity & 1u << t->cpu->number);
        for (unsigned c = 0; c < CPUS && t->state == THREAD_READY; c++)
            wrong += t->affinity & 1u << c && (cpus[c].running == &idle[c] || t->priority > cpus[c].running->priority);
    }
    return wrong;
}

static void test_random(void)
{
    unsigned wrong = 0, waited = 0, lost = 0;

    begin();
    for (unsigned i = 0; i < STEPS; i++) {
        unsigned running = 0, ready = 0, blocked = 0;

        for (unsigned n = below(20); n > 0; n--)
            step();
        settle();
        wrong += count_wrong();
        for (unsigned t = 0; t < THREADS; t++) {
            ready += threads[t].state == THREAD_READY;
            blocked += threads[t].state == THREAD_BLOCKED;
            running += threads[t].state == THREAD_RUNNING && threads[t].cpu->running == &threads[t];
        }
        waited += ready;
        lost += running + ready + blocked != THREADS || ready + running != sched_ready_count();
    }
    tap_is(wrong, 0, "nobody waits who might run, in %d random states", STEPS);
    tap_is(lost, 0, "... and nobody is lost");
    tap_ok(waited > STEPS, "... although %u had to wait", waited);
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : (unsigned)time(NULL);

    printf("# seed %u\n", seed);
    srandom(seed);
    test_choice((int[CPUS]){20, 0, 0, 0}, 0xf, 1, "a real-time thread goes where it was");
    test_choice((int[CPUS]){20, 15, 0, 15}, 0xf, 2, "... unless a real-time thread runs there and elsewhere none");
    test_choice((int[CPUS]){20, 0, 0, 15}, 0xd, 2, "... also where its last CPU is not allowed any more");
    test_choice((int[CPUS]){20, 15, 7, 3}, 0xf, 3, "... or else where the lowest priority runs");
    test_choice((int[CPUS]){20, 15, 7, 3}, 0x7, 2, "... of those where it may run");
    test_choice((int[CPUS]){20, 15, 12, 11}, 0xf, CPUS, "it waits where only higher ones run");
    test_leaving(0, 0, "who leaves for a higher priority goes on where no real-time thread runs");
    test_leaving(3, 0, "... or a lower one");
    test_leaving(5, CPUS, "... but not an equal one");
    test_about_to_run();
    test_allowed_later();
    test_share(0, 2, 2, "who waits goes where one has run for two slices, past a CPU where it may not");
    test_share(0, 1, CPUS, "... but not after one slice");
    test_share(20, 2, 2, "... also from a real-time thread's CPU");
    test_gap(1ll << 40);
    test_gap(-(1ll << 40));
    test_lead(0, true, 1000, 1000, "who is taken from a queue is ahead where it comes by what it was ahead");
    test_lead(0, true, -1000, -1000, "... and behind by what it was behind");
    test_lead(5000, true, -1000, 4000, "... by the time of all CPUs");
    test_lead(5000, false, -1000, -1000, "who wakes up, or may not stay, by that of its own");
    test_lead(0, true, 1ll << 30, LEAD_MAX, "... but ahead by a calendar's length at most");
    test_lead(1ull << 30, true, 0, LEAD_MAX, "... also where CPUs are apart");
    test_arrived();
    test_random();
    return tap_end();
}
