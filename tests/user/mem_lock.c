/*
 * mem_lock.c - mlock, mlockall and their undoing: pages that are there before they are touched, the limit, every error.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tap.h"

enum { page = 4096, ordinary_user = 1000 };

static char *map(size_t pages, int protection)
{
    char *memory = mmap(NULL, pages * page, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        tap_give_up("mmap of %zu pages: %s", pages, strerror(errno));
    return memory;
}

/* How many of these pages are in memory; -1: not all is mapped. */
static int resident(const void *memory, size_t pages)
{
    unsigned char there[64];
    int count = 0;

    if (mincore((void *)memory, pages * page, there) != 0)
        return -1;
    for (size_t i = 0; i < pages; i++)
        count += there[i];
    return count;
}

static int faults(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return use.ru_minflt;
}

static void test_lock(void)
{
    char *memory = map(8, PROT_READ | PROT_WRITE), *reads = map(4, PROT_READ);

    tap_is(resident(memory, 8), 0, "what nobody touched is not in memory");
    memory[page] = 1;
    tap_is(resident(memory, 8), 1, "what was touched is");
    tap_works(mlock(memory + 2 * page + 5, 3 * page - 5), "mlock");
    tap_is(resident(memory, 8), 4, "brings the pages of its range in");
    int before = faults();
    memset(memory + 2 * page, 1, 3 * page);
    tap_is(faults(), before, "to touch them costs no fault");
    tap_works(mlock(memory, 8 * page), "what is locked in part can be locked whole");
    tap_is(resident(memory, 8), 8, "all of it");
    tap_works(mlock(reads, 4 * page), "what cannot be written can be locked");
    tap_is(resident(reads, 4), 4, "and is in memory");
    tap_works(munlock(memory + page, page), "a part of it can be unlocked");
    tap_works(munlock(memory, 8 * page), "and all of it, locked or not");
    tap_is(resident(memory, 8), 8, "it stays in memory");
    tap_works(mlock(memory, 0), "no bytes can be locked");
    munmap(memory, 8 * page);
    munmap(reads, 4 * page);
}

static void test_errors(void)
{
    char *memory = map(4, PROT_READ | PROT_WRITE);

    munmap(memory + page, page);
    tap_fails(mlock(memory, 3 * page), ENOMEM, "POSIX mlock: ENOMEM (a hole)");
    tap_fails(munlock(memory, 3 * page), ENOMEM, "POSIX munlock: ENOMEM (a hole)");
    tap_fails(mlock((void *)0x80000000, page), ENOMEM, "POSIX mlock: ENOMEM (the kernel's)");
    tap_fails(mlock(memory, 0xffffffff), ENOMEM, "POSIX mlock: ENOMEM (it wraps)");
    mprotect(memory + 2 * page, page, PROT_NONE);
    tap_fails(mlock(memory + 2 * page, 2 * page), ENOMEM, "POSIX mlock: ENOMEM (a page that cannot be accessed)");
    tap_fails(mlockall(0), EINVAL, "POSIX mlockall: EINVAL (nothing)");
    tap_fails(mlockall(64), EINVAL, "POSIX mlockall: EINVAL (an unknown flag)");
    mlock(memory, page);
    tap_fails(msync(memory, page, MS_SYNC | MS_INVALIDATE), EBUSY, "POSIX msync: EBUSY");
    tap_works(msync(memory, page, MS_SYNC), "msync without MS_INVALIDATE does not mind");
    tap_fails(madvise(memory, page, MADV_DONTNEED), EINVAL, "madvise: what is locked is needed");
    munmap(memory, page);
    munmap(memory + 2 * page, 2 * page);
}

static void set_limit(rlim_t pages)
{
    struct rlimit limit = {.rlim_cur = pages * page, .rlim_max = RLIM_INFINITY};

    setrlimit(RLIMIT_MEMLOCK, &limit);
}

/* An ordinary user with a limit of three pages: 0, or the line of what was wrong. */
#define EXPECT(condition) \
    if (!(condition))     \
    return __LINE__ - 90

static int limited(void *context)
{
    char *memory = context;

    set_limit(3);
    EXPECT(mlock(memory, 8 * page) == 0); /* the superuser has no limit */
    munlock(memory, 8 * page);
    setuid(ordinary_user);
    EXPECT(mlock(memory, 4 * page) == -1 && errno == ENOMEM);
    EXPECT(mlock(memory, 2 * page) == 0);
    EXPECT(mlock(memory, 3 * page) == 0); /* two of them are counted already */
    EXPECT(mlock(memory + 4 * page, page) == -1 && errno == ENOMEM);
    EXPECT(munlock(memory + page, page) == 0 && mlock(memory + 4 * page, page) == 0);
    EXPECT(munmap(memory + 4 * page, page) == 0 && mlock(memory + 5 * page, page) == 0);
    EXPECT(mlockall(MCL_CURRENT) == -1 && errno == ENOMEM);
    set_limit(0);
    EXPECT(mlock(memory, page) == -1 && errno == EPERM);
    EXPECT(mlockall(MCL_FUTURE) == -1 && errno == EPERM);
    EXPECT(munlock(memory, page) == 0 && munlockall() == 0);
    return 0;
}

static int grandchild(void *context)
{
    (void)context;
    char *memory = map(2, PROT_READ | PROT_WRITE);
    EXPECT(resident(memory, 2) == 0);
    EXPECT(madvise(memory, page, MADV_DONTNEED) == 0);
    return 0;
}

static int locks_all(void *context)
{
    char *old = context, *memory;

    EXPECT(mlockall(MCL_FUTURE) == 0 && resident(old, 8) == 0);
    memory = map(4, PROT_READ | PROT_WRITE);
    EXPECT(resident(memory, 4) == 4);
    EXPECT(sbrk(16 * page) != (void *)-1);
    char *end = (char *)(((unsigned)sbrk(0) - 1) & -page);
    EXPECT(resident(end - 8 * page, 8) == 8);
    EXPECT(madvise(memory, page, MADV_DONTNEED) == -1 && errno == EINVAL);
    EXPECT(map(4, PROT_NONE) != MAP_FAILED);
    EXPECT(tap_child_result(grandchild, NULL) == 0);
    EXPECT(mlockall(MCL_CURRENT) == 0 && resident(old, 8) == 8);
    EXPECT(resident(map(4, PROT_READ | PROT_WRITE), 4) == 0); /* the future is not asked for any more */
    EXPECT(munlockall() == 0 && madvise(memory, page, MADV_DONTNEED) == 0);
    EXPECT(mlockall(MCL_CURRENT | MCL_FUTURE) == 0);
    set_limit(1);
    setuid(ordinary_user);
    EXPECT(mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM);
    EXPECT(sbrk(4 * page) == (void *)-1 && errno == ENOMEM);
    EXPECT(munlockall() == 0 && map(1, PROT_READ) != MAP_FAILED);
    return 0;
}

/* More than there is: refused, and the caller lives. */
static int too_much(void *context)
{
    size_t size = 1u << 30;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    (void)context;
    return memory != MAP_FAILED && mlock(memory, size) == -1 && errno == EAGAIN ? 0 : 1;
}

int main(void)
{
    tap_begin();
    test_lock();
    test_errors();
    char *memory = map(8, PROT_READ | PROT_WRITE);
    tap_is(tap_child_result(limited, memory), 0, "RLIMIT_MEMLOCK: ENOMEM past it, EPERM where it is 0");
    tap_is(tap_child_result(locks_all, memory), 0, "mlockall: what is there, what comes, and neither");
    tap_is(tap_child_result(too_much, NULL), 0, "POSIX mlock: EAGAIN");
    munmap(memory, 8 * page);
    return tap_end();
}
