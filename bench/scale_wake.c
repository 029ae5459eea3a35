/*
 * scale_wake.c - rows of many that wait for the same thing, of whom one is woken and answers.
 */
#include <semaphore.h>

#include "bench.h"
#include "scale.h"

struct desk {
    sem_t question, answer;
};

static void answer_for_ever(int self, void *argument)
{
    struct desk *desk = argument;

    (void)self;
    for (;;) {
        sem_wait(&desk->question);
        sem_post(&desk->answer);
    }
}

static void ask(struct desk *desk)
{
    sem_post(&desk->question);
    sem_wait(&desk->answer);
}

/* Who has answered goes to the end of the line: when all have had a turn, all wait but one. */
void scale_wake_semaphore(long n, long waiters)
{
    struct desk *desk = bench_shared(sizeof(*desk));

    if (sem_init(&desk->question, 1, 0) != 0 || sem_init(&desk->answer, 1, 0) != 0)
        bench_fail("sem_init");
    crowd_start(waiters, answer_for_ever, desk);
    bench_measure(n, "ns/rtt", ask(desk));
    crowd_end();
}

static int question[2], answer[2];

static void echo_for_ever(int self, void *unused)
{
    (void)self;
    (void)unused;
    for (;;) {
        bench_get(question[0]);
        bench_put(answer[1]);
    }
}

void scale_wake_pipe(long n, long waiters)
{
    bench_pipe(question);
    bench_pipe(answer);
    crowd_start(waiters, echo_for_ever, NULL);
    bench_measure(n, "ns/rtt", bench_put(question[1]); bench_get(answer[0]));
    crowd_end();
}
