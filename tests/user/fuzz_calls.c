/*
 * fuzz_calls.c - system calls by chance: any call, with words that it may take for addresses, descriptors, ids, sizes
 * or flags, and memory behind the addresses that may pass for its structures.
 *
 *      /tests/fuzz_calls [seed [calls [culprits]]]
 *
 * What a call gets depends on the seed and the call's number alone, and on what the calls before it have made; so a
 * seed given again, on one CPU under icount, repeats. A culprit makes a few hundred calls, so that there are files,
 * mappings, children and timers for the later ones; several culprits at a time share a user's files, queues and
 * processes. What is asked: each call answers, the bystander notices nothing, and nothing is left behind.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <abi/errno.h>
#include <abi/layout.h>

#include "hostile.h"
#include "tap.h"

enum { words = 6, recent_max = 16, life = 400, process_max = 24, culprits_max = 16 };

static const struct call {
    const char *name;
    int number, words;
} calls[] = {
#define SYSCALL(number, name, arguments, restart, parameters) {#name, number, arguments},
#include <abi/syscall_list.h>
#undef SYSCALL
};

static unsigned seed = 1, count = 1500, culprits = 3;
static struct hostile_memory memory;
static uint32_t state;          /* of the generator, anew for each call */
static long recent[recent_max]; /* what calls answered: descriptors, ids, addresses */
static pid_t self;

/* xorshift32 (Marsaglia 2003) */
static uint32_t chance(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

/* Different for neighbours of seed and number (the finalizer of MurmurHash3). */
static uint32_t mixed(uint32_t a, uint32_t b)
{
    uint32_t h = a * 0x9e3779b1u + b;

    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return (h ^ h >> 16) | 1;
}

static void quiet_handler(int signal)
{
    (void)signal;
}

static void quiet_thread(void)
{
    hostile_call(SYS_thread_exit, (long[words]){0});
}

static long some_path(void)
{
    static const char *const paths[] = {"a",
                                        "b",
                                        "a/b",
                                        ".",
                                        "..",
                                        "",
                                        "/",
                                        "/dev/null",
                                        "/dev/zero",
                                        "/dev/shm/x",
                                        "/dev/tty",
                                        "/dev/mqueue/q",
                                        "/q",
                                        "q",
                                        "/proc/self/maps",
                                        "/proc/self/fd/1",
                                        "/bin/true",
                                        "/etc/passwd",
                                        "fifo",
                                        "link",
                                        "/tmp/hostile/a/../b/.",
                                        "/proc/1/stat"};

    return (long)paths[chance(sizeof paths / sizeof paths[0])];
}

static long some_address(void)
{
    switch (chance(12)) {
    case 0:
        return 0;
    case 1:
        return (long)(memory.end - chance(64));
    case 2:
        return (long)(memory.readable + chance(4096));
    case 3:
        return (long)(memory.unmapped - chance(64));
    case 4:
        return (long)(memory.forbidden + chance(4096));
    case 5:
        return (long)(USER_TOP - 2048 + chance(4096));
    case 6:
        return (long)(chance(UINT32_MAX) & ~(chance(2) * 4095));
    case 7:
    case 8:
        return some_path();
    default:
        return (long)(memory.writable + chance(256) * 8);
    }
}

static long some_number(void)
{
    switch (chance(8)) {
    case 0:
        return (long)chance(UINT32_MAX);
    case 1:
        return 1l << chance(32);
    case 2:
        return -(long)chance(130);
    case 3:
        return (long)(chance(20) * 4096);
    case 4:
        return recent[chance(recent_max)];
    case 5:
        return (long)chance(1000);
    default:
        return (long)chance(18);
    }
}

static long some_word(void)
{
    return chance(2) ? some_address() : some_number();
}

/* A part of the memory that addresses point to, with what may pass for paths, times, vectors, actions and addresses. */
static void fill_memory(void)
{
    long *place = (long *)(memory.writable + chance(240) * 8);

    for (unsigned i = 0; i < 24; i++) {
        switch (chance(8)) {
        case 0:
            place[i] = (long)memory.writable + (long)chance(4096);
            break;
        case 1:
            place[i] = chance(2) ? (long)quiet_handler : (long)quiet_thread;
            break;
        case 2:
            place[i] = (long)(chance(3) * 300000);
            break;
        case 3:
            place[i] = some_word();
            break;
        case 4:
            place[i] = AF_UNIX | (long)chance(2) << 16 | 'a' << 24; /* a socket's name, abstract or not */
            break;
        default:
            place[i] = (long)chance(20);
        }
    }
}

/* Limits that keep a culprit from taking all: there are tests of their own for that. */
static void prepare(void)
{
    static const struct {
        int resource;
        rlim_t most;
    } limits[] = {{RLIMIT_NPROC, process_max}, {RLIMIT_AS, 24 << 20}, {RLIMIT_FSIZE, 1 << 20}};

    if (self == getpid())
        return;
    self = getpid();
    for (unsigned i = 0; i < sizeof limits / sizeof limits[0]; i++)
        setrlimit(limits[i].resource, &(struct rlimit){limits[i].most, limits[i].most});
    if (!hostile_memory(&memory))
        _exit(97);
}

/* By chance alone hardly any call would make a socket: one of four does. */
static void make_socket(const struct call *call, long *arguments)
{
    if ((call->number != SYS_socket && call->number != SYS_socketpair) || chance(4) != 0)
        return;
    arguments[0] = AF_UNIX;
    arguments[1] = (long[]){SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}[chance(3)];
    arguments[2] = 0;
}

static bool step(unsigned number)
{
    const struct call *call;
    long arguments[words] = {0}, nothing[words] = {0}, answer;

    prepare();
    state = mixed(seed, number);
    call = &calls[chance(sizeof calls / sizeof calls[0])];
    fill_memory();
    for (int i = 0; i < words; i++)
        arguments[i] = some_word();
    make_socket(call, arguments);
    answer = hostile_call(call->number, arguments);
    if (hostile_call(SYS_getpid, nothing) != self)
        hostile_call(SYS_exit_group, nothing);
    if (answer >= 0)
        recent[chance(recent_max)] = answer;
    return (unsigned long)answer < USER_TOP || (answer < 0 && answer >= -EOWNERDEAD);
}

/* One culprit's part; its seed is its own. */
static int make_calls(void *index)
{
    struct hostile_tally tally;

    seed = mixed(seed, *(unsigned *)index);
    tally = hostile_steps(count, life, step);
    if (tally.wrong >= 0)
        tap_note("culprit %u: call %ld answered neither a result nor an errno", *(unsigned *)index, tally.wrong);
    tap_note("culprit %u: %u calls, %u of them ended the process, %u would have slept", *(unsigned *)index, tally.steps,
             tally.ended, tally.asleep);
    return tally.wrong >= 0;
}

int main(int argc, char **argv)
{
    unsigned *const settings[] = {&seed, &count, &culprits};
    unsigned index[culprits_max];
    pid_t pids[culprits_max];
    bool right = true;

    for (int i = 1; i < argc && i <= 3; i++)
        *settings[i - 1] = (unsigned)strtoul(argv[i], NULL, 0);
    culprits = culprits < culprits_max ? culprits : culprits_max;
    hostile_begin();
    tap_note("seed %u", seed);
    for (unsigned i = 0; i < culprits; i++) {
        index[i] = i;
        pids[i] = tap_start(make_calls, &index[i]);
    }
    for (unsigned i = 0; i < culprits; i++)
        right &= tap_wait(pids[i]) == 0;
    tap_ok(right, "%u calls by chance: each answered, or an errno", culprits * count);
    return hostile_end();
}
