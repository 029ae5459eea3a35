/*
 * futex_pi.c - words with an owner: FUTEX_LOCK_PI and its kin, whose priority is lent to whom, and owners that end.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <abi/futex.h>

#include "ask.h"
#include "several.h"
#include "tap.h"

/* Shared with all children. */
static struct {
    volatile unsigned words[3];
    volatile int go, order[4], next, count;
} * shared;

static int futex(volatile unsigned *word, int operation, const struct timespec *deadline)
{
    return (int)syscall(SYS_futex, word, operation, 0, deadline, NULL, 0);
}

static int lock(volatile unsigned *word)
{
    int result;

    do
        result = futex(word, FUTEX_LOCK_PI, NULL);
    while (result == -1 && errno == EINTR);
    return result;
}

static int unlock(volatile unsigned *word)
{
    return futex(word, FUTEX_UNLOCK_PI, NULL);
}

static void set_priority(pid_t pid, int priority)
{
    struct sched_param parameters = {.sched_priority = priority};

    sched_setscheduler(pid, priority > 0 ? SCHED_FIFO : SCHED_OTHER, &parameters);
}

/* What a child does: take words[first], then perhaps another, wait for the parent, give them back. */
struct task {
    int priority, first, second; /* second -1: none */
    int number;
    int go; /* wait for shared->go to be that much */
};

static bool may_go(void *task)
{
    return shared->go >= ((struct task *)task)->go;
}

static int performs(void *context)
{
    struct task *task = context;

    set_priority(0, task->priority);
    if (lock(&shared->words[task->first]) != 0)
        return 1;
    if (task->second >= 0 && lock(&shared->words[task->second]) != 0)
        return 2;
    shared->order[__atomic_fetch_add(&shared->next, 1, __ATOMIC_SEQ_CST)] = task->number;
    while (!tap_until(may_go, task))
        ;
    if (task->second >= 0 && unlock(&shared->words[task->second]) != 0)
        return 3;
    return unlock(&shared->words[task->first]) == 0 ? 0 : 4;
}

static bool is_owner(void *pid)
{
    return (shared->words[0] & FUTEX_TID_MASK) == *(unsigned *)pid;
}

static pid_t start_owner(struct task *task)
{
    pid_t pid;

    shared->go = shared->next = 0;
    pid = tap_start(performs, task);
    tap_until(is_owner, &pid);
    return pid;
}

static pid_t start_waiter(struct task *task)
{
    pid_t pid = tap_start(performs, task);

    if (!tap_until(waits_for_word, &pid))
        tap_give_up("a child does not wait");
    return pid;
}

static struct timespec soon(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    time.tv_nsec += 20000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_nsec -= 1000000000;
        time.tv_sec++;
    }
    return time;
}

static void test_alone(void)
{
    volatile unsigned *word = &shared->words[0], *other = (volatile unsigned *)((uintptr_t)word + 1);
    unsigned self = (unsigned)getpid();

    tap_works(lock(word), "FUTEX_LOCK_PI takes a word that is 0");
    tap_is(*word, self, "it holds the thread's number");
    tap_fails(lock(word), EDEADLK, "FUTEX_LOCK_PI: EDEADLK, it is the thread's own");
    tap_fails(futex(word, FUTEX_TRYLOCK_PI, NULL), EDEADLK, "FUTEX_TRYLOCK_PI: EDEADLK");
    tap_works(unlock(word), "FUTEX_UNLOCK_PI");
    tap_is(*word, 0, "leaves 0");
    tap_fails(unlock(word), EPERM, "FUTEX_UNLOCK_PI: EPERM, nobody's");
    tap_works(futex(word, FUTEX_TRYLOCK_PI, NULL), "FUTEX_TRYLOCK_PI takes it");
    unlock(word);
    *word = FUTEX_OWNER_DIED;
    tap_works(lock(word), "a word whose owner has died can be taken");
    tap_is(*word, self | FUTEX_OWNER_DIED, "and says so");
    unlock(word);
    *word = 29999;
    tap_fails(lock(word), ESRCH, "FUTEX_LOCK_PI: ESRCH, its owner is no thread");
    *word = 0;
    tap_fails(lock(other), EINVAL, "FUTEX_LOCK_PI: EINVAL, not aligned");
    tap_fails(unlock(other), EINVAL, "FUTEX_UNLOCK_PI: EINVAL");
    tap_fails(lock((volatile unsigned *)16), EFAULT, "FUTEX_LOCK_PI: EFAULT");
    tap_fails(unlock((volatile unsigned *)0x80000000), EFAULT, "FUTEX_UNLOCK_PI: EFAULT, in the kernel");
}

static void test_held(void)
{
    struct timespec deadline, bad = {.tv_nsec = -1};
    struct task task = {.second = -1, .go = 1};
    volatile unsigned *word = &shared->words[0];
    pid_t pid = start_owner(&task);

    tap_fails(futex(word, FUTEX_TRYLOCK_PI, NULL), EAGAIN, "FUTEX_TRYLOCK_PI: EAGAIN");
    tap_fails(unlock(word), EPERM, "FUTEX_UNLOCK_PI: EPERM, another's");
    tap_fails(futex(word, FUTEX_LOCK_PI, &bad), EINVAL, "FUTEX_LOCK_PI: EINVAL, a time that is none");
    deadline = soon(CLOCK_REALTIME);
    tap_fails(futex(word, FUTEX_LOCK_PI, &deadline), ETIMEDOUT, "FUTEX_LOCK_PI: ETIMEDOUT");
    deadline = soon(CLOCK_MONOTONIC);
    tap_fails(futex(word, FUTEX_LOCK_PI2, &deadline), ETIMEDOUT, "FUTEX_LOCK_PI2: ETIMEDOUT, CLOCK_MONOTONIC");
    tap_is(*word, (unsigned)pid | FUTEX_WAITERS, "the word says that somebody may wait");
    shared->go = 1;
    tap_is(tap_wait(pid), 0, "its owner gives it back");
    tap_is(*word, 0, "to nobody");
}

static void test_order(void)
{
    struct task owner = {.second = -1, .go = 1}, tasks[] = {
                                                     {.second = -1, .number = 3, .priority = 0},
                                                     {.second = -1, .number = 1, .priority = 20},
                                                     {.second = -1, .number = 2, .priority = 20},
                                                 };
    pid_t pid = start_owner(&owner), pids[3];
    bool right = true;

    for (int i = 0; i < 3; i++)
        pids[i] = start_waiter(&tasks[i]);
    tap_is(priority_of(pid), 20, "the owner has the highest priority of those that wait");
    kill(pids[0], SIGSTOP);
    kill(pids[0], SIGCONT);
    shared->go = 1;
    right &= tap_wait(pid) == 0;
    for (int i = 0; i < 3; i++)
        right &= tap_wait(pids[i]) == 0;
    tap_ok(right, "each has the word in turn");
    tap_ok(shared->order[1] == 1 && shared->order[2] == 2 && shared->order[3] == 3,
           "in the order of priority, then of arrival");
    tap_is(shared->words[0] & ~FUTEX_WAITERS, 0, "and the last leaves it free");
    shared->words[0] = 0;
}

/* a holds 0; b holds 1 and waits for 0; c waits for 1. */
static void test_chain(void)
{
    struct task first = {.second = -1, .go = 1}, middle = {.first = 1, .second = 0, .priority = 3, .go = 2},
                last = {.first = 1, .second = -1, .priority = 30, .go = 3};
    pid_t a = start_owner(&first), b = start_waiter(&middle), c = start_waiter(&last);
    int status;

    tap_ok(priority_of(a) == 30 && priority_of(b) == 30, "a priority is lent along a chain");
    tap_is(sched_getscheduler(a), SCHED_OTHER, "the policy stays");
    set_priority(c, 25);
    tap_ok(priority_of(a) == 25 && priority_of(b) == 25, "it goes down with the waiter's");
    set_priority(b, 28);
    tap_ok(priority_of(a) == 28 && priority_of(b) == 28, "and up with that of one in the middle");
    set_priority(b, 3);
    kill(c, SIGKILL);
    waitpid(c, &status, 0);
    tap_ok(priority_of(a) == 3 && priority_of(b) == 3, "one that is killed lends no more");
    lock(&shared->words[2]);
    shared->go = 1;
    tap_is(tap_wait(a), 0, "the first gives its word back");
    shared->go = 2;
    tap_is(tap_wait(b), 0, "then the second");
    unlock(&shared->words[2]);
    tap_is(priority_of(getpid()), 0, "nobody who waits_for_word, nothing to lend");
    shared->words[0] = shared->words[1] = 0;
}

static void test_gives_back(void)
{
    struct task task = {.first = 0, .second = -1, .priority = 9};
    pid_t pid;

    lock(&shared->words[0]);
    lock(&shared->words[1]);
    pid = start_waiter(&task);
    tap_is(priority_of(getpid()), 9, "the running thread inherits");
    unlock(&shared->words[1]);
    tap_is(priority_of(getpid()), 9, "giving back another word changes nothing");
    unlock(&shared->words[0]);
    tap_is(priority_of(getpid()), 0, "giving the word back ends it");
    tap_is(tap_wait(pid), 0, "who waited has had it");
    shared->words[0] = 0;
}

static void test_deadlock(void)
{
    struct task task = {.first = 0, .second = 1};
    pid_t pid;

    lock(&shared->words[1]);
    pid = start_waiter(&task);
    tap_fails(lock(&shared->words[0]), EDEADLK, "FUTEX_LOCK_PI: EDEADLK, its owner waits for us");
    unlock(&shared->words[1]);
    tap_is(tap_wait(pid), 0, "who goes on when we give way");
    shared->words[0] = shared->words[1] = 0;
}

static void test_killed_owner(void)
{
    struct task owner = {.second = -1, .go = 1}, waiter = {.second = -1, .go = 1};
    pid_t first = start_owner(&owner), second = start_waiter(&waiter);

    tap_kill(first);
    tap_until(is_owner, &second);
    tap_is(shared->words[0], (unsigned)second | FUTEX_WAITERS | FUTEX_OWNER_DIED,
           "the word of an owner that is killed goes to the next, with FUTEX_OWNER_DIED");
    tap_kill(second);
    tap_fails(lock(&shared->words[0]), ESRCH,
              "without a list the kernel does not know of a word that nobody waits for");
    shared->words[0] = 0;
}

static void handle(int signal)
{
    (void)signal;
}

static int is_interrupted(void *unused)
{
    struct sigaction action = {.sa_handler = handle};

    (void)unused;
    sigaction(SIGUSR1, &action, NULL);
    return futex(&shared->words[0], FUTEX_LOCK_PI, NULL) == -1 && errno == EINTR ? 0 : 1;
}

static void test_interrupted(void)
{
    pid_t pid;

    lock(&shared->words[0]);
    pid = tap_start(is_interrupted, NULL);
    tap_until(waits_for_word, &pid);
    kill(pid, SIGUSR1);
    tap_is(tap_wait(pid), 0, "FUTEX_LOCK_PI: EINTR");
    unlock(&shared->words[0]);
}

/* Adds under the word, which it takes and gives back without a call where it can. */
static int adds(void *unused)
{
    unsigned self = (unsigned)getpid();

    (void)unused;
    for (int i = 0; i < 1000; i++) {
        unsigned expected = 0;

        if (!__atomic_compare_exchange_n(&shared->words[0], &expected, self, false, __ATOMIC_SEQ_CST,
                                         __ATOMIC_SEQ_CST) &&
            lock(&shared->words[0]) != 0)
            return 1;
        int seen = shared->count;
        if (i % 16 == 0)
            sched_yield();
        shared->count = seen + 1;
        expected = self;
        if (!__atomic_compare_exchange_n(&shared->words[0], &expected, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) &&
            unlock(&shared->words[0]) != 0)
            return 2;
    }
    return 0;
}

static void test_exclusion(void)
{
    pid_t pids[4];
    int right = 0;

    shared->count = 0;
    for (int i = 0; i < 4; i++) {
        pids[i] = tap_start(adds, NULL);
        if (i == 0)
            set_priority(pids[i], 1);
    }
    for (int i = 0; i < 4; i++)
        right += tap_wait(pids[i]) == 0;
    tap_ok(right == 4 && shared->count == 4000, "four processes, one of them real-time, add under one word");
    tap_is(shared->words[0], 0, "which is free in the end");
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_alone();
    test_held();
    test_order();
    test_chain();
    test_gives_back();
    test_deadlock();
    test_killed_owner();
    test_interrupted();
    test_exclusion();
    return tap_end();
}
