/*
 * shared.c - rows of shared memory: a word that is handed over by yields, and semaphores.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

/* Each hand-over needs a switch, however many yields that takes. */
static void take_turns(atomic_int *turn, int self, long n)
{
    bench_repeat (n) {
        while (atomic_load(turn) != self)
            sched_yield();
        atomic_store(turn, !self);
    }
}

void bench_yield_rtt(long n, long unused)
{
    atomic_int *turn = bench_shared(sizeof(*turn));
    uint64_t start;

    (void)unused;
    if (bench_fork() == 0) {
        take_turns(turn, 1, bench_warm_up(n) + n);
        _exit(0);
    }
    take_turns(turn, 0, bench_warm_up(n));
    start = bench_now();
    take_turns(turn, 0, n);
    bench_report("", bench_now() - start, (uint64_t)n, "ns/rtt");
    bench_join();
}

void bench_sem_pair(long n, long unused)
{
    sem_t semaphore;

    (void)unused;
    if (sem_init(&semaphore, 0, 1) != 0)
        bench_fail("sem_init");
    bench_measure(n, "ns/pair", sem_wait(&semaphore); sem_post(&semaphore));
    sem_destroy(&semaphore);
}

struct mailbox {
    sem_t ping, pong;
    volatile unsigned word; /* the message */
};

/* A semaphore between processes: in shared memory or, on a system without such, one with a name. */
static sem_t *make_semaphore(sem_t *place, const char *name)
{
    sem_t *semaphore;

    if (sem_init(place, 1, 0) == 0)
        return place;
    sem_unlink(name);
    semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
    if (semaphore == SEM_FAILED)
        bench_fail("sem_open");
    sem_unlink(name);
    return semaphore;
}

static void take(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        if (errno != EINTR)
            bench_fail("sem_wait");
}

static void send_word(struct mailbox *box, sem_t *to)
{
    box->word++;
    sem_post(to);
}

void bench_shm_sem_rtt(long n, long unused)
{
    struct mailbox *box = bench_shared(sizeof(*box));
    sem_t *ping = make_semaphore(&box->ping, "/ipcbench.ping"), *pong = make_semaphore(&box->pong, "/ipcbench.pong");

    (void)unused;
    if (bench_fork() == 0) {
        bench_repeat (bench_warm_up(n) + n) {
            take(ping);
            send_word(box, pong);
        }
        _exit(0);
    }
    bench_measure(n, "ns/rtt", send_word(box, ping); take(pong));
    bench_join();
}
