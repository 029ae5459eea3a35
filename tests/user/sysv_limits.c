/*
 * sysv_limits.c - System V objects are not all for one user: his share of each kind, and the superuser's reserve.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#include "ask.h"
#include "sysv_objects.h"
#include "tap.h"

enum { objects = 32, share = objects / 2, reserve = objects / 16 };

static int make_queue(void)
{
    return msgget(IPC_PRIVATE, 0600);
}

static int make_set(void)
{
    return semget(IPC_PRIVATE, 1, 0600);
}

static int make_segment(void)
{
    return shmget(IPC_PRIVATE, 4096, 0600);
}

static const struct kind {
    const char *name, *limit;
    int (*make)(void);
    int (*remove)(int id);
} kinds[] = {
    {"queues", "/proc/sys/kernel/msgmni", make_queue, sysv_remove_queue},
    {"sets", "/proc/sys/kernel/semmni", make_set, sysv_remove_set},
    {"segments", "/proc/sys/kernel/shmmni", make_segment, sysv_remove_segment},
};

/* What all processes of the test have made. */
static struct {
    int count, ids[objects];
} * made;

struct maker {
    const struct kind *kind;
    uid_t user;
};

/* Make as many as there may be; exits with how many. */
static int makes_all(void *context)
{
    const struct maker *maker = context;
    int before = made->count, id;

    if (setuid(maker->user) != 0)
        return 100;
    while (made->count < objects && (id = maker->kind->make()) != -1)
        made->ids[made->count++] = id;
    return made->count == objects || errno == ENOSPC ? made->count - before : 101;
}

static int make_as(const struct kind *kind, uid_t user)
{
    return tap_child_result(makes_all, &(struct maker){kind, user});
}

static void test_kind(const struct kind *kind)
{
    long before = limit_change(kind->limit, objects);
    int wrong = 0;

    made->count = 0;
    tap_is(make_as(kind, 1000), share, "POSIX msgget, semget, shmget: ENOSPC, %s: a user has half at most", kind->name);
    tap_is(make_as(kind, 1000), 0, "whatever process of his asks");
    tap_is(make_as(kind, 1001), share - reserve, "two users leave a sixteenth alone");
    tap_is(make_as(kind, 0), reserve, "for the superuser");
    wrong += kind->remove(made->ids[0]) != 0;
    made->count--;
    made->ids[0] = made->ids[made->count];
    tap_is(make_as(kind, 1000), 0, "one that he has removed is his again, but for the reserve");
    tap_is(make_as(kind, 0), 1, "which the superuser may use");
    while (made->count > 0)
        wrong += kind->remove(made->ids[--made->count]) != 0;
    tap_is(wrong, 0, "all are removed");
    tap_is(make_as(kind, 1000), share, "then he may have his share again");
    while (made->count > 0)
        kind->remove(made->ids[--made->count]);
    limit_change(kind->limit, before);
}

static void test_semaphores(void)
{
    long before = limit_change("/proc/sys/kernel/semmns", 32);
    int id;

    if (seteuid(1000) != 0)
        tap_give_up("seteuid");
    tap_fails(semget(IPC_PRIVATE, 31, 0600), ENOSPC, "POSIX semget: ENOSPC, a sixteenth of semmns is the superuser's");
    tap_works(id = semget(IPC_PRIVATE, 30, 0600), "the rest is anybody's");
    seteuid(0);
    tap_works(semctl(id, 0, IPC_RMID), "the superuser removes it");
    tap_works(id = semget(IPC_PRIVATE, 32, 0600), "and may have all");
    semctl(id, 0, IPC_RMID);
    limit_change("/proc/sys/kernel/semmns", before);
}

int main(void)
{
    tap_begin();
    made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        test_kind(&kinds[i]);
    test_semaphores();
    return tap_end();
}
