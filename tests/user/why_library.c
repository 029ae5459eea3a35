/*
 * why_library.c - what the utility why says of the C library's own locks, of waits with a time limit, and of those for
 * signals, times and children.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <reent.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scene.h"
#include "tap.h"

void __malloc_lock(struct _reent *reent); /* newlib's */

static pthread_mutex_t account = PTHREAD_MUTEX_INITIALIZER, ledger = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static FILE *stream;

/* Of these the other thread has something of the library's, and then wants the mutex that the first one has. */
static void *locks_stream(void *unused)
{
    flockfile(stream);
    scene_taken = true;
    pthread_mutex_lock(&account);
    return unused;
}

static int writes_to_file(void *unused)
{
    (void)unused;
    stream = fopen(SCENE_FILE, "w");
    pthread_mutex_lock(&account);
    scene_begin(locks_stream);
    return fputc('x', stream);
}

static int writes_to_stdout(void *unused)
{
    (void)unused;
    stream = stdout;
    pthread_mutex_lock(&account);
    scene_begin(locks_stream);
    return fputc('x', stdout);
}

static void *locks_heap(void *unused)
{
    __malloc_lock(_REENT);
    scene_taken = true;
    pthread_mutex_lock(&account);
    return unused;
}

static int allocates(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&account);
    scene_begin(locks_heap);
    return malloc(100) != NULL;
}

static void prepare(void)
{
    scene_taken = true;
    pthread_mutex_lock(&account);
}

static void *prepares(void *unused)
{
    pthread_once(&prepared, prepare);
    return unused;
}

static int prepares_too(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&account);
    scene_begin(prepares);
    return pthread_once(&prepared, prepare);
}

static void *locks_for_a_while(void *unused)
{
    struct timespec later;

    clock_gettime(CLOCK_REALTIME, &later);
    later.tv_sec += 3600;
    pthread_mutex_lock(&ledger);
    scene_taken = true;
    pthread_mutex_timedlock(&account, &later);
    return unused;
}

static int crosses_for_a_while(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&account);
    scene_begin(locks_for_a_while);
    return pthread_mutex_lock(&ledger);
}

/* Signalled, but the mutex is not to be had. */
static void *signals_and_keeps(void *unused)
{
    pthread_mutex_lock(&account);
    pthread_cond_signal(&filled);
    pause();
    return unused;
}

static int is_signalled(void *unused)
{
    pthread_t thread;

    (void)unused;
    pthread_mutex_lock(&account);
    pthread_create(&thread, NULL, signals_and_keeps, NULL);
    return pthread_cond_wait(&filled, &account);
}

static int waits_for_stop(void *unused)
{
    siginfo_t info;

    (void)unused;
    if (fork() == 0)
        pause();
    return waitid(P_ALL, 0, &info, WSTOPPED);
}

static int takes_deleted(void *unused)
{
    int fd = open(SCENE_FILE, O_RDWR | O_CREAT, 0600);
    sem_t *places;

    (void)unused;
    ftruncate(fd, 4096);
    places = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    unlink(SCENE_FILE);
    sem_init(places + 2, 1, 0);
    return sem_wait(places + 2);
}

static int suspends(void *unused)
{
    sigset_t set;

    (void)unused;
    sigfillset(&set);
    sigdelset(&set, SIGHUP);
    sigdelset(&set, SIGRTMIN);
    return sigsuspend(&set);
}

static int selects(void *unused)
{
    struct timeval hour = {3600, 0};
    int ends[2];
    fd_set set;

    (void)unused;
    pipe(ends);
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    return select(ends[0] + 1, &set, NULL, NULL, &hour);
}

static int polls_nothing(void *unused)
{
    (void)unused;
    return poll(NULL, 0, -1);
}

static int sleeps(void *unused)
{
    (void)unused;
    return (int)sleep(3600);
}

static const struct scene scenes[] = {
    {"a stream", writes_to_file, true, {"the lock of the stream of " SCENE_FILE ", held by", "which called fputc"}},
    {"stdout", writes_to_stdout, true, {"the lock of stdout, held by", "in locks_stream ("}},
    {"malloc", allocates, true, {"the C library's lock of malloc(), held by", "in allocates (", "in locks_heap ("}},
    {"once", prepares_too, true, {"the function of once prepared to return, called by", "in prepare ("}},
    {"a time limit", crosses_for_a_while, false, {"with a time limit; in locks_for", "\ncircle with a time limit: "}},
    {"signalled", is_signalled, false, {"waits for mutex account, held by", "which called pthread_cond_wait"}},
    {"a child to stop", waits_for_stop, false, {"waits for a child to stop, which is", "waits for a signal; in waits"}},
    {"a deleted file", takes_deleted, false, {"a unit of semaphore 0x", " of a deleted file, of which nobody has"}},
    {"sigsuspend", suspends, false, {"waits for SIGHUP or SIGRTMIN; in suspends ("}},
    {"select", selects, false, {"waits for pipe:[", "] to become ready, with a time limit; in selects ("}},
    {"poll without descriptors",
     polls_nothing,
     false,
     {"waits for a signal: it polls no descriptor; in polls_nothing"}},
    {"sleep", sleeps, false, {"waits for a time, 3600.000 s from its call on; in sleeps ("}},
};

int main(void)
{
    tap_begin();
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        scene_test(&scenes[i]);
    return tap_end();
}
