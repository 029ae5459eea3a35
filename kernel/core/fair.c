/*
 * fair.c - the time-sharing class: each thread gets CPU time in proportion to its weight.
 *
 * A thread's virtual time is its CPU time divided by its weight (account_thread()).  The one with the least runs next.
 * Ready threads stand in a calendar: bucket (virtual time / 8 ms) mod 32, with a bit for each bucket that is not
 * empty; so adding, removing and finding the first cost the same however many threads there are.  Within a bucket they
 * stand in order of arrival, and one further ahead than the calendar reaches waits in its last bucket: the order is
 * exact to 8 ms.
 */
#include <core/explore.h>
#include <core/run_queue.h>

/* 2^19 ticks of the counter: 8.4 ms at QEMU's 62.5 MHz. */
#define BUCKET_SHIFT 19
#define CREDIT (1u << 18) /* what a thread that slept may be behind: a slice */

/* The calendar's buckets, numbered on and on; modulo READY_LISTS it is the list. */
static inline uint32_t bucket_of(uint64_t virtual_time)
{
    return (uint32_t)(virtual_time >> BUCKET_SHIFT);
}

void class_insert(struct run_queue *rq, struct thread *t)
{
    uint32_t present = bucket_of(rq->virtual_time), bucket = bucket_of(t->virtual_time);
    bool behind = is_before(t->virtual_time, rq->virtual_time); /* it has slept, or was preempted */

    if (behind)
        bucket = present;
    else if ((int32_t)(bucket - present) >= READY_LISTS)
        bucket = present + READY_LISTS - 1;
    ready_add(&rq->sharing, t, bucket % READY_LISTS, behind);
}

struct thread *class_first(const struct run_queue *rq)
{
    uint32_t turn = bucket_of(rq->virtual_time) % READY_LISTS, buckets = rq->sharing.present;
    unsigned slot = (unsigned)__builtin_ctz(buckets >> turn | buckets << (-turn % READY_LISTS));

    return ready_first(&rq->sharing, (turn + slot) % READY_LISTS);
}

/* The class's virtual time moves on to that of `t`; not past its bucket, where others may still stand. */
void class_takes(struct run_queue *rq, const struct thread *t)
{
    uint32_t present = bucket_of(rq->virtual_time), ahead = (t->ready_list - present) % READY_LISTS;

    if ((int32_t)(bucket_of(t->virtual_time) - (present + ahead)) > 0)
        rq->virtual_time = (((rq->virtual_time >> BUCKET_SHIFT) + ahead + 1) << BUCKET_SHIFT) - 1;
    else
        virtual_time_reach(&rq->virtual_time, t->virtual_time);
}

bool class_goes_on(const struct thread *self, const struct thread *other)
{
    return is_before(self->virtual_time, other->virtual_time);
}

bool class_slice_over(struct thread *self)
{
    return true;
}

/* A lone thread has run on for `ran` ticks: the class's virtual time, which stood still, goes with it. */
static bool catch_up(struct run_queue *rq, struct thread *woken, const struct thread *running, uint64_t ran)
{
    uint64_t now = running->virtual_time + virtual_ticks(running, ran);

    if (running->priority != 0 || running->process == NULL)
        return false;
    if (sharing_empty(rq))
        virtual_time_reach(&rq->virtual_time, now);
    return exploring ? explore_wake(rq, woken) : is_before(woken->virtual_time, now);
}

/* A thread has not saved up time while it slept, or this CPU's time stood still: it gets at most one slice of credit.
 * It preempts one that has run for a while (1 ms) and is ahead of it: so one that waited elsewhere, and has had less,
 * runs where it comes. */
bool class_arrived(struct run_queue *rq, struct thread *t, const struct thread *running)
{
    uint64_t ran = counter_read() - running->run_start;
    bool preempts = ran >= lag_ticks && catch_up(rq, t, running, ran);

    virtual_time_reach(&t->virtual_time, rq->virtual_time - CREDIT);
    return preempts;
}
