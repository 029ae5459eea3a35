/*
 * shared-memory-cost.c - what shared memory costs: having it, touching a page for the first time, touching it again,
 * and a hand-over to another process and back.
 *
 * With --icount an instruction takes one nanosecond, so that the figures are instructions:
 *
 *      tools/parley-run --smp 1 --icount /demos/shared-memory-cost
 */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { rounds = 200, page = 4096, size = rounds * page };

__attribute__((noreturn)) static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void report(const char *what, long long start)
{
    printf("%-56s %6lld ns\n", what, (now() - start) / rounds);
    fflush(stdout);
}

static void *map(int fd)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (memory == MAP_FAILED)
        fail("mmap");
    return memory;
}

static void touch(volatile char *memory)
{
    for (int i = 0; i < size; i += page)
        memory[i] = 1;
}

/* One that is made by mmap() and its like alone, and ends with its mapping. */
static void measure_anonymous(void)
{
    long long start = now();

    for (int i = 0; i < rounds; i++)
        munmap(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), size);
    report("mmap() without a name and munmap(), nothing touched", start);
}

static void measure_named(void)
{
    int fd = shm_open("/shared-memory-cost", O_RDWR | O_CREAT, 0600);
    long long start;
    void *memory;

    if (fd < 0 || ftruncate(fd, size) < 0)
        fail("shm_open");
    shm_unlink("/shared-memory-cost");
    start = now();
    for (int i = 0; i < rounds; i++)
        munmap(map(fd), size);
    report("mmap() of shm_open()'s and munmap(), nothing touched", start);
    memory = map(fd);
    start = now();
    touch(memory);
    report("first touch of a page: it comes into being", start);
    start = now();
    touch(memory);
    report("any later touch", start);
    munmap(memory, size);
    memory = map(fd);
    start = now();
    touch(memory);
    report("first touch by another who maps it: it is found", start);
    start = now();
    munmap(memory, size);
    report("munmap() of all, for each touched page", start);
    close(fd);
}

static void measure_system_v(void)
{
    int id = shmget(IPC_PRIVATE, size, 0600);
    long long start = now();

    if (id < 0)
        fail("shmget");
    for (int i = 0; i < rounds; i++)
        shmdt(shmat(id, NULL, 0));
    report("shmat() and shmdt(), nothing touched", start);
    shmctl(id, IPC_RMID, NULL);
}

static void measure_hand_over(void)
{
    sem_t *turns = mmap(NULL, 2 * sizeof *turns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long long start = 0;

    if (turns == MAP_FAILED)
        fail("mmap");
    sem_init(&turns[0], 1, 0);
    sem_init(&turns[1], 1, 0);
    if (fork() == 0) {
        for (int i = 0; i <= rounds; i++) {
            sem_wait(&turns[0]);
            sem_post(&turns[1]);
        }
        _exit(0);
    }
    for (int i = 0; i <= rounds; i++) {
        if (i == 1)
            start = now(); /* the child has started */
        sem_post(&turns[0]);
        sem_wait(&turns[1]);
    }
    report("a hand-over by semaphores, there and back", start);
    wait(NULL);
}

int main(void)
{
    measure_anonymous();
    measure_named();
    measure_system_v();
    measure_hand_over();
    return 0;
}
