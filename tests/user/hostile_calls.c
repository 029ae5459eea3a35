/*
 * hostile_calls.c - every system call of the list, with every kind of bad word in the place of each argument, while the
 * other arguments hold several kinds of harmless ones.
 *
 * The list is abi/syscall_list.h itself, so a new call is looked at from its first day. What is asked here of every
 * call: an answer, or the number of an error that user space knows; no harm to anybody else; nothing left behind.
 * (What exactly bad pointers get, and bad numbers, call by call: hostile_pointers.c and the tests of each area.)
 */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <abi/errno.h>
#include <abi/layout.h>

#include "hostile.h"
#include "tap.h"

struct call {
    const char *name;
    int number, words;
};

static const struct call calls[] = {
#define SYSCALL(number, name, arguments, restart, parameters) {#name, number, arguments},
#include <abi/syscall_list.h>
#undef SYSCALL
};

enum { call_count = sizeof calls / sizeof calls[0], words = 6, fillers = 4, bad_max = 64, life = 400 };

static struct hostile_memory memory;
static long bad[bad_max], filler[fillers][words];
static unsigned bad_count;
static const struct call *call; /* the one that is tried */
static pid_t self;

static void add_bad(uintptr_t word)
{
    bad[bad_count++] = (long)word;
}

static void choose_bad_addresses(void)
{
    add_bad(0);
    add_bad(1); /* in the page that is never mapped, and unaligned */
    add_bad(USER_BASE);
    add_bad(USER_TIME_PAGE);
    add_bad(USER_TOP - 1);
    add_bad(USER_TOP - 4);
    add_bad(USER_TOP); /* the kernel's first byte; as a number: INT_MIN */
    add_bad(USER_TOP + 1);
    add_bad(0x80010000u); /* the kernel's text */
    add_bad(0xf0000000u); /* the kernel's devices and stacks */
    add_bad(0xffff0000u);
    add_bad(0xfffffffcu);
    add_bad((uintptr_t)memory.unmapped);
    add_bad((uintptr_t)memory.forbidden);
    add_bad((uintptr_t)memory.readable);
    add_bad((uintptr_t)memory.read_end - 1); /* straddles the end of what is mapped */
    add_bad((uintptr_t)memory.end - 2);      /* straddles the end of what can be written */
    add_bad((uintptr_t)memory.writable - 3); /* begins where nothing may be touched */
    add_bad((uintptr_t)memory.writable + 1); /* unaligned */
    add_bad((uintptr_t)memory.writable + 2);
    add_bad((uintptr_t)hostile_call);
}

static void choose_bad_numbers(void)
{
    static const uint32_t numbers[] = {2,    3,       7,        31,         64,         99,          255,
                                       4095, 65536,   1000000,  0x3fffffff, 0x40000000, 0x7ffffffe,  0x7fffffff,
                                       ~0u,  ~0u - 1, ~0u - 99, ~0u - 4095, 0x80000001, 0xaaaaaaaau, 0x55555555};

    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        add_bad(numbers[i]);
}

/* All zeros; all the same good address; all a small number, which is a descriptor too; and in turn a descriptor, an
 * address and a length. */
static void choose_fillers(int fd)
{
    for (int i = 0; i < words; i++) {
        filler[0][i] = 0;
        filler[1][i] = (long)memory.writable;
        filler[2][i] = fd;
        filler[3][i] = i % 3 == 0 ? fd : i % 3 == 1 ? (long)memory.writable : 64;
    }
}

/* What a culprit has of its own: it may be the next one, with the memory as the first one found it. */
static void prepare(void)
{
    if (self != getpid()) {
        self = getpid();
        choose_fillers(open("file", O_CREAT | O_RDWR, 0600));
    }
    strcpy(memory.writable, "name");
}

/* One call; a process that it makes ends at once. */
static bool answers_well(int number, const long arguments[words])
{
    long answer = hostile_call(number, arguments);

    if (hostile_call(SYS_getpid, arguments) != self)
        hostile_call(SYS_exit_group, filler[0]);
    return (unsigned long)answer < USER_TOP || (answer < 0 && answer >= -EOWNERDEAD);
}

static unsigned step_count(void)
{
    return call->words == 0 ? 1 : (unsigned)call->words * fillers * bad_count;
}

static bool step(unsigned number)
{
    long arguments[words];

    prepare();
    unsigned place = number / (fillers * bad_count), kind = number / bad_count % fillers;
    memcpy(arguments, filler[kind], sizeof arguments);
    if (call->words > 0)
        arguments[place] = bad[number % bad_count];
    return answers_well(call->number, arguments);
}

static void try_call(void)
{
    struct hostile_tally tally = hostile_steps(step_count(), life, step);

    tap_ok(tally.wrong < 0 && tally.steps == step_count(), "%s: an answer or an errno, for %u kinds of bad arguments",
           call->name, tally.steps);
    if (tally.wrong >= 0)
        tap_note("wrong: argument %ld is %#lx, beside kind %ld", tally.wrong / (fillers * (long)bad_count),
                 bad[tally.wrong % bad_count], tally.wrong / bad_count % fillers);
    if (tally.ended + tally.asleep > 0)
        tap_note("%u of them ended the process, %u would have slept", tally.ended, tally.asleep);
}

static int unknown_numbers(void *unused)
{
    static const long numbers[] = {0, SYSCALL_MAX, SYSCALL_MAX + 1, 0x7fffffff, -1, -4096, (long)0x80000000};
    long arguments[words] = {0};

    (void)unused;
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (hostile_call(numbers[i], arguments) != -ENOSYS)
            return (int)i + 1;
    return 0;
}

int main(void)
{
    hostile_begin();
    tap_is(hostile_result(unknown_numbers, NULL), 0, "ENOSYS for numbers that no call has");
    if (!hostile_memory(&memory))
        tap_give_up("no memory");
    choose_bad_addresses();
    choose_bad_numbers();
    for (call = calls; call < calls + call_count; call++)
        try_call();
    return hostile_end();
}
