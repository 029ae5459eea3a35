/*
 * clock.c - counter ticks, nanoseconds, the time of day, and the page that lets user space read it without a call.
 *
 * Both conversions are one multiplication by a 32-bit fraction, 96 bits wide in between; no division at run time.
 */
#include <abi/layout.h>
#include <abi/time.h>
#include <core/cpu_data.h>
#include <core/irq.h>

#define NS_PER_SECOND 1000000000u

static union {
    struct time_page time;
    uint8_t bytes[PAGE_SIZE];
} page __attribute__((aligned(PAGE_SIZE)));

struct time_page *time_page = &page.time;

static uint32_t ticks_multiplier; /* ticks = ns * this >> ticks_shift */
static uint32_t ticks_shift;
static struct spinlock clock_lock = SPINLOCK_INIT("clock", RANK_LOG);

/* a * m >> shift, or the greatest number where that does not fit. */
static uint64_t scale(uint64_t a, uint32_t m, uint32_t shift)
{
    uint64_t low = (uint64_t)(uint32_t)a * m;
    uint64_t high = (a >> 32) * m + (low >> 32);

    if (high >> 32 >> shift != 0)
        return ~0ull;
    return high << (32 - shift) | (uint32_t)low >> shift;
}

uint64_t ns_from_ticks(uint64_t ticks)
{
    return scale(ticks, time_page->multiplier, time_page->shift);
}

uint64_t ticks_from_ns(uint64_t ns)
{
    uint64_t ticks = scale(ns, ticks_multiplier, ticks_shift);

    return ticks != ~0ull && ns_from_ticks(ticks) < ns ? ticks + 1 : ticks; /* rounded up: never early */
}

/* The largest multiplier that fits 32 bits for to / from, and its shift (< 32). */
static uint32_t fraction(uint32_t to, uint32_t from, uint32_t *shift)
{
    uint64_t m;

    for (*shift = 31; (m = ((uint64_t)to << *shift) / from) >> 32 != 0; (*shift)--)
        ;
    return (uint32_t)m;
}

void timer_start(void)
{
    struct time_page *t = time_page;

    t->frequency = counter_frequency();
    t->multiplier = fraction(NS_PER_SECOND, t->frequency, &t->shift);
    ticks_multiplier = fraction(t->frequency, NS_PER_SECOND, &ticks_shift);
    t->boot_ticks = counter_read();
}

uint64_t clock_monotonic(void)
{
    return ns_from_ticks(counter_read() - time_page->boot_ticks);
}

/* What the time of day is ahead of the time since boot: every file asks for it, so there is no lock. */
static int64_t realtime_offset(void)
{
    return __atomic_load_n(&time_page->realtime_offset, __ATOMIC_RELAXED);
}

int64_t clock_realtime(void)
{
    return (int64_t)clock_monotonic() + realtime_offset();
}

void clock_set_realtime(int64_t ns)
{
    int64_t offset = ns - (int64_t)clock_monotonic();

    spin_lock(&clock_lock);
    time_page->sequence++;
    dmb();
    __atomic_store_n(&time_page->realtime_offset, offset, __ATOMIC_RELAXED);
    dmb();
    time_page->sequence++;
    spin_unlock(&clock_lock);
    irq_send(SGI_CLOCK, cpus_online); /* to look again when their timers are due */
}

/* At most the last value that is no time of day, centuries ahead. */
uint64_t deadline_after(uint64_t ticks, uint64_t ns)
{
    uint64_t more = ticks_from_ns(ns), last = DEADLINE_REALTIME - 1;

    return more < last - ticks ? ticks + more : last;
}

uint64_t deadline_from_monotonic(uint64_t ns)
{
    return deadline_after(time_page->boot_ticks, ns);
}

uint64_t deadline_ticks(uint64_t deadline)
{
    int64_t since_boot;

    if (!is_realtime_deadline(deadline))
        return deadline;
    since_boot = (int64_t)(deadline & ~DEADLINE_REALTIME) - realtime_offset();
    return deadline_from_monotonic(since_boot > 0 ? (uint64_t)since_boot : 0);
}

bool timespec_valid(const struct abi_timespec *ts, uint64_t *ns)
{
    if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= (int32_t)NS_PER_SECOND)
        return false;
    if (ts->tv_sec >= INT64_MAX / (int64_t)NS_PER_SECOND)
        *ns = INT64_MAX; /* never, also where it is taken for a signed number */
    else
        *ns = (uint64_t)ts->tv_sec * NS_PER_SECOND + (uint32_t)ts->tv_nsec;
    return true;
}

/* Without a division of 64 bits, which is hundreds of instructions: 10^9 is 5^9 << 9, and 2^52 / 5^9 a fraction of 32
 * bits.  It is a little too small, so a few seconds of a far time may be missing at first. */
struct abi_timespec ns_to_timespec(uint64_t ns)
{
    const uint32_t per = (uint32_t)((1ull << 52) / 1953125);
    uint64_t low = (uint64_t)(uint32_t)(ns >> 9) * per, seconds = ((ns >> 41) * per + (low >> 32)) >> 20;
    uint64_t rest = ns - seconds * NS_PER_SECOND;

    for (; rest >= NS_PER_SECOND; rest -= NS_PER_SECOND)
        seconds++;
    return (struct abi_timespec){.tv_sec = (abi_time_t)seconds, .tv_nsec = (int32_t)rest};
}
