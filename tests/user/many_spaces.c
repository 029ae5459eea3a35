/*
 * many_spaces.c - more live address spaces than the hardware has identifiers (255): each process sees its own memory,
 * through rounds of switches between all of them; and a long row of short lives.
 */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define PROCESSES 300
#define ROUNDS 4
#define PAGES 3

static volatile uint32_t memory[PAGES][1024];

static void fill(uint32_t seed)
{
    for (int page = 0; page < PAGES; page++)
        memory[page][seed % 1024] = seed * 2654435761u + (uint32_t)page;
}

static bool holds(uint32_t seed)
{
    for (int page = 0; page < PAGES; page++)
        if (memory[page][seed % 1024] != seed * 2654435761u + (uint32_t)page)
            return false;
    return true;
}

/* Wait for a byte of the token's ring, look at the own memory, change it, pass the token on. */
static int member(int number, int in, int out)
{
    uint32_t seed = (uint32_t)number;
    char token;

    fill(seed);
    for (int round = 0; round < ROUNDS; round++) {
        if (read(in, &token, 1) != 1 || !holds(seed))
            return 1;
        seed += 1000;
        fill(seed);
        if (write(out, &token, 1) != 1)
            return 2;
    }
    return 0;
}

/* A ring of pipes would want 600 descriptors: one pipe serves all, whoever reads first goes on. */
static void test_ring(void)
{
    static pid_t pids[PROCESSES];
    int ring[2], started = 0, wrong = 0;

    if (pipe(ring) != 0)
        tap_give_up("pipe");
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            _exit(member(i, ring[0], ring[1]));
        started += pids[i] > 0;
    }
    tap_is(started, PROCESSES, "so many processes live at once");
    for (int i = 0; i < 20; i++)
        if (write(ring[1], "t", 1) != 1)
            tap_give_up("write");
    for (int i = 0; i < PROCESSES; i++)
        wrong += tap_wait(pids[i]) != 0;
    tap_is(wrong, 0, "each found its own memory in every round");
    close(ring[0]);
    close(ring[1]);
}

static int short_life(void *seed)
{
    fill((uint32_t)(uintptr_t)seed);
    return holds((uint32_t)(uintptr_t)seed) ? 0 : 1;
}

static void test_row(void)
{
    int wrong = 0;

    fill(7);
    for (uintptr_t i = 0; i < 600; i++)
        wrong += tap_child(short_life, (void *)i) != 0;
    tap_is(wrong, 0, "600 lives one after the other");
    tap_ok(holds(7), "the parent's memory is as it was");
}

int main(void)
{
    tap_begin();
    test_ring();
    test_row();
    return tap_end();
}
