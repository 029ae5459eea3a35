/*
 * proc_thread.c - how a thread ends, as the kernel has it: thread_exit(word, map, length) gives memory back, clears the
 * word and wakes who waits there.
 */
#include <abi/futex.h>
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "hand_thread.h"
#include "tap.h"

enum { page = 4096 };

static volatile int go, seen, word;
static char *mapping;

static void waits_for_go(int unused)
{
    (void)unused;
    while (!go)
        plain_call(SYS_futex, (long)&go, FUTEX_WAIT | FUTEX_PRIVATE, 0, 0);
}

static void let_go(void)
{
    go = 1;
    plain_call(SYS_futex, (long)&go, FUTEX_WAKE | FUTEX_PRIVATE, 100, 0);
}

static void test_join(void)
{
    go = 0;
    hand_start_or_give_up(0, waits_for_go, 0);
    tap_ok(!hand_has_ended(0), "a thread's word stays as it is while it lives");
    let_go();
    hand_join(0);
    tap_ok(hand_has_ended(0), "and is 0 when it has ended: one who waits for it goes on");
}

/* Waits for `word`, which a thread clears as it ends. */
static void waits_for_word_of_another(int unused)
{
    (void)unused;
    while (word != 0)
        plain_call(SYS_futex, (long)&word, FUTEX_WAIT | FUTEX_PRIVATE, 1, 0);
    __atomic_fetch_add(&seen, 1, __ATOMIC_SEQ_CST);
}

static void ends_with_word(int unused)
{
    waits_for_go(unused);
    plain_call(SYS_thread_exit, (long)&word, 0, 0, 0);
}

static bool three_wait(void *unused)
{
    (void)unused;
    return waiters_for_words(getpid()) == 3;
}

static void test_all_woken(void)
{
    go = seen = 0;
    word = 1;
    hand_start_or_give_up(1, waits_for_word_of_another, 0);
    hand_start_or_give_up(2, waits_for_word_of_another, 0);
    hand_start_or_give_up(hand_threads_max - 1, ends_with_word, 0); /* whose own word is never cleared */
    tap_until(three_wait, NULL);
    let_go();
    hand_join(1);
    hand_join(2);
    tap_is(seen, 2, "all who wait for the word are woken");
}

static void test_deadline(void)
{
    struct timespec little = {.tv_nsec = 2000000};

    word = 1;
    tap_is(plain_call(SYS_futex, (long)&word, FUTEX_WAIT | FUTEX_PRIVATE, 1, (long)&little), -ETIMEDOUT,
           "a wait for the end of a thread may have a deadline");
}

/* A thread on a mapping that it gives back itself; `word` tells of its end. */
static void gives_back(int unused)
{
    (void)unused;
    plain_call(SYS_thread_exit, (long)&word, (long)mapping, 2 * page, 0);
}

static void wait_for_end_of_word(void)
{
    while (word != 0)
        plain_call(SYS_futex, (long)&word, FUTEX_WAIT | FUTEX_PRIVATE, 1, 0);
}

static void start_on_mapping(void (*entry)(int))
{
    mapping = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    word = 1;
    if (plain_call(SYS_thread_create, (long)entry, 0, (long)mapping + 2 * page, (long)__builtin_thread_pointer()) < 0)
        tap_give_up("no thread can be made");
}

static bool is_mapped(void *address)
{
    unsigned char resident;

    return mincore(address, page, &resident) == 0;
}

static void test_own_stack(void)
{
    start_on_mapping(gives_back);
    wait_for_end_of_word();
    tap_ok(!is_mapped(mapping) && !is_mapped(mapping + page), "a thread's own stack is unmapped before its word is 0");
    mapping = NULL;
}

/* The word lies in what is unmapped: nobody can wait there, and nothing comes of it. */
static void gives_word_back(int unused)
{
    (void)unused;
    plain_call(SYS_thread_exit, (long)mapping, (long)mapping, 2 * page, 0);
}

static bool mapping_is_gone(void *unused)
{
    (void)unused;
    return !is_mapped(mapping);
}

static const struct {
    long word, map, length;
    const char *what;
} bad[] = {
    {(long)0x80000000, 0, 0, "a word in the kernel"},
    {2, 0, 0, "a word where there is no memory"},
    {-2, 0, 0, "a word that wraps"},
    {0, (long)0x80000000, page, "a mapping in the kernel"},
    {0, 1, page, "a mapping that is not aligned"},
    {0, page, -1, "a length that wraps"},
    {0, 0x70000000, page, "a mapping where there is nothing"},
    {(long)test_own_stack, 0, 0, "a word that cannot be written"},
};

static void ends_badly(int number)
{
    plain_call(SYS_thread_exit, bad[number].word, bad[number].map, bad[number].length, 0);
}

static int starts_bad_ender(void *number)
{
    int tid = hand_start(0, ends_badly, *(int *)number);

    while (plain_call(SYS_tgkill, getpid(), tid, 0, 0) == 0)
        plain_call(SYS_sched_yield, 0, 0, 0, 0);
    return 0;
}

static void test_bad_arguments(void)
{
    start_on_mapping(gives_word_back);
    tap_ok(tap_until(mapping_is_gone, NULL), "the word may lie in what is unmapped");
    for (int i = 0; i < (int)(sizeof bad / sizeof bad[0]); i++)
        tap_is(tap_child_result(starts_bad_ender, &i), 0, "the thread ends and harms nobody: %s", bad[i].what);
}

/* The first thread ends with a word that another one waits for. */
static void waits_for_first(int unused)
{
    (void)unused;
    wait_for_end_of_word();
    plain_call(SYS_exit_group, 7, 0, 0, 0);
}

static int first_goes(void *unused)
{
    (void)unused;
    word = 1;
    hand_start(0, waits_for_first, 0);
    plain_call(SYS_thread_exit, (long)&word, 0, 0, 0);
    return 1;
}

/* The last thread's end clears its word in memory that other processes share. */
static int last_goes(void *shared)
{
    plain_call(SYS_thread_exit, (long)shared, 0, 0, 0);
    return 1;
}

static void test_processes(void)
{
    int *shared = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    tap_is(tap_child_result(first_goes, NULL), 7, "the first thread can be waited for as well");
    shared[0] = shared[1] = 1;
    tap_is(tap_child_result(last_goes, shared), 0, "the last thread's end is its process's");
    tap_ok(shared[0] == 0 && shared[1] == 1, "and its word is cleared, no more");
    munmap(shared, page);
}

int main(void)
{
    tap_begin();
    test_join();
    test_all_woken();
    test_deadline();
    test_own_stack();
    test_bad_arguments();
    test_processes();
    return tap_end();
}
