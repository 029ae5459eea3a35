/*
 * speed-up.c - how much faster several CPUs are than one: prime numbers are counted by 1, 2 ... workers, threads of one
 * process first, then processes.
 *
 *      /demos/speed-up [WORKERS]            as many as there are CPUs, if it does not say
 *
 * The numbers are dealt out in small blocks: who is done with one takes the next.  The counter of blocks and the sum
 * are all that the workers share.  The time is the host's, so that QEMU must run each CPU in a thread of its own, and
 * the host must have as many to spare (docs/scheduler.md):
 *
 *      tools/parley-run --smp 2 /demos/speed-up
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { numbers = 400000, block = 1000, workers_max = 64, tries = 20 };

static struct {
    int next, primes;
} * shared; /* by processes, too */

static int is_prime(int n)
{
    if (n < 2)
        return 0;
    for (int divisor = 2; divisor * divisor <= n; divisor++)
        if (n % divisor == 0)
            return 0;
    return 1;
}

static void *count_primes(void *unused)
{
    int first, primes = 0;

    while ((first = __atomic_fetch_add(&shared->next, block, __ATOMIC_RELAXED)) < numbers)
        for (int n = first; n < first + block; n++)
            primes += is_prime(n);
    __atomic_fetch_add(&shared->primes, primes, __ATOMIC_RELAXED);
    return unused;
}

static void by_threads(int workers)
{
    pthread_t threads[workers_max];

    for (int i = 0; i < workers; i++)
        pthread_create(&threads[i], NULL, count_primes, NULL);
    for (int i = 0; i < workers; i++)
        pthread_join(threads[i], NULL);
}

static void by_processes(int workers)
{
    for (int i = 0; i < workers; i++) {
        if (fork() == 0) {
            count_primes(NULL);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        continue;
}

static double seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

/* The shortest time of many short tries: what else the host has to do only makes it longer. */
static double measure(void (*run)(int workers), int workers)
{
    double best = 1e9;

    for (int i = 0; i < tries; i++) {
        double start = seconds(), took;

        shared->next = shared->primes = 0;
        run(workers);
        took = seconds() - start;
        best = took < best ? took : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    int most = argc > 1 ? atoi(argv[1]) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    double thread_alone = 0, process_alone = 0;

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || most < 1 || most > workers_max) {
        fprintf(stderr, "usage: speed-up [WORKERS]\n");
        return 2;
    }
    printf("workers         threads             processes\n");
    for (int workers = 1; workers <= most; workers++) {
        double threads = measure(by_threads, workers), processes = measure(by_processes, workers);

        thread_alone = workers == 1 ? threads : thread_alone;
        process_alone = workers == 1 ? processes : process_alone;
        printf("%7d   %7.3f s %5.2f times   %7.3f s %5.2f times\n", workers, threads, thread_alone / threads, processes,
               process_alone / processes);
        fflush(stdout);
    }
    printf("%d primes below %d\n", shared->primes, numbers);
    return 0;
}
