/*
 * trace_stress.c - processes that fork, start threads and end, and tracers that come and go between them (to trace each
 * other, too), all of them killed at any moment: every record that comes is whole, and nothing is left behind.
 *
 * Usage: trace_stress [seed [kills]]
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"
#include "tap.h"
#include "tracer.h"

enum { workers = 6, records_each = 40 };

/* What survives the children. */
static struct {
    pid_t pids[workers];
    unsigned torn, whole;
} * shared;

static void *asks(void *unused)
{
    (void)unused;
    getppid();
    return NULL;
}

/* What can be traced: calls, threads, a child. */
static void is_busy(void)
{
    pthread_t thread;
    pid_t pid;

    if (pthread_create(&thread, NULL, asks, NULL) == 0)
        pthread_join(thread, NULL);
    pid = fork();
    if (pid == 0) {
        getsid(0);
        _exit(0);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

static bool is_whole(const struct abi_trace_record *record)
{
    return record->length >= sizeof *record && record->length <= TRACE_RECORD_MAX && record->length % 8 == 0 &&
           record->kind >= TRACE_CALL && record->kind <= TRACE_EXIT && record->tid > 0;
}

/* Some records of another worker. */
static void traces(pid_t pid, bool follow)
{
    struct pollfd entry = {.fd = tracer_open(pid, O_NONBLOCK), .events = POLLIN};
    const struct abi_trace_record *record;

    if (entry.fd < 0)
        return; /* it is gone, or another one traces it */
    ioctl(entry.fd, TRACE_SET, TRACE_BYTES | (follow ? TRACE_FOLLOW : 0));
    for (int i = 0; i < records_each; i++) {
        if (poll(&entry, 1, 5) <= 0)
            break;
        record = tracer_next(entry.fd);
        if (record)
            __atomic_fetch_add(is_whole(record) ? &shared->whole : &shared->torn, 1, __ATOMIC_RELAXED);
        else if (entry.revents & POLLHUP)
            break;
    }
    close(entry.fd);
}

static int works(void *context)
{
    unsigned number = *(unsigned *)context % workers;

    srand(number + (unsigned)getpid());
    shared->pids[number] = getpid();
    while (getpid() != 0) {
        pid_t other = shared->pids[rand() % workers];

        is_busy();
        if (number % 2 == 0 && other != 0 && other != getpid())
            traces(other, rand() % 2);
    }
    return 1;
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)atoi(argv[1]) : 1, kills = argc > 2 ? (unsigned)atoi(argv[2]) : 150;
    struct stress stress = {.work = works, .workers = workers, .kills = kills, .longest = 3000000};

    tap_begin();
    tap_note("seed %u, %u kills", seed, kills);
    srand(seed);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    tap_is(stress_run(&stress), 0, "no worker ends by itself");
    tap_ok(shared->whole > 0, "records were read");
    tap_is(shared->torn, 0, "all were whole");
    tap_note("%u records", shared->whole);
    return tap_end();
}
