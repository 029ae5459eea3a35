/*
 * worker-pool.c - a pool of workers around two message queues: jobs go in by priority, results come out.
 *
 *      parent --- jobs ---> worker 1 ... 3 --- results ---> parent
 *
 * Nobody shares memory, nobody locks: a message is one job, and whichever worker is free receives it.  A job that is
 * urgent overtakes those that are not: it is taken first, though not done first, for it is not a short one.  The last
 * message of each worker is "no more jobs".
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 3
#define JOBS 9
#define URGENT 9

struct job {
    unsigned number;
    unsigned limit; /* count the primes below; 0: no more jobs */
};

struct result {
    unsigned job, worker, primes;
};

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* A queue that its users inherit: it needs a name only for a moment. */
static mqd_t make_queue(const char *name, long size)
{
    struct mq_attr shape = {.mq_maxmsg = 10, .mq_msgsize = size};
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &shape);

    if (queue == -1)
        fail("mq_open");
    mq_unlink(name);
    return queue;
}

static unsigned primes_below(unsigned limit)
{
    unsigned count = 0, divisor;

    for (unsigned n = 2; n < limit; n++) {
        for (divisor = 2; divisor * divisor <= n && n % divisor != 0; divisor++)
            ;
        count += divisor * divisor > n;
    }
    return count;
}

static int work(unsigned worker, mqd_t jobs, mqd_t results)
{
    struct result result = {.worker = worker};
    struct job job;

    while (mq_receive(jobs, (char *)&job, sizeof job, NULL) == sizeof job && job.limit != 0) {
        printf("worker %u takes job %u\n", worker, job.number);
        fflush(stdout);
        result.job = job.number;
        result.primes = primes_below(job.limit);
        if (mq_send(results, (const char *)&result, sizeof result, 0) == -1)
            fail("mq_send");
    }
    return 0;
}

static void send_job(mqd_t jobs, unsigned number, unsigned limit, unsigned priority)
{
    struct job job = {number, limit};

    if (mq_send(jobs, (const char *)&job, sizeof job, priority) == -1)
        fail("mq_send");
}

int main(void)
{
    mqd_t jobs = make_queue("/worker-pool.jobs", sizeof(struct job));
    mqd_t results = make_queue("/worker-pool.results", sizeof(struct result));
    struct result result;

    printf("%d jobs wait in a queue, all but number 7 of priority 1; number 7 is urgent: priority %d\n", JOBS, URGENT);
    for (unsigned n = 1; n <= JOBS; n++)
        send_job(jobs, n, 20000 * n, n == 7 ? URGENT : 1);
    printf("%d workers start; each receives whenever it is free\n", WORKERS);
    fflush(stdout);
    for (unsigned worker = 1; worker <= WORKERS; worker++)
        if (fork() == 0)
            return work(worker, jobs, results);
    for (unsigned n = 1; n <= JOBS; n++) {
        if (mq_receive(results, (char *)&result, sizeof result, NULL) == -1)
            fail("mq_receive");
        printf("worker %u has done job %u: %u primes below %u\n", result.worker, result.job, result.primes,
               20000 * result.job);
        fflush(stdout);
    }
    for (unsigned worker = 1; worker <= WORKERS; worker++)
        send_job(jobs, 0, 0, 0);
    while (wait(NULL) > 0)
        ;
    printf("all workers have gone home\n");
    return 0;
}
