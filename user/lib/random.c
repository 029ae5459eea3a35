/*
 * random.c - random(): numbers from a feedback over a state of 8 to 256 bytes, which a program may keep itself.
 *
 * The state's first word says where in it we are and how many words it has; behind it stand the words r[0..n-1].  Each
 * number is r[front] += r[back], without its lowest bit, and both move on by one, so that
 *
 *      r[i] = r[i - n] + r[i - distance]
 *
 * The distances are those of primitive trinomials, so the row repeats only after about 2^n numbers.  A state of one
 * word is a linear congruence instead.
 */
#include "lock.h"
#include <stdlib.h>

enum { KINDS = 5 };

static const struct {
    unsigned bytes, words, distance;
} kinds[KINDS] = {{8, 1, 0}, {32, 7, 3}, {64, 15, 1}, {128, 31, 3}, {256, 63, 1}};

static uint32_t first_state[32];
static uint32_t *state; /* NULL: srandom(1) has to come first */
static unsigned kind, front;
volatile int __random_lock;

static uint32_t next(void)
{
    uint32_t *r = state + 1;
    unsigned n = kinds[kind].words;
    uint32_t result;

    if (n == 1)
        return r[0] = (r[0] * 1103515245 + 12345) & 0x7fffffff;
    result = r[front] += r[(front + kinds[kind].distance) % n];
    front = (front + 1) % n;
    return result >> 1;
}

/* A row of its own for each seed; the first numbers still show the seed, so they are dropped. */
static void sow(uint32_t seed)
{
    uint32_t *r = state + 1;
    unsigned n = kinds[kind].words;

    r[0] = seed != 0 ? seed : 1;
    for (unsigned i = 1; i < n; i++)
        r[i] = (uint64_t)r[i - 1] * 16807 % 0x7fffffff;
    front = 0;
    for (unsigned i = 0; n > 1 && i < 10 * n; i++)
        next();
}

static void begin(void)
{
    if (state == NULL) {
        state = first_state;
        kind = 3;
        sow(1);
    }
}

static char *leave_state(void)
{
    state[0] = front * KINDS + kind;
    return (char *)state;
}

long random(void)
{
    long result;

    lock_acquire(&__random_lock);
    begin();
    result = next();
    lock_release(&__random_lock);
    return result;
}

void srandom(unsigned seed)
{
    lock_acquire(&__random_lock);
    begin();
    sow(seed);
    lock_release(&__random_lock);
}

/* POSIX initstate: NULL where the state has less than 8 bytes. */
char *initstate(unsigned seed, char *memory, size_t size)
{
    char *old;

    if (size < kinds[0].bytes)
        return NULL;
    lock_acquire(&__random_lock);
    begin();
    old = leave_state();
    for (kind = KINDS - 1; kinds[kind].bytes > size; kind--)
        ;
    state = (uint32_t *)memory;
    sow(seed);
    leave_state();
    lock_release(&__random_lock);
    return old;
}

/* POSIX setstate: NULL for what initstate() did not make. */
char *setstate(char *memory)
{
    uint32_t *wanted = (uint32_t *)memory;
    char *old = NULL;

    lock_acquire(&__random_lock);
    begin();
    leave_state();
    if (wanted[0] / KINDS < kinds[wanted[0] % KINDS].words) {
        old = (char *)state;
        state = wanted;
        kind = wanted[0] % KINDS;
        front = wanted[0] / KINDS;
    }
    lock_release(&__random_lock);
    return old;
}
