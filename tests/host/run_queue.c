/*
 * run_queue.c - the run queue (kernel/core/run_queue.h) and the fair class (kernel/core/fair.c): the order against a
 * plain search, also where virtual time wraps round; shares of CPU time by weight; what a sleeper is owed.
 *
 * Usage: run_queue [seed]
 */
#include "stand_in.h"
#include <time.h>

#include "../../kernel/core/fair.c"
#include "../../kernel/core/weight.c"
#include "tap.h"

#define THREADS 60
#define STEPS 200000
#define BUCKET (1ull << BUCKET_SHIFT)
#define SLICE 250000 /* ticks: 4 ms */

bool exploring;
uint64_t slice_ticks = SLICE;
uint32_t lag_ticks, realtime_waiting;

static struct cpu cpu;
static struct run_queue *const rq = &cpu.run_queue;
static struct thread idle, threads[THREADS];
static struct process *const some_process = (struct process *)&cpu; /* it is only asked whether there is one */

/* The model: in which bucket of all time a queued thread stands, and its place there. */
static struct {
    bool queued;
    uint32_t bucket;
    int place;
} model[THREADS];
static int last_place, first_place;

uint64_t ticks_from_ns(uint64_t ns)
{
    return ns / 16;
}

bool explore_wake(struct run_queue *queue, struct thread *woken)
{
    (void)queue, (void)woken;
    return false;
}

void sched_realtime_stops(struct cpu *stopped)
{
    (void)stopped;
}

void sched_realtime_waits(const struct thread *t)
{
    (void)t;
}

static uint64_t below(uint64_t n)
{
    return ((uint64_t)random() << 31 | (uint64_t)random()) % n;
}

static void queue_reset(uint64_t virtual_time)
{
    memset(threads, 0, sizeof(threads));
    memset(model, 0, sizeof(model));
    cpu = (struct cpu){.idle = &idle, .running = &idle};
    realtime_waiting = 0;
    queue_start(rq);
    rq->virtual_time = virtual_time;
    for (unsigned i = 0; i < THREADS; i++) {
        threads[i].cpu = &cpu;
        threads[i].process = some_process;
        weight_set_nice(&threads[i], 0);
    }
}

static void queue_add(struct thread *t, bool first)
{
    if (is_realtime(t))
        queue_add_realtime(&cpu, t, first);
    else
        queue_add_sharing(rq, t);
}

/* Into the calendar, anywhere from a little behind the present to past the calendar's end. */
static void step_insert(unsigned i)
{
    uint64_t ahead = below((READY_LISTS + 4) * BUCKET);
    bool behind = below(6) == 0;
    uint32_t present = bucket_of(rq->virtual_time), bucket = bucket_of(rq->virtual_time + ahead);

    threads[i].virtual_time = behind ? rq->virtual_time - 1 - below(CREDIT) : rq->virtual_time + ahead;
    model[i].queued = true;
    model[i].place = behind ? --first_place : ++last_place;
    model[i].bucket = behind ? present : bucket - present < READY_LISTS ? bucket : present + READY_LISTS - 1;
    class_insert(rq, &threads[i]);
}

static void step_delete(unsigned i)
{
    model[i].queued = false;
    ready_remove(&rq->sharing, &threads[i]);
}

/* Does the thread of number `a` come before that of number `b`? Buckets wrap round, too. */
static bool model_before(unsigned a, unsigned b)
{
    int32_t apart = (int32_t)(model[a].bucket - model[b].bucket);

    return apart != 0 ? apart < 0 : model[a].place < model[b].place;
}

/* The number of the thread that should run first; THREADS: none is queued. */
static unsigned model_first(void)
{
    unsigned first = THREADS;

    for (unsigned i = 0; i < THREADS; i++)
        if (model[i].queued && (first == THREADS || model_before(i, first)))
            first = i;
    return first;
}

static void test_order(const char *where, uint64_t start)
{
    unsigned wrong = 0, back = 0;

    queue_reset(start);
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = (unsigned)below(THREADS), first = model_first();
        uint64_t before = rq->virtual_time;

        if (first < THREADS && below(3) == 0) {
            wrong += class_first(rq) != &threads[first] || rq->virtual_time != before;
            class_takes(rq, &threads[first]);
            back += is_before(rq->virtual_time, before);
            step_delete(first);
        } else if (model[i].queued) {
            step_delete(i);
        } else {
            step_insert(i);
        }
        wrong += (rq->sharing.present != 0) != (model_first() < THREADS);
    }
    tap_is(wrong, 0, "%s: the first is the one that a plain search finds, in %d random steps", where, STEPS);
    tap_is(back, 0, "%s: the class's virtual time never goes back", where);
    tap_ok(rq->virtual_time - start > 1000 * BUCKET, "%s: it went on by %llu buckets", where,
           (unsigned long long)(rq->virtual_time - start) / BUCKET);
}

/* Let who is picked run a slice, and put it back, for so many slices: as sched_preempt() does. */
static void run_slices(unsigned count, bool with_exchange)
{
    struct thread *running = queue_pick(&cpu);

    for (unsigned i = 0; i < count; i++) {
        running->run_start = counter_now;
        counter_now += SLICE;
        account_thread(&cpu, running, counter_now);
        if (with_exchange) {
            running = queue_exchange(&cpu, running, false);
        } else {
            queue_add(running, false);
            running = queue_pick(&cpu);
        }
    }
    queue_add(running, false);
}

/* Threads 0 ... count - 1 have nice values first, first + step ... Each gets its share of the time, to a bucket. */
static void test_shares(unsigned count, int first, int step, bool with_exchange)
{
    uint64_t total = 0, weights = 0, worst = 0, slices = 40000;

    queue_reset(1ull << 32);
    for (unsigned i = 0; i < count; i++) {
        weight_set_nice(&threads[i], first + (int)i * step);
        threads[i].virtual_time = rq->virtual_time;
        weights += threads[i].weight;
        queue_add(&threads[i], false);
    }
    run_slices((unsigned)slices, with_exchange);
    for (unsigned i = 0; i < count; i++) {
        uint64_t share = slices * SLICE * threads[i].weight / weights, got = threads[i].run_ticks;
        uint64_t apart = got > share ? got - share : share - got;

        total += got;
        worst = apart * 1000 / share > worst ? apart * 1000 / share : worst;
    }
    tap_is((long long)total, (long long)(slices * SLICE), "%u threads from nice %d by %d: their time is all the time",
           count, first, step);
    tap_ok(worst <= 20, "... each has its share, to %llu per mille (20 are allowed)", (unsigned long long)worst);
}

static void test_weights(void)
{
    unsigned wrong = 0;

    queue_reset(1ull << 32);
    for (int nice = NICE_MIN; nice < NICE_MAX; nice++) {
        weight_set_nice(&threads[0], nice);
        weight_set_nice(&threads[1], nice + 1);
        wrong += threads[0].weight * 100 < threads[1].weight * 119 || threads[0].weight * 100 > threads[1].weight * 131;
    }
    tap_is(wrong, 0, "each step of nice weighs 1.25 times as much as the next, to 5 %%");
    weight_set_nice(&threads[0], 0);
    tap_is(threads[0].weight, 1024, "nice 0 weighs 1024");
    tap_is(threads[0].inverse_weight, 1024, "... and its inverse is 1024, so that virtual time is CPU time");
}

/* A sleeper that comes back is owed a slice, and no more, however long it slept. */
static void test_sleeper(void)
{
    uint64_t before;

    queue_reset(1ull << 40);
    threads[1].virtual_time = rq->virtual_time;
    cpu.running = &threads[1];
    threads[0].virtual_time = 1;
    class_arrived(rq, &threads[0], &threads[1]);
    tap_is((long long)(rq->virtual_time - threads[0].virtual_time), CREDIT, "who slept long is owed one slice");
    before = threads[0].virtual_time = rq->virtual_time - CREDIT / 2;
    class_arrived(rq, &threads[0], &threads[1]);
    tap_is((long long)threads[0].virtual_time, (long long)before, "who slept a moment keeps what it is owed");
    before = threads[0].virtual_time = rq->virtual_time + 5 * BUCKET;
    class_arrived(rq, &threads[0], &threads[1]);
    tap_is((long long)threads[0].virtual_time, (long long)before, "who had more than its share keeps that, too");
}

static void test_preemption(void)
{
    queue_reset(1ull << 40);
    threads[0].virtual_time = rq->virtual_time - CREDIT;
    threads[1].virtual_time = rq->virtual_time;
    threads[1].run_start = counter_now;
    counter_now += lag_ticks - 1;
    tap_ok(!class_arrived(rq, &threads[0], &threads[1]), "a thread that wakes up does not preempt within the lag");
    counter_now++;
    tap_ok(class_arrived(rq, &threads[0], &threads[1]), "after the lag it does, when it is behind");
    threads[0].virtual_time = threads[1].virtual_time + lag_ticks;
    tap_ok(!class_arrived(rq, &threads[0], &threads[1]), "... not when it is ahead");
    threads[1].priority = 1;
    threads[0].virtual_time = rq->virtual_time - CREDIT;
    tap_ok(!class_arrived(rq, &threads[0], &threads[1]), "... and never a real-time thread");
}

static void test_yield(void)
{
    queue_reset(1ull << 40);
    threads[0].virtual_time = rq->virtual_time - 1000;
    forget_arrears(&threads[0]);
    tap_is((long long)(threads[0].virtual_time - rq->virtual_time), 0, "who yields forgets what it is owed");
}

/* A lone thread takes the class's time along; one that joins it later has nothing to catch up on. */
static void test_lone(void)
{
    queue_reset(1ull << 40);
    threads[0].virtual_time = rq->virtual_time;
    queue_add(&threads[0], false);
    tap_ok(rq->lone == &threads[0] && rq->sharing.present == 0, "one that is ready alone stands outside the calendar");
    run_slices(100, false);
    tap_is((long long)(threads[0].virtual_time - rq->virtual_time), 0, "the class's time goes with it");
    threads[1].virtual_time = rq->virtual_time;
    queue_add(&threads[1], false);
    tap_ok(rq->lone == NULL && rq->sharing.present != 0, "with a second one both stand in the calendar");
    tap_is(rq->ready, 2, "two are ready");
    queue_remove(&cpu, &threads[0]);
    queue_remove(&cpu, &threads[1]);
    tap_ok(rq->ready == 0 && rq->sharing.present == 0 && queue_pick(&cpu) == &idle,
           "with none ready it is the idle thread's turn");
}

/* Real-time threads: by priority, in order of arrival, those that keep their turn first; before all others. */
static void test_realtime(void)
{
    unsigned wrong = 0, unknown = 0;

    queue_reset(1ull << 32);
    first_place = last_place = 0;
    for (unsigned i = 0; i < THREADS; i++)
        threads[i].priority = (int)below(SCHED_PRIORITY_MAX + 1);
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = (unsigned)below(THREADS), best = THREADS;
        bool first = below(4) == 0;

        unknown += realtime_waiting != (rq->realtime.present != 0);
        if (!model[i].queued && threads[i].priority > 0) {
            model[i].queued = true;
            model[i].place = first ? --first_place : ++last_place;
            queue_add(&threads[i], first);
            continue;
        }
        for (unsigned n = 0; n < THREADS; n++)
            if (model[n].queued &&
                (best == THREADS || threads[n].priority > threads[best].priority ||
                 (threads[n].priority == threads[best].priority && model[n].place < model[best].place)))
                best = n;
        wrong += queue_pick(&cpu) != (best < THREADS ? &threads[best] : &idle);
        if (best < THREADS)
            model[best].queued = false;
    }
    tap_is(wrong, 0, "real-time threads come by priority, then in order, in %d random steps", STEPS);
    tap_is(unknown, 0, "whether any waits is known");
    queue_reset(1ull << 32);
    threads[0].priority = 1;
    threads[1].virtual_time = rq->virtual_time - CREDIT;
    queue_add(&threads[1], false);
    queue_add(&threads[0], false);
    tap_ok(queue_pick(&cpu) == &threads[0] && queue_pick(&cpu) == &threads[1],
           "the lowest of them comes before all others");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : (unsigned)time(NULL);

    printf("# seed %u\n", seed);
    srandom(seed);
    lag_ticks = (uint32_t)ticks_from_ns(SCHED_LAG);
    test_order("from the start", 1ull << 32);
    test_order("where the buckets' numbers wrap round", (1ull << (32 + BUCKET_SHIFT)) - 500 * BUCKET);
    test_order("where virtual time wraps round", 0 - 500 * BUCKET - 12345);
    test_weights();
    test_shares(2, 0, 0, true);
    test_shares(2, 0, 5, true);
    test_shares(3, 0, 0, false);
    test_shares(8, -4, 1, false);
    test_shares(20, -10, 1, false);
    test_shares(THREADS, 0, 0, true);
    test_sleeper();
    test_preemption();
    test_yield();
    test_lone();
    test_realtime();
    return tap_end();
}
