/*
 * explore.c - schedules by chance, to find races: a seed decides where threads are preempted and who runs before whom.
 *
 * The scheduler leaves much open: how long a turn is, who of several equals comes first, whom a wake-up wakes, whether
 * a thread that wakes up runs at once.  A program that is right is right for every answer.  With a seed the answers
 * come from a row of random numbers: turns last from a microsecond to two milliseconds, each order of magnitude as
 * often; who has had its turn is put back by some of its virtual time, and so behind some of the others; who begins to
 * wait passes some of those who wait already; who wakes up stands somewhere and may preempt.  Under QEMU's -icount
 * nothing else is by chance, so that one seed is one schedule, with several CPUs too.
 *
 * Every such answer is counted.  With a limit on their number, the scheduler is its usual self afterwards: the least
 * limit with which a program still fails is the shortest schedule of its error (`explore`, user/bin/explore.c).
 *
 * Left out on purpose: real-time threads, whose order POSIX prescribes; those who wait at a POSIX message queue, whose
 * order it prescribes too; on which CPU a thread runs.
 */
#include <core/boot_info.h>
#include <core/explore.h>
#include <core/irq.h>
#include <core/run_queue.h>
#include <lib/string.h>

#define TURN_LEAST 16       /* ticks of the counter; the way through an interrupt is about as long */
#define TURN_SCALES 13      /* the longest turn is 2^13 times the shortest; some seeds stay far below */
#define PUT_BACK (1u << 21) /* ticks of virtual time: four of the calendar's buckets */

bool exploring;
static uint32_t seed, choices_left = UINT32_MAX;
static uint32_t state, scales;

/* Marsaglia's xorshift.  CPUs that draw at the same time may draw the same: under -icount they never do. */
static uint32_t draw(void)
{
    uint32_t x = __atomic_load_n(&state, __ATOMIC_RELAXED);

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    __atomic_store_n(&state, x, __ATOMIC_RELAXED);
    return x;
}

/* Now and then a turn may be long whatever the seed: with several CPUs under QEMU's icount a CPU may find its turn over
 * before it has run at all (docs/hardware.md), for ever if all turns are short. */
static uint32_t draw_turn(void)
{
    uint32_t most = draw() % 8 == 0 ? TURN_SCALES : scales;
    uint32_t scale = draw() % most;

    return TURN_LEAST + draw() % (TURN_LEAST << scale);
}

static void set_exploring(bool on)
{
    exploring = on;
    lag_ticks = on ? 0 : (uint32_t)ticks_from_ns(SCHED_LAG);
}

/* The seed was written: begin with it.  All CPUs look, and then have a tick while threads run there. */
static void explore_start(void)
{
    set_exploring(false);
    if (seed == 0 || choices_left == 0)
        return;
    state = seed * 2654435761u; /* odd: only 0 gives 0 */
    scales = 3 + draw() % (TURN_SCALES - 2);
    set_exploring(true);
    irq_send(SGI_RESCHEDULE, cpus_online);
}

/* One more choice.  False: there have been enough. */
static bool choose(void)
{
    uint32_t left = __atomic_load_n(&choices_left, __ATOMIC_RELAXED);

    if (left == 0) {
        set_exploring(false);
        return false;
    }
    __atomic_store_n(&choices_left, left - 1, __ATOMIC_RELAXED);
    return true;
}

bool explore_turn(uint64_t now)
{
    if (!choose())
        return false;
    timer_set_tick(now + draw_turn());
    return true;
}

void explore_tick(struct cpu *cpu, struct thread *self, uint64_t now)
{
    if (self != cpu->idle && explore_turn(now)) {
        if (is_realtime(self))
            return;
        self->virtual_time += draw() % PUT_BACK;
        thread_set_work(self, WORK_RESCHEDULE);
    }
}

bool explore_wake(struct run_queue *rq, struct thread *woken)
{
    if (!choose())
        return false;
    woken->virtual_time = rq->virtual_time + draw() % PUT_BACK - PUT_BACK / 2;
    return draw() % 2 != 0;
}

bool explore_pass(void)
{
    return choose() && draw() % 2 != 0;
}

static void from_boot_argument(const char *name, uint32_t *number)
{
    char text[16];
    uint64_t value;

    if (boot_argument(name, text, sizeof(text)) && parse_number(text, &value) && value <= UINT32_MAX)
        *number = (uint32_t)value;
}

void explore_controls(void (*add)(const char *path, uint32_t *value, uint32_t highest, void (*changed)(void)))
{
    from_boot_argument("sched_choices", &choices_left);
    from_boot_argument("sched_seed", &seed);
    explore_start();
    add("sys/kernel/sched_choices", &choices_left, UINT32_MAX, NULL);
    add("sys/kernel/sched_seed", &seed, UINT32_MAX, explore_start);
}
