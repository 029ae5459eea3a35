/*
 * fair.c - the time-sharing class: a calendar of virtual times (see fair.h).
 */
#include <core/cpu_data.h>
#include <core/explore.h>
#include <core/fair.h>

/* 2^19 ticks of the counter: 8.4 ms at QEMU's 62.5 MHz. */
#define BUCKET_SHIFT 19
#define CREDIT (1u << 18) /* what a thread that slept may be behind: a slice */

/* 1024 * 1.25^-nice, rounded. */
static const uint32_t nice_weight[NICE_MAX - NICE_MIN + 1] = {
    88818, 71054, 56843, 45475, 36380, 29104, 23283, 18626, 14901, 11921, 9537, 7629, 6104, 4883,
    3906,  3125,  2500,  2000,  1600,  1280,  1024,  819,   655,   524,   419,  336,  268,  215,
    172,   137,   110,   88,    70,    56,    45,    36,    29,    23,    18,   15,
};

uint32_t lag_ticks;

void fair_start(struct run_queue *rq)
{
    for (unsigned i = 0; i < FAIR_BUCKETS; i++)
        list_init(&rq->fair[i]);
    rq->virtual_time = 1ull << 32; /* so that a slice of credit before it is not before 0 */
    lag_ticks = (uint32_t)ticks_from_ns(SCHED_LAG);
}

/* The calendar's buckets, numbered on and on; modulo FAIR_BUCKETS it is the place in fair[]. */
static inline uint32_t bucket_of(uint64_t virtual_time)
{
    return (uint32_t)(virtual_time >> BUCKET_SHIFT);
}

static inline bool is_before(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b) < 0;
}

void fair_insert(struct run_queue *rq, struct thread *t)
{
    uint32_t present = bucket_of(rq->virtual_time), bucket = bucket_of(t->virtual_time);

    if ((int32_t)(bucket - present) >= FAIR_BUCKETS)
        bucket = present + FAIR_BUCKETS - 1;
    if (is_before(t->virtual_time, rq->virtual_time)) { /* behind all others: it has slept, or was preempted */
        t->bucket = present % FAIR_BUCKETS;
        list_add_head(&rq->fair[t->bucket], &t->run_link);
    } else {
        t->bucket = bucket % FAIR_BUCKETS;
        list_add_tail(&rq->fair[t->bucket], &t->run_link);
    }
    rq->fair_ready |= 1u << t->bucket;
}

void fair_delete(struct run_queue *rq, struct thread *t)
{
    list_remove(&t->run_link);
    if (list_empty(&rq->fair[t->bucket]))
        rq->fair_ready &= ~(1u << t->bucket);
}

/* Move the class's virtual time on to that of `t`, which stands in bucket `present + slot`; not past that bucket, where
 * others may still stand. */
static void advance(struct run_queue *rq, const struct thread *t, uint32_t present, unsigned slot)
{
    if ((int32_t)(bucket_of(t->virtual_time) - (present + slot)) > 0)
        rq->virtual_time = (((rq->virtual_time >> BUCKET_SHIFT) + slot + 1) << BUCKET_SHIFT) - 1;
    else
        rq->virtual_time = t->virtual_time;
}

struct thread *fair_first(struct run_queue *rq)
{
    uint32_t present = bucket_of(rq->virtual_time), turn = present % FAIR_BUCKETS;
    unsigned slot = (unsigned)__builtin_ctz(rq->fair_ready >> turn | rq->fair_ready << (-turn % FAIR_BUCKETS));
    struct thread *t = container_of(rq->fair[(turn + slot) % FAIR_BUCKETS].next, struct thread, run_link);

    if (is_before(rq->virtual_time, t->virtual_time))
        advance(rq, t, present, slot);
    return t;
}

/* A lone thread has run on for `ran` ticks: the class's virtual time, which stood still, goes with it. */
static bool catch_up(struct run_queue *rq, struct thread *woken, const struct thread *running, uint64_t ran)
{
    uint64_t now = running->virtual_time + (ran * running->inverse_weight >> 10);

    if (running->priority != 0 || running->process == NULL)
        return false;
    if (rq->fair_ready == 0 && rq->lone == NULL && is_before(rq->virtual_time, now))
        rq->virtual_time = now;
    return exploring ? explore_wake(rq, woken) : is_before(woken->virtual_time, now);
}

bool fair_woken(struct run_queue *rq, struct thread *t, const struct thread *running)
{
    uint64_t ran = counter_read() - running->run_start;
    bool preempts = ran >= lag_ticks && catch_up(rq, t, running, ran);
    uint64_t least = rq->virtual_time - CREDIT;

    if (is_before(t->virtual_time, least))
        t->virtual_time = least;
    return preempts;
}

int64_t fair_lead(const struct run_queue *rq, const struct thread *t)
{
    int64_t lead = (int64_t)(t->virtual_time - rq->virtual_time);
    int64_t most = (int64_t)FAIR_BUCKETS << BUCKET_SHIFT;

    return lead > most ? most : lead;
}

void fair_yield(struct thread *t)
{
    uint64_t now = t->cpu->run_queue.virtual_time;

    if (is_before(t->virtual_time, now))
        t->virtual_time = now;
}

void fair_set_nice(struct thread *t, int nice)
{
    t->nice = nice;
    t->weight = nice_weight[nice - NICE_MIN];
    t->inverse_weight = (1u << 20) / t->weight;
}
