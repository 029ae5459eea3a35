/*
 * shm_posix.c - POSIX shared memory objects and shared mappings: every error, different addresses, life without a name,
 * msync.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { page = 4096 };

static char *map(int fd, size_t size, int protection)
{
    char *memory = mmap(NULL, size, protection, MAP_SHARED, fd, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

static void test_names(void)
{
    char longest[NAME_MAX + 3];
    struct stat status;
    int fd;

    memset(longest, 'x', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = '\0';
    shm_unlink("/tap");
    tap_fails(shm_open("/tap", O_RDWR, 0), ENOENT, "POSIX shm_open: ENOENT");
    tap_fails(shm_open("/a/b", O_RDWR | O_CREAT, 0600), EINVAL, "POSIX shm_open: EINVAL, two slashes");
    tap_fails(shm_open("/", O_RDWR | O_CREAT, 0600), EINVAL, "POSIX shm_open: EINVAL, no name");
    tap_fails(shm_open("/..", O_RDWR | O_CREAT, 0600), EINVAL, "POSIX shm_open: EINVAL, a directory's name");
    tap_fails(shm_open(longest, O_RDWR | O_CREAT, 0600), ENAMETOOLONG, "POSIX shm_open: ENAMETOOLONG");
    tap_fails(shm_unlink("/tap"), ENOENT, "POSIX shm_unlink: ENOENT");
    fd = shm_open("/tap", O_RDWR | O_CREAT | O_EXCL, 0640);
    tap_works(fd, "shm_open with O_CREAT | O_EXCL");
    tap_fails(shm_open("/tap", O_RDWR | O_CREAT | O_EXCL, 0640), EEXIST, "POSIX shm_open: EEXIST");
    tap_is(fcntl(fd, F_GETFD), FD_CLOEXEC, "exec closes it");
    tap_ok(fstat(fd, &status) == 0 && status.st_size == 0 && (status.st_mode & 0777) == 0640, "it is empty");
    tap_ok(stat("/dev/shm/tap", &status) == 0 && S_ISREG(status.st_mode), "and a file of /dev/shm");
    tap_ok(stat("/dev/shm", &status) == 0 && (status.st_mode & 07777) == 01777, "where everybody may make one");
    close(fd);
    tap_works(shm_unlink("/tap"), "shm_unlink");
}

static int writes(void *address)
{
    *(volatile char *)address = 1;
    return 0;
}

static int reads(void *address)
{
    return *(volatile char *)address;
}

static void test_mapping(void)
{
    int fd = shm_open("/tap", O_RDWR | O_CREAT, 0600), reader;
    char *one, *two, *seen, *longer;

    tap_works(ftruncate(fd, 2 * page), "ftruncate");
    one = map(fd, 2 * page, PROT_READ | PROT_WRITE);
    two = map(fd, 2 * page, PROT_READ | PROT_WRITE);
    tap_ok(one && two && one != two, "mapped twice");
    strcpy(one + page, "shared");
    tap_is_text(two + page, "shared", "both mappings show the same");
    reader = shm_open("/tap", O_RDONLY, 0);
    tap_fails((long)mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0), EACCES, "POSIX mmap: EACCES");
    seen = map(reader, 2 * page, PROT_READ);
    tap_is_text(seen + page, "shared", "who opened it for reading sees it too");
    tap_fails(mprotect(seen, page, PROT_READ | PROT_WRITE), EACCES, "POSIX mprotect: EACCES");
    tap_is(tap_child_result(writes, one), 0, "a child writes");
    tap_is(two[0], 1, "and its parent sees it");
    longer = map(fd, 3 * page, PROT_READ);
    tap_is(tap_child_result(reads, longer + 2 * page), -SIGBUS, "behind the object's end: SIGBUS");
    munmap(longer, 3 * page);
    tap_works(ftruncate(fd, page), "made smaller");
    tap_is(tap_child_result(reads, one + page), -SIGBUS, "what was mapped and is gone: SIGBUS");
    ftruncate(fd, 2 * page);
    tap_ok(one[page] == 0 && two[page] == 0, "made larger again, it is zero");
    shm_unlink("/tap");
    close(fd);
    close(reader);
    one[5] = 'k';
    tap_is(two[5], 'k', "without a name and a descriptor the memory lives on");
    munmap(one, 2 * page);
    munmap(two, 2 * page);
    munmap(seen, 2 * page);
}

static void test_sync(void)
{
    char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    tap_works(msync(memory, 2 * page, MS_SYNC), "msync");
    tap_works(msync(memory, 100, MS_ASYNC | MS_INVALIDATE), "msync, later");
    tap_fails(msync(memory + 1, page, MS_SYNC), EINVAL, "POSIX msync: EINVAL, not aligned");
    tap_fails(msync(memory, page, MS_SYNC | MS_ASYNC), EINVAL, "POSIX msync: EINVAL, both at once");
    tap_fails(msync(memory, page, 64), EINVAL, "POSIX msync: EINVAL, no such flag");
    munmap(memory + page, page);
    tap_fails(msync(memory, 2 * page, MS_SYNC), ENOMEM, "POSIX msync: ENOMEM");
    munmap(memory, page);
}

static int as_guest(void *unused)
{
    (void)unused;
    if (setgid(1001) != 0 || setuid(1001) != 0)
        return 1;
    if (shm_open("/tap", O_RDWR, 0) != -1 || errno != EACCES)
        return 2;
    if (shm_unlink("/tap") != -1 || errno != EACCES)
        return 3;
    return shm_open("/tap", O_RDONLY, 0) >= 0 ? 0 : 4;
}

static void test_permissions(void)
{
    int fd = shm_open("/tap", O_RDWR | O_CREAT, 0604);

    close(fd);
    tap_is(tap_child_result(as_guest, NULL), 0, "POSIX shm_open: EACCES, shm_unlink: EACCES (another user)");
    shm_unlink("/tap");
}

/* A shared mapping without a name goes from parent to child, and from that to its child. */
static int grandchild(void *memory)
{
    ((char *)memory)[1] = 'g';
    return 0;
}

static int child(void *memory)
{
    ((char *)memory)[0] = 'c';
    return tap_child_result(grandchild, memory);
}

static void test_anonymous(void)
{
    char *memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    tap_is(tap_child_result(child, memory), 0, "two generations write into shared memory without a name");
    tap_ok(memory[0] == 'c' && memory[1] == 'g', "the first sees what both wrote");
    munmap(memory, page);
}

int main(void)
{
    tap_begin();
    test_names();
    test_mapping();
    test_sync();
    test_permissions();
    test_anonymous();
    return tap_end();
}
