/*
 * fair.c - the time-sharing class: a calendar of virtual times (see fair.h).
 */
#include <core/fair.h>
#include <core/timer.h>

/* 2^18 ticks of the counter: 4.2 ms at QEMU's 62.5 MHz. */
#define BUCKET_SHIFT 18

/* 1024 * 1.25^-nice, rounded. */
static const uint32_t nice_weight[NICE_MAX - NICE_MIN + 1] = {
    88818, 71054, 56843, 45475, 36380, 29104, 23283, 18626, 14901, 11921, 9537, 7629, 6104, 4883,
    3906,  3125,  2500,  2000,  1600,  1280,  1024,  819,   655,   524,   419,  336,  268,  215,
    172,   137,   110,   88,    70,    56,    45,    36,    29,    23,    18,   15,
};

static uint64_t preempt_ticks; /* 1 ms */

void fair_start(struct run_queue *rq)
{
    for (unsigned i = 0; i < FAIR_BUCKETS; i++)
        list_init(&rq->fair[i]);
    rq->virtual_time = 1ull << 32; /* so that a slice of credit before it is not before 0 */
    preempt_ticks = ticks_from_ns(1000000);
}

/* The slot of the calendar, counted from the present one; never behind it, never past its end. */
static unsigned slot_of(const struct run_queue *rq, const struct thread *t)
{
    int64_t ahead = (int64_t)((t->virtual_time >> BUCKET_SHIFT) - (rq->virtual_time >> BUCKET_SHIFT));

    if (ahead < 0)
        return 0;
    return ahead < FAIR_BUCKETS ? (unsigned)ahead : FAIR_BUCKETS - 1;
}

static unsigned present(const struct run_queue *rq)
{
    return (unsigned)(rq->virtual_time >> BUCKET_SHIFT) % FAIR_BUCKETS;
}

void fair_add(struct run_queue *rq, struct thread *t)
{
    t->bucket = (present(rq) + slot_of(rq, t)) % FAIR_BUCKETS;
    if ((int64_t)(t->virtual_time - rq->virtual_time) < 0)
        list_add_head(&rq->fair[t->bucket], &t->run_link); /* behind all others: it has waited, or was preempted */
    else
        list_add_tail(&rq->fair[t->bucket], &t->run_link);
    rq->fair_ready |= 1ull << t->bucket;
}

void fair_remove(struct run_queue *rq, struct thread *t)
{
    list_remove(&t->run_link);
    if (list_empty(&rq->fair[t->bucket]))
        rq->fair_ready &= ~(1ull << t->bucket);
}

/* Move the class's virtual time to `time`, but not back, and not past bucket `slot`, where others may still stand. */
static void advance(struct run_queue *rq, uint64_t time, unsigned slot)
{
    uint64_t end = (((rq->virtual_time >> BUCKET_SHIFT) + slot + 1) << BUCKET_SHIFT) - 1;

    if (time > end)
        time = end;
    if (time > rq->virtual_time)
        rq->virtual_time = time;
}

struct thread *fair_next(struct run_queue *rq)
{
    unsigned now = present(rq);
    uint64_t turned = now == 0 ? rq->fair_ready : rq->fair_ready >> now | rq->fair_ready << (FAIR_BUCKETS - now);
    unsigned slot = (unsigned)__builtin_ctzll(turned);
    struct thread *t = container_of(rq->fair[(now + slot) % FAIR_BUCKETS].next, struct thread, run_link);

    advance(rq, t->virtual_time, slot);
    return t;
}

/* What the running thread's virtual time is by now, if it has run for a while (1 ms), else what it was at its switch.
 * */
static uint64_t virtual_now(const struct thread *running)
{
    uint64_t ran = counter_read() - running->run_start;

    return ran < preempt_ticks ? running->virtual_time : running->virtual_time + (ran * running->inverse_weight >> 10);
}

void fair_woken(struct run_queue *rq, struct thread *t, const struct thread *running)
{
    uint64_t least;

    if (rq->fair_ready == 0 && running->priority == 0 && running->process != NULL)
        advance(rq, virtual_now(running), ~0u >> 1);
    least = rq->virtual_time - (1u << BUCKET_SHIFT);
    if ((int64_t)(t->virtual_time - least) < 0)
        t->virtual_time = least;
}

bool fair_preempts(const struct thread *woken, const struct thread *running)
{
    uint64_t now = virtual_now(running);

    return now != running->virtual_time && (int64_t)(woken->virtual_time - now) < 0;
}

void fair_set_nice(struct thread *t, int nice)
{
    t->nice = nice;
    t->weight = nice_weight[nice - NICE_MIN];
    t->inverse_weight = (1u << 20) / t->weight;
}
