/*
 * timer.h - one-shot timers on each CPU, in pairing heaps; and the clock.
 *
 * There is no fixed tick: a CPU's hardware timer is set for the first thing that is due on it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/types.h>
#include <core/wait.h>

struct timer;
/* Called on the CPU that armed the timer, from the interrupt, with interrupts off and no lock held. */
typedef void timer_function(struct timer *timer);

struct timer {
    uint64_t deadline; /* see wait.h */
    timer_function *function;
    struct timer *child, *sibling, *previous; /* the heap */
    struct cpu *cpu;                          /* on whose heap; NULL: not armed */
    bool running;
};

void timer_init(struct timer *timer, timer_function *function);
/* Arm (or arm anew) on this CPU. */
void timer_set(struct timer *timer, uint64_t deadline);
/* Disarm; on return the function neither runs nor will run.  True: it was armed.  Not from its own function; the caller
 * holds no lock that the function takes. */
bool timer_cancel(struct timer *timer);

/* Conversions; a time past the end of counting is the end of counting. */
uint64_t ticks_from_ns(uint64_t ns);
uint64_t ns_from_ticks(uint64_t ticks);
/* Nanoseconds since boot. */
uint64_t clock_monotonic(void);
/* Nanoseconds since 1970. */
int64_t clock_realtime(void);
/* Set the time of day.  Timers that wait for one follow. */
void clock_set_realtime(int64_t ns);
/* `ns` after a moment of the counter, and a time on CLOCK_MONOTONIC, as deadlines (wait.h). */
uint64_t deadline_after(uint64_t ticks, uint64_t ns);
uint64_t deadline_from_monotonic(uint64_t ns);
/* A time of day as a deadline. */
static inline uint64_t deadline_from_realtime(uint64_t ns)
{
    return DEADLINE_REALTIME | (ns < DEADLINE_REALTIME ? ns : ~0ull);
}

static inline bool is_realtime_deadline(uint64_t deadline)
{
    return deadline >> 63;
}

/* The counter's value at any deadline, as the clock is set now. */
uint64_t deadline_ticks(uint64_t deadline);
/* The page that user space reads (abi/time.h); in the linear map. */
extern struct time_page *time_page;
/* True and *ns set: a valid timespec (tv_nsec in range, tv_sec >= 0). */
bool timespec_valid(const struct abi_timespec *ts, uint64_t *ns);
struct abi_timespec ns_to_timespec(uint64_t ns);

/* At boot, by CPU 0; by each CPU; from the interrupt. */
void timer_start(void);
void timer_start_cpu(void);
void timer_interrupt(void *unused);
/* The scheduler's own wish on this CPU: sched_tick() at `deadline`, unless it has asked for an earlier one.  Interrupts
 * off. */
void timer_set_tick(uint64_t deadline);
