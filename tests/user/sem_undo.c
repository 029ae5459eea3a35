/*
 * sem_undo.c - SEM_UNDO: what a process did to System V semaphores is taken back when it ends, at SIGKILL, too.
 *
 * Usage: sem_undo [seed]
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"
#include "sysv_objects.h"
#include "tap.h"

static volatile int *counter;
static pid_t sleeping(int (*body)(void *), void *context)
{
    pid_t pid = tap_start(body, context);

    if (!tap_until(tap_is_asleep, &pid))
        tap_give_up("a child does not sleep");
    return pid;
}

static int takes_with_undo(void *stays)
{
    if (set_operate(0, -1, SEM_UNDO) != 0)
        return errno;
    if (stays != NULL)
        pause();
    return 0;
}

static int undoes_nothing(void *unused)
{
    (void)unused;
    set_operate(0, -1, SEM_UNDO);
    set_operate(0, 1, SEM_UNDO);
    set_operate(0, 3, 0);
    return 0;
}

static int assigned_over(void *unused)
{
    (void)unused;
    set_operate(0, 5, SEM_UNDO);
    set_assign(0, 2);
    return 0;
}

static int adds_too_much(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        if (set_operate(0, 20000, SEM_UNDO) != 0)
            return errno;
        set_assign(1, 0);
        set_operate(0, -20000, 0);
    }
    return 0;
}

static int forks_then_ends(void *unused)
{
    (void)unused;
    set_operate(0, -1, SEM_UNDO);
    if (fork() == 0)
        _exit(0); /* has nothing to undo */
    wait(NULL);
    return set_value(0);
}

static void test_undo(void)
{
    pid_t holder, waiter;

    set_make(2);
    set_assign(0, 1);
    tap_is(tap_child_result(takes_with_undo, NULL), 0, "a unit taken with SEM_UNDO");
    tap_is(set_value(0), 1, "is back when the process ends");
    holder = sleeping(takes_with_undo, &the_set);
    tap_is(set_value(0), 0, "one process holds the unit");
    waiter = sleeping(takes_with_undo, NULL);
    kill(holder, SIGKILL);
    tap_is(tap_wait(holder), SIGKILL, "it is killed");
    tap_is(tap_wait(waiter), 0, "and who waits gets the unit (SEM_UNDO after SIGKILL)");
    tap_is(set_value(0), 1, "which comes back again");
    tap_is(tap_child_result(undoes_nothing, NULL), 0, "what cancels out leaves nothing to undo");
    tap_is(set_value(0), 4, "and what was done without SEM_UNDO stays");
    tap_child_result(assigned_over, NULL);
    tap_is(set_value(0), 2, "SETVAL forgets what was to be undone");
    set_assign(0, 0);
    tap_is(tap_child_result(adds_too_much, NULL), ERANGE, "POSIX semop: ERANGE, more than can be undone");
    set_assign(0, 2);
    tap_is(tap_child_result(forks_then_ends, NULL), 1, "a child inherits nothing to undo");
    tap_is(set_value(0), 2, "its parent undoes its own");
    holder = sleeping(takes_with_undo, &the_set);
    set_drop();
    kill(holder, SIGKILL);
    tap_is(tap_wait(holder), SIGKILL, "a set that is removed needs no undoing");
}

/* Under one semaphore with SEM_UNDO, members are killed at random: the others never stand still, and count right. */
static int works(void *unused)
{
    (void)unused;
    for (;;) {
        int seen;

        if (set_operate(0, -1, SEM_UNDO) != 0)
            return errno;
        seen = *counter;
        *counter = seen + 1;
        if (set_operate(0, 1, SEM_UNDO) != 0)
            return errno;
    }
}

static bool has_counted(void *before)
{
    return *counter != *(int *)before;
}

static bool goes_on(void)
{
    int before = *counter;

    return tap_until(has_counted, &before);
}

static void test_killing(unsigned seed)
{
    static const struct stress stress = {works, .workers = 4, .kills = 60, .longest = 1000000, .goes_on = goes_on};

    tap_note("seed %u", seed);
    srand(seed);
    counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    set_make(1);
    set_assign(0, 1);
    tap_is(stress_run(&stress), 0, "sixty times one was killed, and the others went on");
    tap_is(set_value(0), 1, "in the end the semaphore is free");
    set_drop();
}

int main(int argc, char **argv)
{
    tap_begin();
    test_undo();
    test_killing(argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 4711);
    return tap_end();
}
