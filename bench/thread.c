/*
 * thread.c - rows of threads: one made and joined, a mutex that nobody else wants, and turns by a condition.
 */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

static pthread_t make_thread(void *(*function)(void *), void *argument)
{
    pthread_t thread;

    errno = pthread_create(&thread, NULL, function, argument);
    if (errno != 0)
        bench_fail("pthread_create");
    return thread;
}

static void *end_at_once(void *argument)
{
    return argument;
}

void bench_thread_join(long n, long unused)
{
    (void)unused;
    bench_measure(n, "ns/op", pthread_join(make_thread(end_at_once, NULL), NULL));
}

static void *sleep_in_read(void *argument)
{
    bench_get(*(int *)argument);
    return NULL;
}

/* There is a second thread, though it sleeps: a C library may take short cuts in a process that has one alone. */
void bench_mutex_pair(long n, long unused)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    int ends[2];

    (void)unused;
    bench_pipe(ends);
    thread = make_thread(sleep_in_read, &ends[0]);
    bench_measure(n, "ns/pair", pthread_mutex_lock(&mutex); pthread_mutex_unlock(&mutex));
    bench_put(ends[1]);
    pthread_join(thread, NULL);
}

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t is_turn[2];
    int turn;
} game = {PTHREAD_MUTEX_INITIALIZER, {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER}, 0};

static void play(int self, long n)
{
    bench_repeat (n) {
        pthread_mutex_lock(&game.mutex);
        while (game.turn != self)
            pthread_cond_wait(&game.is_turn[self], &game.mutex);
        game.turn = !self;
        pthread_cond_signal(&game.is_turn[!self]);
        pthread_mutex_unlock(&game.mutex);
    }
}

static void *play_second(void *rounds)
{
    play(1, *(long *)rounds);
    return NULL;
}

void bench_cond_rtt(long n, long unused)
{
    long rounds = bench_warm_up(n) + n;
    pthread_t thread = make_thread(play_second, &rounds);
    uint64_t start;

    (void)unused;
    play(0, bench_warm_up(n));
    start = bench_now();
    play(0, n);
    bench_report("", bench_now() - start, (uint64_t)n, "ns/rtt");
    pthread_join(thread, NULL);
}
