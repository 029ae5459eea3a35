/*
 * shm_sysv.c - System V shared memory: every error, addresses, who counts as attached, removal that waits.
 */
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"

enum { key = 0x7a52, page = 4096 };

static int segment;

static int attached(void)
{
    struct shmid_ds status;

    return shmctl(segment, IPC_STAT, &status) == 0 ? (int)status.shm_nattch : -errno;
}

static void test_get(void)
{
    tap_fails(shmget(key, page, 0), ENOENT, "POSIX shmget: ENOENT");
    tap_fails(shmget(key, 0, IPC_CREAT | 0600), EINVAL, "POSIX shmget: EINVAL, no size");
    tap_fails(shmget(key, 0x7f000000, IPC_CREAT | 0600), EINVAL, "POSIX shmget: EINVAL, too large");
    segment = shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0640);
    tap_works(segment, "shmget makes a segment");
    tap_is(shmget(key, 0, 0), segment, "and finds it");
    tap_fails(shmget(key, 10001, 0), EINVAL, "POSIX shmget: EINVAL, larger than it is");
    tap_fails(shmget(key, 1, IPC_CREAT | IPC_EXCL), EEXIST, "POSIX shmget: EEXIST");
}

static void test_control(void)
{
    struct shmid_ds status;

    tap_fails(shmctl(segment, 999, &status), EINVAL, "POSIX shmctl: EINVAL, no such command");
    tap_fails(shmctl(-1, IPC_STAT, &status), EINVAL, "POSIX shmctl: EINVAL, no identifier");
    tap_fails(shmctl(segment, IPC_STAT, (void *)16), EFAULT, "shmctl: EFAULT");
    tap_works(shmctl(segment, IPC_STAT, &status), "IPC_STAT");
    tap_ok(status.shm_segsz == 10000 && status.shm_cpid == getpid() && status.shm_nattch == 0 &&
               status.shm_perm.mode == 0640 && status.shm_atime == 0 && status.shm_ctime > 0,
           "tells what the segment is");
    status.shm_perm.mode = 0604;
    tap_works(shmctl(segment, IPC_SET, &status), "IPC_SET");
    shmctl(segment, IPC_STAT, &status);
    tap_is(status.shm_perm.mode, 0604, "sets");
    tap_works(shmctl(segment, SHM_LOCK, NULL), "SHM_LOCK");
    tap_works(shmctl(segment, SHM_UNLOCK, NULL), "SHM_UNLOCK");
}

static int writes(void *address)
{
    *(volatile char *)address = 1;
    return 0;
}

static void test_addresses(void)
{
    char *one = shmat(segment, NULL, 0), *two, *hint, *third;

    tap_ok(one != (void *)-1, "shmat");
    two = shmat(segment, NULL, SHM_RDONLY);
    tap_ok(two != (void *)-1 && two != one, "and again, at another address");
    strcpy(one + 9000, "across");
    tap_is_text(two + 9000, "across", "both show the same bytes");
    tap_is(tap_child_result(writes, two), -SIGSEGV, "SHM_RDONLY cannot be written");
    tap_fails(mprotect(two, page, PROT_READ | PROT_WRITE), EACCES, "nor made so");
    tap_is(attached(), 2, "two are attached");
    tap_works(shmdt(two), "shmdt");
    tap_fails(shmdt(two), EINVAL, "POSIX shmdt: EINVAL");
    tap_fails(shmdt(one + page), EINVAL, "POSIX shmdt: EINVAL, not the start");
    hint = two;
    tap_fails((long)shmat(segment, hint + 1, 0), EINVAL, "POSIX shmat: EINVAL, not aligned");
    third = shmat(segment, hint + 100, SHM_RND);
    tap_ok(third == hint, "with SHM_RND it is rounded down");
    tap_fails((long)shmat(segment, hint, 0), EINVAL, "POSIX shmat: EINVAL, there is something");
    tap_is(attached(), 2, "and nothing is left attached");
    third[0] = 'x';
    tap_ok(shmat(segment, hint, SHM_REMAP) == hint && hint[0] == 'x', "SHM_REMAP puts it over what is there");
    tap_is(attached(), 2, "which is attached no more");
    tap_fails((long)shmat(segment, NULL, SHM_REMAP), EINVAL, "shmat: EINVAL, SHM_REMAP wants an address");
    tap_fails((long)shmat(999999, NULL, 0), EINVAL, "POSIX shmat: EINVAL, no such segment");
    tap_works(munmap(hint, 3 * page), "munmap");
    tap_is(attached(), 1, "detaches as well");
    tap_works(shmdt(one), "shmdt");
    tap_is(attached(), 0, "nobody is attached");
}

static int sees_one_more(void *unused)
{
    (void)unused;
    return attached();
}

static int execs(void *unused)
{
    (void)unused;
    return execl("/bin/true", "true", NULL);
}

static int stays(void *unused)
{
    (void)unused;
    pause();
    return 0;
}

static void test_processes(void)
{
    char *memory = shmat(segment, NULL, 0);
    pid_t child;

    tap_is(tap_child_result(sees_one_more, NULL), 2, "a forked child is attached too");
    tap_is(attached(), 1, "until it ends");
    tap_is(tap_child_result(execs, NULL), 0, "one that executes a program");
    tap_is(attached(), 1, "is not");
    child = tap_start_asleep(stays, NULL);
    tap_is(attached(), 2, "one that stays is");
    tap_kill(child);
    tap_is(attached(), 1, "until it is killed");
    shmdt(memory);
}

static int attaches_marked(void *unused)
{
    char *memory = shmat(segment, NULL, 0);

    (void)unused;
    return memory != (void *)-1 && strcmp(memory, "still here") == 0 ? 0 : 1;
}

static void test_removal(void)
{
    char *memory = shmat(segment, NULL, 0);
    struct shmid_ds status;
    pid_t child;

    strcpy(memory, "still here");
    child = tap_start_asleep(stays, NULL);
    tap_works(shmctl(segment, IPC_RMID, NULL), "IPC_RMID of one that is attached");
    tap_fails(shmget(key, 0, 0), ENOENT, "its key finds it no more");
    tap_is_text(memory, "still here", "but it is there");
    shmctl(segment, IPC_STAT, &status);
    tap_is(status.shm_perm.mode & SHM_DEST, SHM_DEST, "marked SHM_DEST");
    tap_is(tap_child_result(attaches_marked, NULL), 0, "and can be attached by its identifier");
    shmdt(memory);
    tap_is(attached(), 1, "the other process has it still");
    tap_kill(child);
    tap_fails(shmctl(segment, IPC_STAT, &status), EINVAL, "with its end it is gone");
    segment = shmget(IPC_PRIVATE, 1, 0600);
    tap_works(shmctl(segment, IPC_RMID, NULL), "IPC_RMID of one that nobody has");
    tap_fails((long)shmat(segment, NULL, 0), EINVAL, "ends it at once");
}

static int as_guest(void *unused)
{
    struct shmid_ds status = {0};

    (void)unused;
    if (setgid(1001) != 0 || setuid(1001) != 0)
        return 1;
    if (shmget(key, 0, 0600) != -1 || errno != EACCES)
        return 2;
    if (shmat(segment, NULL, 0) != (void *)-1 || errno != EACCES)
        return 3;
    if (shmat(segment, NULL, SHM_RDONLY) == (void *)-1)
        return 4;
    if (shmctl(segment, IPC_RMID, NULL) != -1 || errno != EPERM)
        return 5;
    return shmctl(segment, IPC_SET, &status) == -1 && errno == EPERM ? 0 : 6;
}

static void test_permissions(void)
{
    segment = shmget(key, page, IPC_CREAT | 0604);
    tap_is(tap_child_result(as_guest, NULL), 0, "POSIX shmget, shmat: EACCES, shmctl: EPERM (another user)");
    shmctl(segment, IPC_RMID, NULL);
}

static int posts_there(void *parent)
{
    sem_t *sem = shmat(segment, NULL, 0);

    tap_until(tap_is_asleep, parent);
    sem_post(sem);
    return attached();
}

static void test_semaphore_inside(void)
{
    pid_t child, self = getpid();
    sem_t *sem;

    segment = shmget(IPC_PRIVATE, page, 0600);
    sem = shmat(segment, NULL, 0);
    sem_init(sem, 1, 0);
    shmdt(sem);
    child = tap_start(posts_there, &self);
    sem = shmat(segment, NULL, 0);
    tap_works(sem_wait(sem), "a POSIX semaphore in a segment, which each process has at an address of its own");
    tap_is(WEXITSTATUS(tap_wait(child)), 2, "who sleeps there counts once");
    shmdt(sem);
    shmctl(segment, IPC_RMID, NULL);
}

static void test_limits(void)
{
    long count = limit_change("/proc/sys/kernel/shmmni", 0), pages, size;

    tap_fails(shmget(IPC_PRIVATE, page, 0600), ENOSPC, "POSIX shmget: ENOSPC, no more segments");
    limit_change("/proc/sys/kernel/shmmni", count);
    pages = limit_change("/proc/sys/kernel/shmall", 2);
    tap_fails(shmget(IPC_PRIVATE, 3 * page, 0600), ENOSPC, "POSIX shmget: ENOSPC, no more memory");
    segment = shmget(IPC_PRIVATE, 2 * page, 0600);
    tap_works(shmctl(segment, IPC_RMID, NULL), "what the limit allows can be made");
    limit_change("/proc/sys/kernel/shmall", pages);
    size = limit_change("/proc/sys/kernel/shmmax", page);
    tap_fails(shmget(IPC_PRIVATE, page + 1, 0600), EINVAL, "POSIX shmget: EINVAL, larger than shmmax");
    limit_change("/proc/sys/kernel/shmmax", size);
}

int main(void)
{
    tap_begin();
    test_get();
    test_control();
    test_addresses();
    test_processes();
    test_removal();
    test_permissions();
    test_semaphore_inside();
    test_limits();
    return tap_end();
}
