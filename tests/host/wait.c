/*
 * wait.c - waiting and waking (kernel/core/wait.c): the order of the queues and who is woken, against a plain list,
 * with threads that stand on several queues at once; the order where schedules are by chance; and how one wait ends.
 *
 * Usage: wait [seed]
 */
#include "stand_in.h"
#include <time.h>

#include "../../kernel/core/wait.c"
#include "tap.h"

#define THREADS 40
#define QUEUES 5
#define STEPS 200000

static struct thread threads[THREADS];
static struct wait_queue queues[QUEUES];
static struct spinlock locks[QUEUES];
static struct wait_entry entries[THREADS][QUEUES];
static bool waits[THREADS];
static int place[THREADS][QUEUES]; /* the order of arrival; 0: it does not stand there */
static int last_place;

static struct thread *made_ready;
static void (*while_asleep)(void);
static bool signal_comes;
bool exploring;
static struct timer *armed;

void sched_wake(struct thread *t)
{
    made_ready = t;
}

void sched_block(void)
{
    if (wait_is_armed(current->wait_state) && while_asleep != NULL)
        while_asleep();
    must(!wait_is_armed(current->wait_state), "who sleeps is woken");
}

bool wait_interrupted(const struct thread *thread, unsigned flags)
{
    return signal_comes && (flags & WAIT_INTERRUPTIBLE);
}

void timer_init(struct timer *timer, timer_function *function)
{
    timer->function = function;
}

void timer_set(struct timer *timer, uint64_t deadline)
{
    timer->deadline = deadline;
    armed = timer;
}

bool timer_cancel(struct timer *timer)
{
    bool was = armed == timer;

    armed = NULL;
    return was;
}

static unsigned below(unsigned n)
{
    return (unsigned)random() % n;
}

bool explore_pass(void)
{
    return below(2) == 0;
}

/* The thread that a wake should wake: of those that still wait the highest in priority, and the first to come. */
static unsigned model_first(unsigned queue)
{
    unsigned first = THREADS;

    for (unsigned t = 0; t < THREADS; t++) {
        if (!waits[t] || place[t][queue] == 0)
            continue;
        if (first == THREADS || threads[t].priority > threads[first].priority ||
            (threads[t].priority == threads[first].priority && place[t][queue] < place[first][queue]))
            first = t;
    }
    return first;
}

/* A thread begins to wait on some of the queues. */
static void step_wait(unsigned t)
{
    current = &threads[t];
    current->priority = below(3) == 0 ? (int)below(5) : 0;
    wait_begin();
    waits[t] = true;
    for (unsigned q = 0; q < QUEUES; q++) {
        if (below(2) == 0)
            continue;
        entries[t][q] = (struct wait_entry){.thread = current};
        spin_lock(&locks[q]);
        wait_enqueue(&queues[q], &entries[t][q], &locks[q]);
        spin_unlock(&locks[q]);
        place[t][q] = ++last_place;
    }
}

/* A thread whose wait was decided goes on: it leaves all queues. */
static void step_go_on(unsigned t)
{
    for (unsigned q = 0; q < QUEUES; q++) {
        wait_remove(&entries[t][q]);
        place[t][q] = 0;
    }
    threads[t].wait_state = WAIT_NONE;
}

/* False: another thread than the model's is woken, or with another answer. */
static bool step_wake(unsigned queue, long answer)
{
    unsigned first = model_first(queue);
    bool woken;

    made_ready = NULL;
    spin_lock(&locks[queue]);
    woken = wake_one(&queues[queue], answer);
    spin_unlock(&locks[queue]);
    if (first == THREADS)
        return !woken && made_ready == NULL;
    waits[first] = false;
    return woken && made_ready == &threads[first] && made_ready->wait_answer == answer;
}

static bool step_wake_all(unsigned queue)
{
    unsigned count = 0, woken;

    for (unsigned t = 0; t < THREADS; t++) {
        count += waits[t] && place[t][queue] != 0;
        waits[t] &= place[t][queue] == 0;
    }
    spin_lock(&locks[queue]);
    woken = wake_all(&queues[queue], 0);
    spin_unlock(&locks[queue]);
    return woken == count;
}

static void test_random(void)
{
    unsigned wrong = 0, left = 0;

    for (unsigned q = 0; q < QUEUES; q++)
        wait_queue_init(&queues[q]);
    for (unsigned i = 0; i < STEPS; i++) {
        unsigned t = below(THREADS);

        if (threads[t].wait_state == WAIT_NONE) {
            step_wait(t);
        } else if (!waits[t]) {
            step_go_on(t);
        } else if (below(20) == 0) {
            wrong += !wait_cancel(&threads[t], -ERESTART, 0);
            waits[t] = false;
        } else {
            wrong += below(100) == 0 ? !step_wake_all(below(QUEUES)) : !step_wake(below(QUEUES), (long)i);
        }
    }
    tap_is(wrong, 0, "the thread that is woken is the one that a plain search finds, in %d random steps", STEPS);
    for (unsigned t = 0; t < THREADS; t++)
        step_go_on(t);
    for (unsigned q = 0; q < QUEUES; q++)
        left += !wait_queue_empty(&queues[q]);
    tap_is(left, 0, "when all have gone the queues are empty");
    tap_is(locks_held, 0, "... and no lock is held");
}

/* All threads come to queue 0 and are woken again; answers how many time-sharing ones another had passed, or -1 where a
 * real-time one was passed. */
static int count_passed(bool in_turn)
{
    int passed = 0;
    bool wrong = false;

    for (unsigned t = 0; t < THREADS; t++) {
        current = &threads[t];
        current->priority = below(3) == 0 ? (int)below(5) : 0;
        wait_begin();
        waits[t] = true;
        entries[t][0] = (struct wait_entry){.thread = current};
        enqueue(&queues[0], &entries[t][0], &locks[0], in_turn);
        place[t][0] = ++last_place;
    }
    for (unsigned i = 0; i < THREADS; i++) {
        unsigned first = model_first(0);

        wake_one(&queues[0], 0);
        wrong |= made_ready != &threads[first] && (made_ready->priority > 0 || threads[first].priority > 0);
        passed += made_ready != &threads[first];
        waits[made_ready - threads] = false;
    }
    for (unsigned t = 0; t < THREADS; t++)
        step_go_on(t);
    return wrong ? -1 : passed;
}

static void test_passing(void)
{
    int most = 0, wrong = 0, in_turn = 0;

    exploring = true;
    for (unsigned i = 0; i < 100; i++) {
        int passed = count_passed(false);

        wrong += passed < 0;
        most = passed > most ? passed : most;
        in_turn += count_passed(true) == 0;
    }
    exploring = false;
    tap_ok(most > 0, "where schedules are by chance time-sharing threads pass each other");
    tap_is(wrong, 0, "... but no real-time thread");
    tap_is(in_turn, 100, "... nor anybody who waits in turn");
}

static void wake_them(void)
{
    spin_lock(&locks[0]);
    wake_one(&queues[0], 42);
    spin_unlock(&locks[0]);
}

static void time_out(void)
{
    armed->function(armed);
}

static void interrupt_them(void)
{
    wait_cancel(current, -ERESTART, WAIT_INTERRUPTIBLE);
}

static void interrupt_then_wake(void)
{
    interrupt_them();
    wake_them();
}

/* One wait, during which `what` happens. */
static long sleep_while(void (*what)(void), uint64_t deadline, unsigned flags)
{
    long answer;

    while_asleep = what;
    current = &threads[0];
    spin_lock(&locks[0]);
    answer = wait_sleep(&queues[0], &locks[0], "a test", deadline, flags);
    spin_unlock(&locks[0]);
    return answer;
}

static void test_one_wait(void)
{
    tap_is(sleep_while(wake_them, DEADLINE_NEVER, 0), 42, "the waker's answer is the sleeper's result");
    tap_is(sleep_while(time_out, 1000, 0), -ETIMEDOUT, "past its deadline a wait ends: ETIMEDOUT");
    tap_is(sleep_while(wake_them, 1000, 0), 42, "before the deadline it is woken");
    tap_ok(armed == NULL, "... and its timer is taken back");
    tap_is(sleep_while(interrupt_then_wake, DEADLINE_NEVER, WAIT_INTERRUPTIBLE), -ERESTART,
           "a signal ends an interruptible wait, and a wake that comes later changes nothing");
    tap_ok(threads[0].work & WORK_SIGNAL, "... and the signal is still to be looked at");
    threads[0].work = 0;
    tap_is(sleep_while(interrupt_then_wake, DEADLINE_NEVER, WAIT_KILLABLE), 42, "... and a killable wait goes on");
    tap_is(sleep_while(interrupt_then_wake, DEADLINE_NEVER, 0), 42, "... as does one that nothing interrupts");
    tap_ok(wait_queue_empty(&queues[0]), "the queue is empty after each of them");
}

static void test_signal_before(void)
{
    threads[0].work = WORK_SIGNAL;
    signal_comes = true;
    tap_is(sleep_while(NULL, DEADLINE_NEVER, WAIT_INTERRUPTIBLE), -ERESTART,
           "a signal that came before ends it at once");
    tap_ok(threads[0].work & WORK_SIGNAL, "... and is still to be looked at");
    tap_is(sleep_while(wake_them, DEADLINE_NEVER, WAIT_KILLABLE), 42, "one that is not deadly leaves a killable wait");
    signal_comes = false;
    tap_is(sleep_while(wake_them, DEADLINE_NEVER, WAIT_INTERRUPTIBLE), 42,
           "work that is no signal for it ends nothing");
}

static int told;

static bool listen(struct wait_entry *entry, long answer)
{
    told += answer == 7;
    return told == 1; /* the second time it does not count */
}

static void test_function(void)
{
    struct wait_entry entry = {.function = listen};

    spin_lock(&locks[0]);
    entry.thread = &threads[1];
    wait_enqueue(&queues[0], &entry, &locks[0]);
    tap_ok(wake_one(&queues[0], 7) && told == 1, "an entry with a function: it is called with the answer");
    tap_ok(list_linked(&entry.link), "... and stays on the queue");
    tap_ok(!wake_one(&queues[0], 7) && told == 2, "... and may say that it does not count");
    spin_unlock(&locks[0]);
    wait_remove(&entry);
    tap_ok(wait_queue_empty(&queues[0]), "it is taken off as any other");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : (unsigned)time(NULL);

    printf("# seed %u\n", seed);
    srandom(seed);
    test_random();
    test_passing();
    test_one_wait();
    test_signal_before();
    test_function();
    return tap_end();
}
