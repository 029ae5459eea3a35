/*
 * round_robin.c - a time-sharing class of one's own, the plainest there is: all who are ready stand in one list, and
 * each runs for a slice in turn.  Niceness counts for nothing, and who wakes up waits for its turn like the others.
 *
 *      make run CLASS=tests/class/round_robin.c
 *
 * tests/tools/sched_class.py shows that it is so; what each function promises stands in kernel/core/class.h.
 */
#include <core/run_queue.h>

void class_insert(struct run_queue *rq, struct thread *t)
{
    ready_add(&rq->sharing, t, 0, false);
}

struct thread *class_first(const struct run_queue *rq)
{
    return ready_first(&rq->sharing, 0);
}

void class_takes(struct run_queue *rq, const struct thread *t) {}

bool class_goes_on(const struct thread *self, const struct thread *other)
{
    return false;
}

bool class_arrived(struct run_queue *rq, struct thread *t, const struct thread *running)
{
    return false;
}

bool class_slice_over(struct thread *self)
{
    return true;
}
