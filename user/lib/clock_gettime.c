/*
 * clock_gettime.c - what time is it?
 *
 * The kernel keeps a page with the counter's rate and the time of day's offset in every process (abi/time.h), so the
 * two clocks that are asked most cost no call: read the counter, multiply, add, and split into seconds and the rest.
 * `sequence` tells when the kernel changed the page in between.  The library's 64-bit division would cost more than
 * all the rest, so seconds are estimated by one multiplication and mended (split).
 */
#include "libc.h"
#include <abi/layout.h>
#include <abi/time.h>
#include <time.h>

#define BILLION 1000000000u

/* The isb keeps the counter from being read before `sequence`. */
static inline uint64_t read_counter(void)
{
    uint64_t ticks;

    __asm__ volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(ticks) : : "memory");
    return ticks;
}

/* (ticks * multiplier) >> shift, 96 bits wide in between; shift is below 32. */
static inline uint64_t scale(uint64_t ticks, uint32_t multiplier, uint32_t shift)
{
    uint64_t low = (uint64_t)(uint32_t)ticks * multiplier;
    uint64_t high = (ticks >> 32) * multiplier + (low >> 32);

    low = (uint32_t)low >> shift;
    return (high << (32 - shift)) + low;
}

/*
 * nanoseconds = seconds * 10^9 + rest.  The upper 32 of the 63 bits times 2^31 / 10^9 (here 2 plus a fraction of 2^32)
 * are at most four seconds short of the truth, and then the rest still fits into 32 bits.
 */
static inline void split(uint64_t nanoseconds, struct timespec *time)
{
    uint32_t upper = nanoseconds >> 31;
    uint64_t seconds = 2ull * upper + ((uint64_t)upper * 633437444u >> 32);
    uint32_t rest = (uint32_t)nanoseconds - (uint32_t)seconds * BILLION;

    while (rest >= BILLION) {
        rest -= BILLION;
        seconds++;
    }
    time->tv_sec = seconds;
    time->tv_nsec = rest;
}

static inline void read_page(struct timespec *time, int64_t is_realtime)
{
    const volatile struct time_page *page = (const volatile struct time_page *)USER_TIME_PAGE;
    uint32_t sequence;
    uint64_t nanoseconds;

    do {
        sequence = page->sequence;
        __asm__ volatile("dmb ish" : : : "memory");
        nanoseconds = scale(read_counter() - page->boot_ticks, page->multiplier, page->shift);
        nanoseconds += page->realtime_offset & is_realtime;
        __asm__ volatile("dmb ish" : : : "memory");
    } while ((sequence & 1) || page->sequence != sequence);
    split(nanoseconds, time);
}

/* POSIX clock_gettime: EINVAL for an unknown clock. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (clock == CLOCK_MONOTONIC)
        read_page(time, 0);
    else if (clock == CLOCK_REALTIME)
        read_page(time, -1);
    else
        return __clock_gettime(clock, time);
    return 0;
}
