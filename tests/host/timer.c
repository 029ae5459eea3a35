/*
 * timer.c - the timers of the CPUs (kernel/core/timer.c): what fires, when and in which order, against a plain list,
 * through random arming, re-arming and cancelling, also by timers' own functions and while the clock is set.
 *
 * Usage: timer [seed]
 */
#include "stand_in.h"
#include <time.h>

#include "../../kernel/core/timer.c"
#include "tap.h"

#define TIMERS 200
#define CPUS 3 /* of the CPU_MAX */
#define STEPS 100000
#define SOON 5000 /* ticks: how far ahead deadlines are, and the clock is set */

struct cpu cpus[CPU_MAX];

static struct thread on_cpu[CPUS];
static struct timer timers[TIMERS];
static uint64_t model[TIMERS]; /* each one's deadline; DEADLINE_NEVER: it is not armed */
static unsigned model_cpu[TIMERS];
static uint64_t clock_offset = 1000000; /* the time of day is the counter and this */
static uint64_t tick_seen;
static unsigned fired, early, strange, out_of_order;
static bool wild; /* the timers' functions arm and cancel others */
static uint64_t last_fired[2];

uint64_t deadline_ticks(uint64_t deadline)
{
    uint64_t time = deadline & ~DEADLINE_REALTIME;

    if (!is_realtime_deadline(deadline))
        return deadline;
    return time > clock_offset ? time - clock_offset : 0;
}

void sched_tick(uint64_t now)
{
    tick_seen = now;
    current->cpu->tick = DEADLINE_NEVER;
}

static unsigned below(unsigned n)
{
    return (unsigned)random() % n;
}

static uint64_t some_deadline(void)
{
    uint64_t ticks = counter_now - 100 + below(SOON);

    return below(3) == 0 ? DEADLINE_REALTIME | (ticks + clock_offset) : ticks;
}

static void set_some(void)
{
    unsigned i = below(TIMERS);

    model[i] = some_deadline();
    model_cpu[i] = current->cpu->number;
    timer_set(&timers[i], model[i]);
}

static void cancel_some(void)
{
    unsigned i = below(TIMERS);

    if (timers[i].running) /* its own function must not */
        return;
    strange += timer_cancel(&timers[i]) != (model[i] != DEADLINE_NEVER);
    model[i] = DEADLINE_NEVER;
}

static void on_time(struct timer *timer)
{
    unsigned i = (unsigned)(timer - timers);
    bool realtime = is_realtime_deadline(model[i]);

    fired++;
    strange += model[i] == DEADLINE_NEVER || model_cpu[i] != current->cpu->number || locks_held != 0;
    early += model[i] != DEADLINE_NEVER && deadline_ticks(model[i]) > counter_now;
    out_of_order += model[i] < last_fired[realtime];
    last_fired[realtime] = model[i];
    model[i] = DEADLINE_NEVER;
    if (wild && below(4) == 0)
        set_some();
    if (wild && below(4) == 0)
        cancel_some();
}

/* When this CPU's first timer is due, by the model. */
static uint64_t model_due(unsigned cpu)
{
    uint64_t due = DEADLINE_NEVER;

    for (unsigned i = 0; i < TIMERS; i++)
        if (model[i] != DEADLINE_NEVER && model_cpu[i] == cpu && deadline_ticks(model[i]) < due)
            due = deadline_ticks(model[i]);
    return due;
}

/* The interrupt comes on the current CPU.  All that was due has fired, and the hardware is set for the next. */
static bool interrupt_is_right(void)
{
    unsigned cpu = current->cpu->number;

    last_fired[0] = last_fired[1] = 0;
    timer_interrupt(NULL);
    return (wild || model_due(cpu) > counter_now) && interrupt_at == current->cpu->hardware_deadline &&
           interrupt_at == (current->cpu->tick < model_due(cpu) ? current->cpu->tick : model_due(cpu));
}

static void start(bool with_wild)
{
    wild = with_wild;
    fired = early = strange = out_of_order = 0;
    counter_now = 1ull << 33;
    for (unsigned i = 0; i < CPUS; i++) {
        cpus[i] = (struct cpu){.number = i, .tick = DEADLINE_NEVER, .hardware_deadline = DEADLINE_NEVER};
        on_cpu[i].cpu = &cpus[i];
    }
    for (unsigned i = 0; i < TIMERS; i++) {
        timer_init(&timers[i], on_time);
        model[i] = DEADLINE_NEVER;
    }
    current = &on_cpu[0];
}

/* One CPU acts, then time passes; an interrupt comes where the hardware is set for it.  False: one would come late. */
static bool step(void)
{
    bool right = true;

    current = &on_cpu[below(CPUS)];
    if (below(3) > 0)
        set_some();
    else
        cancel_some();
    if (below(20) == 0)
        timer_set_tick(counter_now + below(SOON));
    counter_now += below(40);
    for (unsigned i = 0; i < CPUS; i++) {
        current = &on_cpu[i];
        if (cpus[i].hardware_deadline <= counter_now)
            right &= interrupt_is_right();
        else
            right &= model_due(i) > counter_now;
    }
    return right;
}

static void test_random(bool with_wild)
{
    const char *how = with_wild ? "functions that arm and cancel" : "plain functions";
    unsigned wrong = 0, left = 0;

    start(with_wild);
    for (unsigned i = 0; i < STEPS; i++)
        wrong += !step();
    tap_ok(fired > STEPS / 4, "%s: %u timers have fired in %d random steps", how, fired, STEPS);
    tap_is(early, 0, "... none early");
    tap_is(wrong, 0, "... none late, and the hardware is always set for the first");
    tap_is(strange, 0, "... none that was cancelled, none on another CPU; cancelling says whether one was armed");
    if (!wild)
        tap_is(out_of_order, 0, "... in the order of their deadlines, where several were due");
    wild = false;
    counter_now += 2 * SOON;
    for (unsigned i = 0; i < CPUS; i++) {
        current = &on_cpu[i];
        wrong += !interrupt_is_right();
        left += cpus[i].timers[0] != NULL || cpus[i].timers[1] != NULL || interrupt_at != DEADLINE_NEVER;
    }
    tap_ok(wrong == 0 && left == 0, "... and when all have fired the hardware is off");
}

/* Setting the clock leaves the heaps alone: each CPU looks again, as clock_set_realtime() has it do. */
static void test_clock(void)
{
    unsigned wrong = 0;

    start(false);
    for (unsigned i = 0; i < STEPS / 4; i++) {
        wrong += !step();
        if (below(50) != 0)
            continue;
        clock_offset += (uint64_t)below(2 * SOON) - SOON;
        for (unsigned n = 0; n < CPUS; n++) {
            current = &on_cpu[n];
            wrong += !interrupt_is_right();
        }
    }
    tap_is(wrong, 0, "the clock is set now and then: what waits for a time of day follows, nothing else does");
    tap_is(early + strange + out_of_order, 0, "... and fires in order");
}

static void test_tick(void)
{
    start(false);
    timer_set_tick(counter_now + 100);
    timer_set_tick(counter_now + 200);
    tap_is((long long)(interrupt_at - counter_now), 100, "of two wishes for a tick the earlier one counts");
    timer_set(&timers[0], counter_now + 300);
    tap_is((long long)(interrupt_at - counter_now), 100, "a later timer leaves the hardware alone");
    counter_now += 100;
    timer_interrupt(NULL);
    tap_ok(tick_seen == counter_now && fired == 0, "the scheduler has its tick");
    tap_is((long long)(interrupt_at - counter_now), 200, "... and the hardware is set for the timer");
    timer_cancel(&timers[0]);
    tap_ok(!timer_cancel(&timers[0]), "one that is cancelled is not armed");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : (unsigned)time(NULL);

    printf("# seed %u\n", seed);
    srandom(seed);
    test_random(false);
    test_random(true);
    test_clock();
    test_tick();
    return tap_end();
}
