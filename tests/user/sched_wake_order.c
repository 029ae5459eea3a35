/*
 * sched_wake_order.c - who is woken first: in the order of arrival by the usual scheduler, and in any order with a seed
 * where POSIX leaves it open.
 *
 * For each way of waiting three processes begin to wait, each when the one before sleeps, and are let go one by one.
 * Each writes its letter as it comes out.  The seeds are tried until one changes the order.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <unistd.h>

#include "ask.h"
#include "sysv_objects.h"
#include "tap.h"

#define SEED_FILE "/proc/sys/kernel/sched_seed"

enum { waiters = 3, seeds = 40 };

static struct shared {
    volatile char order[waiters + 1];
    volatile int next;
    sem_t came, gate;
    pthread_mutex_t mutex;
    pthread_cond_t condition;
} * shared;

static int ends[2], message_queue;
static mqd_t queue;

static void come_out(char letter)
{
    shared->order[shared->next++] = letter;
    sem_post(&shared->came);
}

static bool sem_pass(void)
{
    return sem_wait(&shared->gate) == 0;
}

static void sem_let_go(void)
{
    sem_post(&shared->gate);
}

static bool condition_pass(void)
{
    pthread_mutex_lock(&shared->mutex);
    pthread_cond_wait(&shared->condition, &shared->mutex);
    return pthread_mutex_unlock(&shared->mutex) == 0;
}

static void condition_let_go(void)
{
    pthread_cond_signal(&shared->condition);
}

static bool pipe_pass(void)
{
    char byte;

    return read(ends[0], &byte, 1) == 1;
}

static void pipe_let_go(void)
{
    tap_works(write(ends[1], "x", 1), "a byte");
}

static bool semop_pass(void)
{
    return set_operate(0, -1, 0) == 0;
}

static void semop_let_go(void)
{
    set_operate(0, 1, 0);
}

static bool msgrcv_pass(void)
{
    struct {
        long type;
    } message;

    return msgrcv(message_queue, &message, 0, 0, 0) == 0;
}

static void msgrcv_let_go(void)
{
    struct {
        long type;
    } message = {1};

    tap_works(msgsnd(message_queue, &message, 0, 0), "a message");
}

static bool mq_pass(void)
{
    char byte;

    return mq_receive(queue, &byte, 1, NULL) == 1;
}

static void mq_let_go(void)
{
    tap_works(mq_send(queue, "x", 1, 0), "a message");
}

static const struct way {
    const char *name;
    bool (*pass)(void);
    void (*let_go)(void);
    int priority; /* of all three; 0: time-sharing */
    bool in_turn; /* POSIX prescribes the order of arrival */
} ways[] = {
    {"sem_wait", sem_pass, sem_let_go, 0, false},
    {"pthread_cond_wait", condition_pass, condition_let_go, 0, false},
    {"read() of a pipe", pipe_pass, pipe_let_go, 0, false},
    {"semop", semop_pass, semop_let_go, 0, false},
    {"msgrcv", msgrcv_pass, msgrcv_let_go, 0, false},
    {"mq_receive", mq_pass, mq_let_go, 0, true},
    {"sem_wait with a real-time priority", sem_pass, sem_let_go, 5, true},
    {"read() with a real-time priority", pipe_pass, pipe_let_go, 5, true},
    {"semop with a real-time priority", semop_pass, semop_let_go, 5, true},
};

struct waiter {
    const struct way *way;
    char letter;
};

static int passes(void *context)
{
    const struct waiter *waiter = context;
    struct sched_param parameters = {.sched_priority = waiter->way->priority};

    if (parameters.sched_priority > 0 && sched_setscheduler(0, SCHED_FIFO, &parameters) != 0)
        return 1;
    if (!waiter->way->pass())
        return 2;
    come_out(waiter->letter);
    return 0;
}

/* One after the other waits, then one after the other is let go.  Is the order that of arrival? */
static bool first_come_first_served(const struct way *way, long seed)
{
    struct waiter waiter[waiters];
    pid_t pids[waiters];
    int failed = 0;

    shared->next = 0;
    limit_change(SEED_FILE, seed);
    for (int i = 0; i < waiters; i++) {
        waiter[i] = (struct waiter){way, (char)('a' + i)};
        pids[i] = tap_start_asleep(passes, &waiter[i]);
    }
    for (int i = 0; i < waiters; i++) {
        way->let_go();
        sem_wait(&shared->came);
    }
    limit_change(SEED_FILE, 0);
    for (int i = 0; i < waiters; i++)
        failed += tap_wait(pids[i]) != 0;
    tap_is(failed, 0, "%s, seed %ld: all three come out: %s", way->name, seed, (const char *)shared->order);
    return strcmp((const char *)shared->order, "abc") == 0;
}

static void test_way(const struct way *way)
{
    long tried = way->in_turn ? seeds / 4 : seeds, seed = 1;

    tap_ok(first_come_first_served(way, 0), "%s: without a seed in the order of arrival", way->name);
    while (seed <= tried && first_come_first_served(way, seed))
        seed++;
    tap_is(seed > tried, way->in_turn, "%s: a seed %s the order", way->name, way->in_turn ? "keeps" : "changes");
}

static void make_what_is_shared(void)
{
    struct mq_attr shape = {.mq_maxmsg = 4, .mq_msgsize = 1};
    pthread_mutexattr_t mutex;
    pthread_condattr_t condition;

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        tap_give_up("mmap");
    sem_init(&shared->came, 1, 0);
    sem_init(&shared->gate, 1, 0);
    pthread_mutexattr_init(&mutex);
    pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->mutex, &mutex);
    pthread_condattr_init(&condition);
    pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&shared->condition, &condition);
    tap_works(pipe(ends), "pipe");
    set_make(1);
    message_queue = msgget(IPC_PRIVATE, 0600);
    queue = mq_open("/wake-order", O_RDWR | O_CREAT, 0600, &shape);
    tap_ok(message_queue >= 0 && queue != (mqd_t)-1, "queues of both kinds");
    mq_unlink("/wake-order");
}

int main(void)
{
    long seed;

    tap_begin();
    make_what_is_shared();
    seed = limit_change(SEED_FILE, 0);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        test_way(&ways[i]);
    limit_change(SEED_FILE, seed);
    msgctl(message_queue, IPC_RMID, NULL);
    set_drop();
    return tap_end();
}
