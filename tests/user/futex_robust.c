/*
 * futex_robust.c - the locks that a thread leaves: set_robust_list, and what is done with the list at the end.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <abi/futex.h>

#include "ask.h"
#include "tap.h"

/* Shared with all children. */
static struct {
    volatile int go;
    struct lock {
        volatile unsigned next, word;
    } locks[3];
    struct abi_robust_list list;
} * shared;

static bool may_go(void *unused)
{
    (void)unused;
    return shared->go;
}

/* A list of three locks: the second is another's, the third one with a priority to lend. */
static void make_list(void)
{
    unsigned self = (unsigned)getpid();

    for (int i = 0; i < 3; i++)
        shared->locks[i].next = (unsigned)&shared->locks[i + 1];
    shared->locks[1].next |= 1;
    shared->locks[2].next = (unsigned)&shared->list;
    shared->list =
        (struct abi_robust_list){.next = (unsigned)&shared->locks[0],
                                 .offset = (int)((char *)&shared->locks[0].word - (char *)&shared->locks[0])};
    shared->locks[0].word = self | FUTEX_WAITERS;
    shared->locks[1].word = self + 1;
    shared->locks[2].word = self;
    syscall(SYS_set_robust_list, &shared->list, sizeof shared->list);
}

static int leaves_locks(void *how)
{
    make_list();
    while (!tap_until(may_go, NULL))
        ;
    if (*(int *)how == 1)
        execl("/bin/true", "true", (char *)NULL);
    return 0;
}

static int waits_plainly(void *unused)
{
    unsigned value;

    (void)unused;
    while (!((value = shared->locks[0].word) & FUTEX_OWNER_DIED))
        if (value & FUTEX_WAITERS)
            syscall(SYS_futex, &shared->locks[0].word, FUTEX_WAIT, value, NULL, NULL, 0);
    return 0;
}

static void test_left_locks(int how, const char *what)
{
    pid_t pid, waiter;

    shared->go = 0;
    memset(shared->locks, 0, sizeof shared->locks);
    pid = tap_start(leaves_locks, &how);
    waiter = tap_start(waits_plainly, NULL);
    tap_until(waits_for_word, &waiter);
    if (how == 2)
        kill(pid, SIGKILL);
    shared->go = 1;
    tap_wait(pid);
    tap_is(tap_wait(waiter), 0, "%s: who waits for one of its locks is woken", what);
    tap_is(shared->locks[0].word, FUTEX_OWNER_DIED | FUTEX_WAITERS, "FUTEX_OWNER_DIED is in its word");
    tap_is(shared->locks[1].word, (unsigned)pid + 1, "a word of another's stays");
    tap_is(shared->locks[2].word, FUTEX_OWNER_DIED, "one with a priority to lend is marked too");
}

static int dies_while_unlocking(void *unused)
{
    (void)unused;
    shared->list =
        (struct abi_robust_list){.next = (unsigned)&shared->list, .pending = (unsigned)&shared->locks[0], .offset = 4};
    syscall(SYS_set_robust_list, &shared->list, sizeof shared->list);
    shared->locks[0].word = 0;
    return 0;
}

static int waits_for_zero(void *unused)
{
    (void)unused;
    return (int)syscall(SYS_futex, &shared->locks[0].word, FUTEX_WAIT, 5, NULL, NULL, 0);
}

static int makes_a_ring(void *unused)
{
    (void)unused;
    make_list();
    shared->locks[2].next = (unsigned)&shared->locks[0];
    return 0;
}

static int has_a_bad_list(void *unused)
{
    (void)unused;
    syscall(SYS_set_robust_list, 0x80000000u, sizeof shared->list);
    return 0;
}

static void test_lists(void)
{
    pid_t waiter;

    tap_fails(syscall(SYS_set_robust_list, &shared->list, 11), EINVAL, "set_robust_list: EINVAL");
    tap_works(syscall(SYS_set_robust_list, &shared->list, sizeof shared->list), "set_robust_list");
    tap_works(syscall(SYS_set_robust_list, NULL, sizeof shared->list), "there may be none");
    test_left_locks(0, "a process ends");
    test_left_locks(1, "exec");
    test_left_locks(2, "SIGKILL");
    shared->locks[0].word = 5;
    waiter = tap_start(waits_for_zero, NULL);
    tap_until(waits_for_word, &waiter);
    tap_is(tap_child_result(dies_while_unlocking, NULL), 0, "one ends between giving back and waking");
    tap_is(tap_wait(waiter), 0, "and the kernel wakes");
    tap_is(tap_child_result(makes_a_ring, NULL), 0, "a list without an end");
    tap_is(tap_child_result(has_a_bad_list, NULL), 0, "a list in the kernel");
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_lists();
    return tap_end();
}
