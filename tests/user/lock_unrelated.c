/*
 * lock_unrelated.c - the kernel's locks under unrelated work: the same load in one process, then in two, each on a CPU
 * of its own; how often each class of spinlocks was taken for one operation, and how often a CPU waited for it.
 *
 * A message through a pipe or a queue, a semaphore's operation, a signal to oneself: none takes a lock that there is
 * only one of.  What other loads take is told, not judged (docs/locking.md has the table).  Counts need a debug kernel.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

#include "lock_use.h"
#include "tap.h"

enum { most_classes = 80, warm_up = 20 };

/* What a worker has. */
static int worker, there[2], back[2], semaphores;
static mqd_t queue;
static pid_t partner;
static char byte, path[32];

static int answer_bytes(void *unused)
{
    (void)unused;
    close(there[1]);
    while (read(there[0], &byte, 1) == 1)
        write(back[1], &byte, 1);
    return 0;
}

static void pipe_prepare(void)
{
    pipe(there);
    pipe(back);
    partner = tap_start(answer_bytes, NULL);
}

static void pipe_once(void)
{
    write(there[1], &byte, 1);
    read(back[0], &byte, 1);
}

static void pipe_finish(void)
{
    close(there[1]);
    tap_wait(partner);
}

static void queue_prepare(void)
{
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 64};

    snprintf(path, sizeof path, "/unrelated.%d", worker);
    queue = mq_open(path, O_RDWR | O_CREAT, 0600, &attributes);
    mq_unlink(path);
}

static void queue_once(void)
{
    char message[64] = "unrelated";

    mq_send(queue, message, sizeof message, 0);
    mq_receive(queue, message, sizeof message, NULL);
}

static void semaphore_prepare(void)
{
    semaphores = semget(IPC_PRIVATE, 1, 0600);
}

static void semaphore_once(void)
{
    struct sembuf up = {0, 1, 0}, down = {0, -1, 0};

    semop(semaphores, &up, 1);
    semop(semaphores, &down, 1);
}

static void semaphore_finish(void)
{
    semctl(semaphores, 0, IPC_RMID);
}

static void heed(int number)
{
    (void)number;
}

static void signal_prepare(void)
{
    signal(SIGUSR1, heed);
}

static void signal_once(void)
{
    raise(SIGUSR1);
}

static void page_once(void)
{
    char *pages = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    for (int i = 0; i < 16; i++)
        pages[i * 4096] = 1;
    munmap(pages, 16 * 4096);
}

static int nothing(void *unused)
{
    (void)unused;
    return 0;
}

static void fork_once(void)
{
    tap_child(nothing, NULL);
}

static void spawn_once(void)
{
    char *arguments[] = {"true", NULL};
    pid_t pid;

    if (posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, NULL) == 0)
        tap_wait(pid);
}

static void file_prepare(void)
{
    snprintf(path, sizeof path, "/tmp/unrelated.%d", worker);
    mkdir(path, 0700);
    chdir(path);
}

static void file_once(void)
{
    int fd = open("file", O_RDWR | O_CREAT, 0600);

    write(fd, path, sizeof path);
    close(fd);
    unlink("file");
}

static void file_finish(void)
{
    chdir("/");
    rmdir(path);
}

static const struct load {
    const char *name;
    int count;
    bool judged;
    void (*prepare)(void), (*once)(void), (*finish)(void);
} loads[] = {
    {"pipe: a byte there and back", 1000, true, pipe_prepare, pipe_once, pipe_finish},
    {"message queue: sent and received", 1000, true, queue_prepare, queue_once, NULL},
    {"System V semaphore: up and down", 1000, true, semaphore_prepare, semaphore_once, semaphore_finish},
    {"signal to oneself, with a handler", 1000, true, signal_prepare, signal_once, NULL},
    {"16 pages mapped, touched, unmapped", 200, false, NULL, page_once, NULL},
    {"fork, exit, wait", 100, false, NULL, fork_once, NULL},
    {"posix_spawn of true, wait", 50, false, NULL, spawn_once, NULL},
    {"file made, written, removed", 300, false, file_prepare, file_once, file_finish},
};

/* Locks that there is one of in the whole kernel. */
static const char *const single[] = {"processes", "mutexes", "pages",       "caches", "accounts", "stacks",
                                     "asid",      "clock",   "inode names", "pipes",  "log",      "random",
                                     "msg ids",   "sem ids", "shm ids",     NULL};

/* Pipes between the workers and the one that counts.  There is one to begin and one to end: a worker that is quick must
 * not take another's word. */
static int begin[2], end[2], done[2];

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void repeat(const struct load *load, int count)
{
    for (int i = 0; i < count; i++)
        load->once();
}

/* Say how long it took, and go on when told. */
static void meet(int64_t ns, const int *go)
{
    write(done[1], &ns, sizeof ns);
    read(go[0], &byte, 1);
}

static int work(void *context)
{
    const struct load *load = context;
    int64_t start;

    tap_bind(1u << worker % sysconf(_SC_NPROCESSORS_ONLN));
    if (load->prepare)
        load->prepare();
    repeat(load, warm_up);
    meet(0, begin);
    start = now();
    repeat(load, load->count);
    meet(now() - start, end);
    if (load->finish)
        load->finish();
    return 0;
}

/* The longest of the workers' times, when all have come. */
static int64_t await(int workers)
{
    int64_t longest = 0, ns = 0;

    while (workers-- > 0) {
        read(done[0], &ns, sizeof ns);
        longest = ns > longest ? ns : longest;
    }
    return longest;
}

/* Run a load in so many processes; the locks' uses before and after.  The nanoseconds of one operation. */
static long measure(const struct load *load, int workers, struct lock_use *before, struct lock_use *after)
{
    pid_t pids[2];
    int64_t ns;

    pipe(begin);
    pipe(end);
    pipe(done);
    for (worker = 0; worker < workers; worker++)
        pids[worker] = tap_start(work, (void *)load);
    await(workers);
    lock_use_all(before, most_classes);
    write(begin[1], "go", workers);
    ns = await(workers);
    lock_use_all(after, most_classes);
    write(end[1], "go", workers);
    for (int i = 0; i < workers; i++)
        tap_wait(pids[i]);
    for (int i = 0; i < 2; i++) {
        close(begin[i]);
        close(end[i]);
        close(done[i]);
    }
    return (long)(ns / load->count);
}

static bool is_single(const char *name)
{
    for (int i = 0; single[i] != NULL; i++)
        if (strcmp(single[i], name) == 0)
            return true;
    return false;
}

/* How a class was used before; a class may be new. */
static const struct lock_use *use_before(const struct lock_use *before, const char *name)
{
    static const struct lock_use unused;

    for (int i = 0; i < most_classes && before[i].rank != 0; i++)
        if (strcmp(before[i].name, name) == 0)
            return &before[i];
    return &unused;
}

/* What was taken in between, a line for each class that is taken for more than one operation of 50.  The number of
 * single locks that were taken for more than one of ten. */
static int tell(const struct load *load, const struct lock_use *before, const struct lock_use *after)
{
    int often = 0;

    for (int i = 0; i < most_classes && after[i].rank != 0; i++) {
        const struct lock_use *was = use_before(before, after[i].name);
        unsigned long taken = after[i].taken - was->taken, waited = after[i].waited - was->waited;
        unsigned long percent = taken * 100 / (2 * load->count);

        if (percent > 2 || waited > 0)
            tap_note("  %-20s %3lu.%02lu taken for each, waited for %lu times%s", after[i].name, percent / 100,
                     percent % 100, waited, is_single(after[i].name) ? " (one in the kernel)" : "");
        often += percent >= 10 && is_single(after[i].name);
    }
    return often;
}

static void test_load(const struct load *load)
{
    static struct lock_use before[most_classes], after[most_classes];
    long alone = measure(load, 1, before, after), two = measure(load, 2, before, after);
    int often;

    tap_note("%s: %ld ns; %ld ns for each of two at a time", load->name, alone, two);
    often = tell(load, before, after);
    if (load->judged)
        tap_is(often, 0, "%s: no lock that the kernel has one of", load->name);
}

int main(void)
{
    tap_begin();
    if (!lock_use_counted())
        tap_skip("this kernel is no debug kernel");
    else
        for (unsigned i = 0; i < sizeof loads / sizeof loads[0]; i++)
            test_load(&loads[i]);
    return tap_end();
}
