/*
 * main.c - why is it stuck?  why [-a | PID...]: for each thread, what it waits for, who has that, what that one waits
 * for, and so on to the end, or round in a circle, which is a deadlock.
 *
 * Without a number, and with -a, it looks at every thread that waits, and says at the end which deadlocks there are; a
 * line for each thread then, as whoever it waits for has a line as well.  All is read from /proc: one sees what one may
 * look into, and of other users' processes as much as ps shows.
 *
 * A deadlock is a circle in which each waits for exactly the next one, and none with a time limit.  Where one of
 * several could end the wait, "any of" them stands there, and the walk ends.  Nothing stands still for why: what it
 * tells of threads that run is of a moment, or of two.
 *
 * Status: 0, 1 for trouble, 2 if there is a deadlock.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/util.h"
#include "why.h"

enum { trouble = 1, deadlock = 2, names_shown = 6 };

static int status;

static void print_name(const struct thread *thread)
{
    printf("%d %s", thread->tid, thread->name);
    if (thread->tid != thread->pid)
        printf(" of process %d", thread->pid);
}

/* How many of the holders from `first` on are threads of one process. */
static size_t of_one_process(const struct thread *thread, size_t first)
{
    size_t i = first;

    while (i < thread->holder_count && thread_find(thread->holders[i])->pid == thread_find(thread->holders[first])->pid)
        i++;
    return i - first;
}

static void print_process(int pid, size_t count)
{
    const struct thread *first = thread_find(pid);

    printf("%d %s (%zu threads)", pid, first ? first->name : "?", count);
}

static void print_holders(const struct thread *thread)
{
    size_t i = 0, group;

    if (thread->holder_count == 0)
        return;
    printf(", %s %s", thread->relation, of_one_process(thread, 0) < thread->holder_count ? "any of " : "");
    for (int shown = 0; i < thread->holder_count && shown < names_shown; i += group, shown++) {
        const struct thread *holder = thread_find(thread->holders[i]);

        group = of_one_process(thread, i);
        printf("%s", i > 0 ? ", " : "");
        if (holder == thread)
            printf("itself alone");
        else if (group > 1)
            print_process(holder->pid, group);
        else
            print_name(holder);
    }
    if (i < thread->holder_count)
        printf(" and %zu more", thread->holder_count - i);
}

static void print_ended(const struct thread *thread)
{
    const struct thread *parent = thread_find(thread->parent);

    printf(": has ended, and ");
    if (parent)
        print_name(parent);
    else
        printf("its parent");
    printf(" has not waited for it");
}

static void print_thread(const struct thread *thread)
{
    const char *place = place_of(thread);

    print_name(thread);
    if (thread->state == 'Z')
        print_ended(thread);
    else if (!*thread->reason)
        printf(thread->state == 'T' ? ": is stopped" : ": can run");
    else
        printf(": waits for %s", thread->what);
    print_holders(thread);
    if (thread->limited)
        printf(", with a time limit");
    printf(*place ? "; in %s\n" : "\n", place);
}

/* The only one that can end its wait, or NULL. */
static struct thread *next_of(const struct thread *thread)
{
    return thread->holder_count == 1 ? thread_find(thread->holders[0]) : NULL;
}

/* Does one of the circle give up after a time? */
static bool circle_ends(const struct thread *first)
{
    const struct thread *thread = first;

    do {
        if (thread->limited)
            return true;
        thread = next_of(thread);
    } while (thread != first);
    return false;
}

static void print_circle(const struct thread *first)
{
    const struct thread *thread = first;
    bool ends = circle_ends(first);

    printf(ends ? "circle with a time limit: " : "deadlock: ");
    do {
        print_name(thread);
        printf(" waits for ");
        thread = next_of(thread);
    } while (thread != first);
    print_name(first);
    putchar('\n');
    if (!ends)
        status = deadlock;
}

/* From one to the next, until there is none, or one that was met before. */
static void walk(struct thread *thread)
{
    for (; thread && !thread->visited; thread = next_of(thread)) {
        thread->visited = true;
        print_thread(thread);
    }
}

/* Is it part of a circle, and its member with the lowest number? */
static bool heads_circle(const struct thread *thread)
{
    const struct thread *at = next_of(thread);

    for (size_t steps = 0; at && at != thread && steps < thread_count; steps++) {
        if (at < thread)
            return false;
        at = next_of(at);
    }
    return at == thread;
}

static void print_circles(bool of_visited)
{
    for (size_t i = 0; i < thread_count; i++)
        if ((!of_visited || threads[i].visited) && heads_circle(&threads[i]))
            print_circle(&threads[i]);
}

static void print_all(void)
{
    for (size_t i = 0; i < thread_count; i++)
        if (threads[i].pid != getpid())
            print_thread(&threads[i]);
    print_circles(false);
    if (status != deadlock)
        puts("no deadlock");
}

/* The threads of a process, or one thread, and what they wait for. */
static void print_one(int number)
{
    struct thread *thread = thread_find(number);
    bool process = thread_of_process(number, NULL) != NULL;

    if (!thread && !process) {
        util_warnx("%d: no such process", number);
        status = trouble;
    } else if (!process) {
        walk(thread);
    }
    for (thread = NULL; (thread = thread_of_process(number, thread));)
        walk(thread);
}

int main(int argc, char **argv)
{
    bool all = false;

    util_start("why", "[-a | PID...]", trouble);
    for (int option; (option = getopt(argc, argv, "a")) != -1;) {
        if (option == '?')
            util_usage();
        all = true;
    }
    if (all && optind < argc)
        util_usage();
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* the log takes a line at a time */
    threads_read();
    for (size_t i = 0; i < thread_count; i++)
        wait_explain(&threads[i]);
    if (optind == argc)
        print_all();
    for (int i = optind; i < argc; i++)
        print_one((int)util_number(argv[i], 1, 0x7fffffff, "pid"));
    if (optind < argc)
        print_circles(true);
    return util_finish(status);
}
