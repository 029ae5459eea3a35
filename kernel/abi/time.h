/*
 * time.h - clocks, and the page through which user space reads the time without a call.
 */
#pragma once

#include <abi/types.h>

#define CLOCK_REALTIME 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC 4
#define TIMER_ABSTIME 4

/* The CPU time of any process, of any thread: one of these with its number. */
#define CLOCK_CPU_OF_PROCESS 0x10000
#define CLOCK_CPU_OF_THREAD 0x20000
#define CLOCK_CPU_NUMBER 0xffff

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

/*
 * The time page, mapped read-only at USER_TIME_PAGE in every process.  The virtual counter (CNTVCT, readable in user
 * mode) runs at `frequency` ticks a second.  Nanoseconds since boot are ((ticks - boot_ticks) * multiplier) >> shift,
 * 96 bits wide in between; the time of day is that plus realtime_offset.  `sequence` is odd while the kernel changes
 * a field: read it before and after, with barriers, and try again if it was odd or moved.
 */
struct time_page {
    uint32_t sequence;
    uint32_t frequency;
    uint32_t multiplier;
    uint32_t shift;
    uint64_t boot_ticks;
    int64_t realtime_offset; /* nanoseconds */
};
