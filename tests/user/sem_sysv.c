/*
 * sem_sysv.c - System V semaphore sets: every error, operations as one, waiting in order.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "sysv_objects.h"
#include "tap.h"

enum { key = 0x7a51 };

static struct {
    int order[8];
    int next;
} * shared;

static void test_get(void)
{
    int id;

    tap_fails(semget(key, 1, 0), ENOENT, "POSIX semget: ENOENT");
    tap_fails(semget(key, 0, IPC_CREAT | 0600), EINVAL, "POSIX semget: EINVAL, a set of none");
    tap_fails(semget(key, -1, IPC_CREAT | 0600), EINVAL, "POSIX semget: EINVAL, fewer than none");
    tap_fails(semget(key, 100000, IPC_CREAT | 0600), EINVAL, "POSIX semget: EINVAL, too many");
    id = semget(key, 2, IPC_CREAT | IPC_EXCL | 0600);
    tap_works(id, "semget makes a set");
    tap_is(semget(key, 0, 0), id, "and finds it");
    tap_is(semget(key, 2, IPC_CREAT | 0600), id, "also with IPC_CREAT");
    tap_fails(semget(key, 3, 0), EINVAL, "POSIX semget: EINVAL, larger than it is");
    tap_fails(semget(key, 2, IPC_CREAT | IPC_EXCL), EEXIST, "POSIX semget: EEXIST");
    tap_works(semctl(id, 0, IPC_RMID), "IPC_RMID");
    tap_fails(semget(key, 1, 0), ENOENT, "which removes it");
    tap_fails(semctl(id, 0, IPC_RMID), EINVAL, "POSIX semctl: EINVAL, it is gone");
}

static void test_control(void)
{
    unsigned short values[3] = {4, 5, 6}, seen[3] = {0};
    struct semid_ds status;

    set_make(3);
    tap_fails(semctl(the_set, 3, GETVAL), EINVAL, "POSIX semctl: EINVAL, no such semaphore");
    tap_fails(semctl(the_set, -1, GETVAL), EINVAL, "POSIX semctl: EINVAL, nor that one");
    tap_fails(semctl(the_set, 0, 999), EINVAL, "POSIX semctl: EINVAL, no such command");
    tap_fails(semctl(-1, 0, GETVAL), EINVAL, "POSIX semctl: EINVAL, no identifier");
    tap_fails(set_assign(0, 32768), ERANGE, "POSIX semctl: ERANGE");
    tap_fails(set_assign(0, -1), ERANGE, "POSIX semctl: ERANGE, negative");
    tap_works(set_assign(1, 32767), "SETVAL");
    tap_is(set_value(1), 32767, "GETVAL");
    tap_is(semctl(the_set, 1, GETPID), getpid(), "GETPID");
    tap_works(semctl(the_set, 0, SETALL, (union semun){.array = values}), "SETALL");
    tap_works(semctl(the_set, 0, GETALL, (union semun){.array = seen}), "GETALL");
    tap_ok(memcmp(values, seen, sizeof values) == 0, "answers what was set");
    values[2] = 40000;
    values[0] = 1;
    tap_fails(semctl(the_set, 0, SETALL, (union semun){.array = values}), ERANGE, "POSIX semctl: ERANGE, in SETALL");
    tap_is(set_value(0), 4, "which has set none");
    tap_fails(semctl(the_set, 0, GETALL, (union semun){.array = (void *)16}), EFAULT, "semctl: EFAULT");
    tap_works(semctl(the_set, 0, IPC_STAT, (union semun){.buf = &status}), "IPC_STAT");
    tap_ok(status.sem_nsems == 3 && status.sem_perm.mode == 0600 && status.sem_perm.cuid == getuid() &&
               status.sem_otime == 0 && status.sem_ctime > 0,
           "tells what the set is");
    status.sem_perm.mode = 0644;
    status.sem_perm.uid = 1001;
    tap_works(semctl(the_set, 0, IPC_SET, (union semun){.buf = &status}), "IPC_SET");
    semctl(the_set, 0, IPC_STAT, (union semun){.buf = &status});
    tap_ok(status.sem_perm.mode == 0644 && status.sem_perm.uid == 1001 && status.sem_perm.cuid == getuid(), "sets");
    set_operate(0, 1, 0);
    semctl(the_set, 0, IPC_STAT, (union semun){.buf = &status});
    tap_ok(status.sem_otime > 0, "semop sets sem_otime");
    set_drop();
}

static void test_operations(void)
{
    struct sembuf both[2] = {{0, -1, IPC_NOWAIT}, {1, -1, IPC_NOWAIT}}, many[501] = {0}, twelve[12];
    struct timespec little = {.tv_nsec = 20000000}, bad = {.tv_nsec = -1};

    set_make(2);
    tap_fails(set_operate(2, 1, 0), EFBIG, "POSIX semop: EFBIG");
    tap_fails(semop(the_set, many, 501), E2BIG, "POSIX semop: E2BIG");
    tap_fails(semop(the_set, many, 0), EINVAL, "semop: EINVAL, no operation");
    tap_fails(semop(99999, both, 1), EINVAL, "POSIX semop: EINVAL");
    tap_fails(semop(the_set, (void *)16, 1), EFAULT, "semop: EFAULT");
    tap_fails(set_operate(0, -1, IPC_NOWAIT), EAGAIN, "POSIX semop: EAGAIN");
    tap_works(set_operate(0, 0, IPC_NOWAIT), "wait for zero");
    tap_works(set_operate(0, 2, 0), "add");
    tap_fails(set_operate(0, 0, IPC_NOWAIT), EAGAIN, "POSIX semop: EAGAIN, not zero");
    tap_fails(semop(the_set, both, 2), EAGAIN, "POSIX semop: EAGAIN, the second of two");
    tap_is(set_value(0), 2, "then the first is not done either");
    set_operate(1, 1, 0);
    tap_works(semop(the_set, both, 2), "both at once");
    tap_ok(set_value(0) == 1 && set_value(1) == 0, "are both done");
    set_assign(0, 32767);
    tap_fails(set_operate(0, 1, 0), ERANGE, "POSIX semop: ERANGE");
    set_assign(0, 0);
    tap_fails(semtimedop(the_set, &(struct sembuf){0, -1, 0}, 1, &little), EAGAIN, "semtimedop: EAGAIN in the end");
    tap_fails(semtimedop(the_set, &(struct sembuf){0, -1, 0}, 1, &bad), EINVAL, "semtimedop: EINVAL");
    for (int i = 0; i < 12; i++)
        twelve[i] = (struct sembuf){0, 1, 0};
    tap_works(semop(the_set, twelve, 12), "twelve operations in one call");
    tap_is(set_value(0), 12, "add twelve");
    set_drop();
}

static int takes(void *amount)
{
    struct sembuf operation = {0, (short)-*(int *)amount, 0};

    if (semop(the_set, &operation, 1) != 0)
        return errno;
    shared->order[__atomic_fetch_add(&shared->next, 1, __ATOMIC_SEQ_CST)] = *(int *)amount;
    return 0;
}

static int awaits_zero(void *unused)
{
    (void)unused;
    return set_operate(0, 0, 0) == 0 ? 0 : errno;
}

static int takes_two_kinds(void *unused)
{
    struct sembuf both[2] = {{0, -1, 0}, {1, -1, 0}};

    (void)unused;
    return semop(the_set, both, 2) == 0 ? 0 : errno;
}

static pid_t sleeping(int (*body)(void *), void *context)
{
    pid_t pid = tap_start(body, context);

    if (!tap_until(tap_is_asleep, &pid))
        tap_give_up("a child does not sleep");
    return pid;
}

static void test_waiting(void)
{
    int one = 1, two = 2, three = 3;
    pid_t first, second, third, zero, both;

    set_make(2);
    shared->next = 0;
    first = sleeping(takes, &two);
    second = sleeping(takes, &one);
    third = sleeping(takes, &three);
    tap_is(semctl(the_set, 0, GETNCNT), 3, "GETNCNT");
    set_operate(0, 1, 0);
    tap_is(tap_wait(second), 0, "one unit: who wants two waits on, who wants one goes");
    set_operate(0, 2, 0);
    tap_is(tap_wait(first), 0, "two units are for the first that came");
    set_operate(0, 3, 0);
    tap_is(tap_wait(third), 0, "three for the last");
    tap_ok(shared->order[0] == 1 && shared->order[1] == 2 && shared->order[2] == 3, "in that order");
    set_assign(0, 2);
    zero = sleeping(awaits_zero, NULL);
    tap_is(semctl(the_set, 0, GETZCNT), 1, "GETZCNT");
    set_operate(0, -1, 0);
    tap_is(semctl(the_set, 0, GETZCNT), 1, "waits while it is one");
    set_operate(0, -1, 0);
    tap_is(tap_wait(zero), 0, "wait for zero");
    both = sleeping(takes_two_kinds, NULL);
    set_operate(0, 1, 0);
    tap_is(semctl(the_set, 1, GETNCNT), 1, "who wants two kinds waits for the second now");
    tap_is(set_value(0), 1, "and has taken nothing of the first");
    set_operate(1, 1, 0);
    tap_is(tap_wait(both), 0, "it takes both at once");
    first = sleeping(takes, &one);
    set_assign(0, 1);
    tap_is(tap_wait(first), 0, "SETVAL wakes too");
    tap_is(semctl(the_set, 0, GETPID), first, "GETPID is who waited, though another carried it out");
    first = sleeping(takes, &one);
    zero = sleeping(takes_two_kinds, NULL);
    set_drop();
    tap_is(WEXITSTATUS(tap_wait(first)), EIDRM, "POSIX semop: EIDRM");
    tap_is(WEXITSTATUS(tap_wait(zero)), EIDRM, "for all who wait");
}

static int takes_second_kind(void *unused)
{
    (void)unused;
    return set_operate(1, -1, 0) == 0 ? 0 : errno;
}

/* A call that is stopped elsewhere now stands there as if it had waited there all the time. */
static void test_moving(void)
{
    pid_t both, second;

    set_make(2);
    both = sleeping(takes_two_kinds, NULL);
    second = sleeping(takes_second_kind, NULL);
    set_operate(0, 1, 0);
    tap_is(semctl(the_set, 1, GETNCNT), 2, "who has the first of two kinds waits for the second");
    set_operate(1, 1, 0);
    tap_is(tap_wait(both), 0, "before those who came after him");
    tap_is(semctl(the_set, 1, GETNCNT), 1, "who wait on");
    set_operate(1, 1, 0);
    tap_is(tap_wait(second), 0, "for the next");
    both = sleeping(takes_two_kinds, NULL);
    set_operate(0, 1, 0);
    set_assign(0, 0);
    set_operate(1, 1, 0);
    tap_is(semctl(the_set, 0, GETNCNT), 1, "when the first is gone meanwhile he waits for that again");
    set_operate(0, 1, 0);
    tap_is(tap_wait(both), 0, "and gets both");
    set_drop();
}

static int adds_then_takes_two(void *unused)
{
    struct sembuf both[2] = {{0, 1, 0}, {0, -2, 0}};

    (void)unused;
    return semop(the_set, both, 2) == 0 ? 0 : errno;
}

static int takes_and_awaits_zero(void *unused)
{
    struct sembuf both[2] = {{0, -1, 0}, {0, 0, 0}};

    (void)unused;
    return semop(the_set, both, 2) == 0 ? 0 : errno;
}

/* What a call waits for counts what its own operations before do to the same semaphore. */
static void test_same_semaphore(void)
{
    pid_t pid;

    set_make(1);
    pid = sleeping(adds_then_takes_two, NULL);
    tap_is(set_value(0), 0, "one that adds one and takes two waits");
    set_operate(0, 1, 0);
    tap_is(tap_wait(pid), 0, "for one more");
    tap_is(set_value(0), 0, "which it takes");
    set_assign(0, 3);
    pid = sleeping(takes_and_awaits_zero, NULL);
    tap_is(semctl(the_set, 0, GETZCNT), 1, "one that takes one and waits for zero");
    set_operate(0, -2, 0);
    tap_is(tap_wait(pid), 0, "waits until there is one alone");
    tap_is(set_value(0), 0, "which it takes, too");
    set_drop();
}

static int takes_hundred(void *number)
{
    return set_operate(*(int *)number, -100, 0) == 0 ? 0 : errno;
}

/* Nanoseconds for taking and giving back a unit, while those wait who want more units or another semaphore. */
static long long cost_beside(int waiters)
{
    int numbers[2] = {0, 1};
    struct timespec start, end;
    pid_t pids[100];

    set_make(2);
    for (int i = 0; i < waiters; i++)
        pids[i] = tap_start(takes_hundred, &numbers[i % 2]);
    while (semctl(the_set, 0, GETNCNT) + semctl(the_set, 1, GETNCNT) < waiters)
        tap_until(tap_is_asleep, &pids[waiters - 1]);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < 50; i++) {
        set_operate(0, 1, 0);
        set_operate(0, -1, 0);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    set_drop();
    for (int i = 0; i < waiters; i++)
        tap_wait(pids[i]);
    return ((end.tv_sec - start.tv_sec) * 1000000000ll + end.tv_nsec - start.tv_nsec) / 50;
}

static void test_many_waiters(void)
{
    long long few = cost_beside(2), many = cost_beside(100);

    tap_note("a unit added and taken costs %lld ns beside 2 waiters, %lld ns beside 100", few, many);
    tap_in_time(many < few + 50 * 20, "each who waits in vain costs a look");
}

static void only_returns(int number)
{
    (void)number;
}

static void test_signals(void)
{
    struct sigaction action = {.sa_handler = only_returns, .sa_flags = SA_RESTART};
    int one = 1;
    pid_t child;

    set_make(1);
    sigaction(SIGALRM, &action, NULL);
    child = tap_signal_when_asleep(SIGALRM);
    tap_fails(set_operate(0, -1, 0), EINTR, "POSIX semop: EINTR, whatever SA_RESTART says");
    tap_wait(child);
    tap_is(semctl(the_set, 0, GETNCNT), 0, "and it waits no more");
    child = sleeping(takes, &one);
    kill(child, SIGSTOP);
    set_operate(0, 1, 0);
    kill(child, SIGCONT);
    tap_is(tap_wait(child), 0, "one that is stopped gets what it waits for");
    child = sleeping(takes, &one);
    tap_kill(child);
    tap_is(semctl(the_set, 0, GETNCNT), 0, "one that is killed waits no more");
    set_operate(0, 1, 0);
    tap_is(set_value(0), 1, "and takes nothing");
    set_drop();
}

static int as_guest(void *unused)
{
    struct semid_ds status = {0};
    int id;

    (void)unused;
    if (setgid(1001) != 0 || setuid(1001) != 0)
        return 1;
    if (semget(key, 1, 0600) != -1 || errno != EACCES)
        return 2;
    id = semget(key, 1, 0400);
    if (id == -1 || semctl(id, 0, GETVAL) != 7)
        return 3;
    the_set = id;
    if (set_operate(0, 1, 0) != -1 || errno != EACCES)
        return 4;
    if (set_operate(0, 0, IPC_NOWAIT) != -1 || errno != EAGAIN)
        return 5;
    if (set_assign(0, 1) != -1 || errno != EACCES)
        return 6;
    if (semctl(id, 0, IPC_RMID) != -1 || errno != EPERM)
        return 7;
    return semctl(id, 0, IPC_SET, (union semun){.buf = &status}) == -1 && errno == EPERM ? 0 : 8;
}

static void test_permissions(void)
{
    the_set = semget(key, 1, IPC_CREAT | 0604);
    set_assign(0, 7);
    tap_is(tap_child_result(as_guest, NULL), 0,
           "POSIX semget, semop, semctl: EACCES, EPERM; what mode 4 allows works (another user)");
    set_drop();
}

static void test_limits(void)
{
    long sets = limit_change("/proc/sys/kernel/semmni", 0), all;

    tap_fails(semget(IPC_PRIVATE, 1, 0600), ENOSPC, "POSIX semget: ENOSPC, no more sets");
    limit_change("/proc/sys/kernel/semmni", sets);
    all = limit_change("/proc/sys/kernel/semmns", 5);
    tap_fails(semget(IPC_PRIVATE, 6, 0600), ENOSPC, "POSIX semget: ENOSPC, no more semaphores");
    set_make(5);
    tap_works(the_set, "what the limit allows can be made");
    set_drop();
    limit_change("/proc/sys/kernel/semmns", all);
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_get();
    test_control();
    test_operations();
    test_waiting();
    test_moving();
    test_same_semaphore();
    test_many_waiters();
    test_signals();
    test_permissions();
    test_limits();
    return tap_end();
}
