/*
 * semaphore-cost.c - what semaphores cost: taken and given back by one process alone, and handed to and fro by two.
 *
 * With --icount an instruction takes one nanosecond, so that the figures are instructions:
 *
 *      tools/parley-run --smp 1 --icount /demos/semaphore-cost
 */
#include <semaphore.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { rounds = 2000 };

static sem_t *posix; /* two of them */
static int set;      /* of two */

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void posix_wait(int i)
{
    sem_wait(&posix[i]);
}

static void posix_post(int i)
{
    sem_post(&posix[i]);
}

static void change(int i, int by)
{
    struct sembuf operation = {(unsigned short)i, (short)by, 0};

    semop(set, &operation, 1);
}

static void system_v_wait(int i)
{
    change(i, -1);
}

static void system_v_post(int i)
{
    change(i, 1);
}

static void measure(const char *name, void (*wait_for)(int), void (*post)(int))
{
    long long start;

    post(0);
    start = now();
    for (int i = 0; i < rounds; i++) {
        wait_for(0);
        post(0);
    }
    printf("%-10s nobody else: wait and post, %5lld ns", name, (now() - start) / rounds);
    wait_for(0);
    fflush(stdout);
    if (fork() == 0) {
        for (int i = 0; i < rounds; i++) {
            wait_for(0);
            post(1);
        }
        _exit(0);
    }
    start = now();
    for (int i = 0; i < rounds; i++) {
        post(0);
        wait_for(1);
    }
    printf("   two processes: there and back, %5lld ns\n", (now() - start) / rounds);
    wait(NULL);
}

int main(void)
{
    posix = mmap(NULL, 2 * sizeof *posix, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    set = semget(IPC_PRIVATE, 2, 0600);
    if (posix == MAP_FAILED || set == -1) {
        perror("semaphore-cost");
        return 1;
    }
    sem_init(&posix[0], 1, 0);
    sem_init(&posix[1], 1, 0);
    measure("POSIX", posix_wait, posix_post);
    measure("System V", system_v_wait, system_v_post);
    semctl(set, 0, IPC_RMID);
    return 0;
}
