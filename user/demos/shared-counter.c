/*
 * shared-counter.c - a counter in shared memory, first without a semaphore and then with one.
 *
 * Four processes add to it. `counter = counter + 1` is three steps, a load, an addition and a store; who is interrupted
 * between them stores what is out of date. A semaphore of 1 makes one step of the three.
 */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { processes = 4, rounds = 5000 };

struct shared {
    sem_t guard;
    volatile int counter;
};

static struct shared *make_shared(void)
{
    struct shared *memory;
    int fd = shm_open("/demo-counter", O_RDWR | O_CREAT | O_EXCL, 0600);

    if (fd == -1 || ftruncate(fd, sizeof *memory) == -1)
        return NULL;
    shm_unlink("/demo-counter"); /* the memory stays as long as somebody has it mapped */
    memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return memory == MAP_FAILED ? NULL : memory;
}

static void count(struct shared *shared, int guarded)
{
    for (int i = 0; i < rounds; i++) {
        int seen;

        if (guarded)
            sem_wait(&shared->guard);
        seen = shared->counter;
        if (i % 100 == 0)
            usleep(1); /* an interruption at the worst moment */
        shared->counter = seen + 1;
        if (guarded)
            sem_post(&shared->guard);
    }
}

static void run(struct shared *shared, int guarded)
{
    shared->counter = 0;
    for (int i = 0; i < processes; i++)
        if (fork() == 0) {
            count(shared, guarded);
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    printf("%s: %d times added one, and the counter says %d%s\n", guarded ? "with a semaphore" : "without",
           processes * rounds, shared->counter, shared->counter == processes * rounds ? "" : " - some were lost");
    fflush(stdout);
}

int main(void)
{
    struct shared *shared = make_shared();

    if (shared == NULL || sem_init(&shared->guard, 1, 1) == -1) {
        perror("shared-counter");
        return 1;
    }
    printf("%d processes add one to a word of shared memory, %d times each.\n", processes, rounds);
    fflush(stdout);
    run(shared, 0);
    run(shared, 1);
    return 0;
}
