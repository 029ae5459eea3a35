/*
 * futex_shared.c - futexes across processes: keys by mapped object, requeueing, sets of bits, absolute deadlines.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
#include <abi/futex.h>

#include "tap.h"

enum { page = 4096 };

static volatile int *words; /* in a shared object */
static int fd;

static long futex(volatile int *word, int operation, unsigned value, uintptr_t timeout, volatile int *word2,
                  unsigned v2)
{
    return syscall(SYS_futex, word, operation, value, timeout, word2, v2);
}

#define MOVED 100 /* an exit status: FUTEX_WAIT has answered 1 */

static int waits(void *index)
{
    volatile int *word = words + *(int *)index;
    int result = futex(word, FUTEX_WAIT, 0, 0, NULL, 0);

    return result == 0 ? 0 : result == 1 ? MOVED : errno;
}

/* Maps the object anew, elsewhere and from its second page on. */
static int waits_elsewhere(void *unused)
{
    volatile int *there = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page);

    (void)unused;
    return futex(there, FUTEX_WAIT, 0, 0, NULL, 0) == 0 ? 0 : errno;
}

static int waits_for_bits(void *bits)
{
    return futex(words, FUTEX_WAIT_BITSET, 0, 0, NULL, *(unsigned *)bits) == 0 ? 0 : errno;
}

static pid_t sleeping(int (*body)(void *), void *context)
{
    pid_t pid = tap_start(body, context);

    if (!tap_until(tap_is_asleep, &pid))
        tap_give_up("a child does not sleep");
    return pid;
}

static void test_keys(void)
{
    int zero = 0;
    pid_t pid = sleeping(waits, &zero);

    tap_is(futex(words, FUTEX_WAKE | FUTEX_PRIVATE, 1, 0, NULL, 0), 0, "the private word is another one");
    tap_is(futex(words + 1, FUTEX_WAKE, 1, 0, NULL, 0), 0, "so is the next word");
    tap_is(futex(words, FUTEX_WAKE, 1, 0, NULL, 0), 1, "FUTEX_WAKE reaches another process");
    tap_is(tap_wait(pid), 0, "which goes on");
    pid = sleeping(waits_elsewhere, NULL);
    tap_is(futex(words, FUTEX_WAKE, 1, 0, NULL, 0), 0, "the same address is another word there");
    tap_is(futex(words + page / 4, FUTEX_WAKE, 1, 0, NULL, 0), 1, "the same place in the object is the same word");
    tap_is(tap_wait(pid), 0, "wherever each has mapped it");
    tap_fails(futex((volatile int *)0x1000, FUTEX_WAKE, 1, 0, NULL, 0), EFAULT,
              "futex: EFAULT, nothing is mapped there");
    pid = sleeping(waits, &zero);
    tap_kill(pid);
    tap_is(futex(words, FUTEX_WAKE, 1, 0, NULL, 0), 0, "who was killed waits no more");
}

static void test_requeue(void)
{
    int zero = 0, ended = 0;
    pid_t pids[4];

    for (int i = 0; i < 4; i++)
        pids[i] = sleeping(waits, &zero);
    tap_is(futex(words, FUTEX_PRIORITY, 0, 0, NULL, FUTEX_ALL_BITS), 0, "FUTEX_PRIORITY: those that wait have none");
    tap_is(futex(words + 1, FUTEX_PRIORITY, 0, 0, NULL, 0), 0, "FUTEX_PRIORITY: the caller's own");
    tap_fails(futex(words + 1, FUTEX_PRIORITY, 0, 0, NULL, FUTEX_ALL_BITS), ESRCH, "FUTEX_PRIORITY: ESRCH");
    tap_fails(futex(words, FUTEX_REQUEUE, 1, -1, words + 1, 0), EINVAL, "FUTEX_REQUEUE: EINVAL");
    tap_is(futex(words, FUTEX_REQUEUE, 1, 2, words + page / 4, 0), 3, "FUTEX_REQUEUE wakes one and moves two");
    tap_is(tap_wait(pids[0]), 0, "the first is awake");
    tap_is(futex(words + page / 4, FUTEX_WAKE, 1, 0, NULL, 0), 1, "one of those that were moved is woken");
    tap_is(WEXITSTATUS(tap_wait(pids[1])), MOVED, "it is the second, which learns that it was moved");
    tap_kill(pids[2]);
    tap_is(futex(words + page / 4, FUTEX_WAKE, 9, 0, NULL, 0), 0, "one is killed where it was moved to");
    tap_is(futex(words, FUTEX_REQUEUE, 0, 9, words + 7, 0), 1, "FUTEX_REQUEUE moves the last");
    tap_is(futex(words, FUTEX_WAKE, 9, 0, NULL, 0), 0, "from where it was");
    ended = futex(words + 7, FUTEX_WAKE, 9, 0, NULL, 0);
    tap_is(ended, 1, "to where it is woken");
    tap_is(WEXITSTATUS(tap_wait(pids[3])), MOVED, "and it goes on");
}

static void test_bits(void)
{
    unsigned one = 1, two = 2;
    pid_t first = sleeping(waits_for_bits, &one), second = sleeping(waits_for_bits, &two);

    tap_fails(futex(words, FUTEX_WAKE_BITSET, 9, 0, NULL, 0), EINVAL, "FUTEX_WAKE_BITSET: EINVAL, no bits");
    tap_fails(futex(words, FUTEX_WAIT_BITSET, 0, 0, NULL, 0), EINVAL, "FUTEX_WAIT_BITSET: EINVAL, no bits");
    tap_is(futex(words, FUTEX_WAKE_BITSET, 9, 0, NULL, 4), 0, "FUTEX_WAKE_BITSET: no bit in common");
    tap_is(futex(words, FUTEX_WAKE_BITSET, 9, 0, NULL, 6), 1, "one has a bit in common");
    tap_is(tap_wait(second), 0, "the second");
    tap_is(futex(words, FUTEX_WAKE, 9, 0, NULL, 0), 1, "FUTEX_WAKE has all bits");
    tap_is(tap_wait(first), 0, "the first");
}

static bool reached(clockid_t clock, const struct timespec *deadline)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec > deadline->tv_sec || (now.tv_sec == deadline->tv_sec && now.tv_nsec >= deadline->tv_nsec);
}

static void test_deadline(clockid_t clock, int flag, const char *name)
{
    struct timespec deadline;

    clock_gettime(clock, &deadline);
    deadline.tv_nsec += 20000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_nsec -= 1000000000;
        deadline.tv_sec++;
    }
    tap_fails(futex(words, FUTEX_WAIT_BITSET | flag, 0, (uintptr_t)&deadline, NULL, 1), ETIMEDOUT,
              "FUTEX_WAIT_BITSET: ETIMEDOUT on %s", name);
    tap_ok(reached(clock, &deadline), "and not too early");
}

/* A semaphore's word that user space has never touched, and one in memory that was copied on write. */
static void test_semaphore(void)
{
    volatile int *fresh = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    volatile int *only = mmap(NULL, page, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    tap_works(futex(fresh, FUTEX_SEM_POST, 0, 0, NULL, 0), "FUTEX_SEM_POST on a page that was never touched");
    tap_is(*fresh, 1, "adds one");
    tap_works(futex(fresh, FUTEX_SEM_WAIT, 0, 0, NULL, 0), "FUTEX_SEM_WAIT takes it");
    tap_is(*fresh, 0, "which leaves none");
    tap_fails(futex(only, FUTEX_SEM_POST, 0, 0, NULL, 0), EFAULT, "FUTEX_SEM_POST: EFAULT, memory that is read-only");
    tap_fails(futex(only, FUTEX_SEM_WAIT, 0, 0, NULL, 0), EFAULT, "FUTEX_SEM_WAIT: EFAULT");
    munmap((void *)fresh, page);
    munmap((void *)only, page);
}

/* The number of the object for whose word a process waits, as /proc/futex tells, and who has the word. */
static unsigned long long waits_for(pid_t pid, char holder[16])
{
    FILE *file = fopen("/proc/futex", "r");
    unsigned long long object = 0, number;
    char line[128];
    int waiter;

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "%d %*d %*s shared %llu %*s %15s", &waiter, &number, holder) == 3 && waiter == pid)
            object = number;
    if (file != NULL)
        fclose(file);
    return object;
}

/* And the one that /proc/self/maps tells of the mapping there. */
static unsigned long long is_mapped(volatile int *there)
{
    FILE *file = fopen("/proc/self/maps", "r");
    unsigned long long number = 0;
    unsigned long start;
    char line[256];

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strtoul(line, NULL, 16) == (uintptr_t)there)
            sscanf(line, "%lx-%*x %*s %*s %*s %llu", &start, &number);
    if (file != NULL)
        fclose(file);
    return number;
}

static int takes_unit(void *word)
{
    return (int)futex(word, FUTEX_SEM_WAIT, 0, 0, NULL, 0);
}

static void test_show(void)
{
    volatile int *regions[2];
    unsigned long long shown[2];
    char holder[16] = "";
    pid_t pids[2];

    for (int i = 0; i < 2; i++) {
        regions[i] = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        pids[i] = sleeping(takes_unit, (void *)regions[i]);
        shown[i] = waits_for(pids[i], holder);
    }
    tap_ok(shown[0] != 0 && shown[1] != 0 && shown[0] != shown[1], "/proc/futex tells memory without a name apart");
    tap_ok(shown[0] == is_mapped(regions[0]) && shown[1] == is_mapped(regions[1]), "by the number in /proc/PID/maps");
    tap_is_text(holder, "-", "and does not know who has a semaphore's unit");
    for (int i = 0; i < 2; i++) {
        futex(regions[i], FUTEX_SEM_POST, 0, 0, NULL, 0);
        tap_is(tap_wait(pids[i]), 0, "who gets one goes on");
        munmap((void *)regions[i], page);
    }
}

int main(void)
{
    tap_begin();
    fd = shm_open("/futex_shared", O_RDWR | O_CREAT, 0600);
    shm_unlink("/futex_shared");
    ftruncate(fd, 2 * page);
    words = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    test_keys();
    test_requeue();
    test_bits();
    test_deadline(CLOCK_MONOTONIC, 0, "CLOCK_MONOTONIC");
    test_deadline(CLOCK_REALTIME, FUTEX_REALTIME, "CLOCK_REALTIME");
    test_semaphore();
    test_show();
    return tap_end();
}
