/*
 * mem_file.c - files in memory: who may map what, the times that a write through a mapping marks, msync, madvise.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { page = 4096, pages = 4 };

static struct timespec marked;

static void *map(int fd, int protection, int flags)
{
    return mmap(NULL, pages * page, protection, flags, fd, 0);
}

/* Remember when the file was changed, and let the clock go on. */
static void mark(int fd)
{
    static const struct timespec little = {.tv_nsec = 1000000};
    struct stat status;

    fstat(fd, &status);
    marked = status.st_mtim;
    nanosleep(&little, NULL);
}

/* Were st_mtime and st_ctime both moved since mark(), or neither? -1: one of them. */
static int moved(int fd)
{
    struct stat status;

    fstat(fd, &status);
    int data = memcmp(&status.st_mtim, &marked, sizeof marked) != 0;
    int state = memcmp(&status.st_ctim, &marked, sizeof marked) != 0;
    return data == state ? data : -1;
}

static void test_times(int fd)
{
    volatile char *memory = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
    volatile char *private = map(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);

    mark(fd);
    (void)memory[0];
    private[0] = 1;
    msync((void *)memory, pages * page, MS_SYNC);
    tap_is(moved(fd), 0, "a read, a write to a private mapping, an msync of nothing: the times stay");
    memory[0] = 1;
    tap_is(moved(fd), 1, "POSIX mmap: a write marks st_mtime and st_ctime");
    mark(fd);
    memory[1] = 2;
    msync((void *)memory, page, MS_ASYNC);
    tap_is(moved(fd), 1, "POSIX msync: and so does a second one, at the next msync");
    mark(fd);
    msync((void *)memory, page, MS_SYNC);
    tap_is(moved(fd), 0, "an msync after it finds nothing new");
    memory[1] = 3;
    tap_is(moved(fd), 1, "the write behind it is noticed again");
    mark(fd);
    memory[2] = 4;
    munmap((void *)memory, pages * page);
    tap_is(moved(fd), 1, "POSIX munmap: marks what was written");
    mark(fd);
    munmap((void *)private, pages * page);
    tap_is(moved(fd), 0, "the end of a private mapping marks nothing");
}

static int writes_and_ends(void *memory)
{
    memset(memory, 7, page);
    return 0;
}

static void test_times_of_others(int fd)
{
    char *memory = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED);

    mark(fd);
    tap_is(tap_child_result(writes_and_ends, memory), 0, "a child writes through its parent's mapping");
    tap_is(moved(fd), 1, "which marks the file");
    tap_is(memory[5], 7, "and is seen");
    munmap(memory, pages * page);
}

static void test_permission(int fd)
{
    int reads = open("file", O_RDONLY), writes = open("file", O_WRONLY), ends[2], folder = open(".", O_RDONLY);

    tap_fails((long)map(writes, PROT_READ, MAP_PRIVATE), EACCES, "POSIX mmap: EACCES (not open for reading)");
    tap_fails((long)map(writes, PROT_WRITE, MAP_SHARED), EACCES, "POSIX mmap: EACCES (for writing only)");
    tap_fails((long)map(reads, PROT_WRITE, MAP_SHARED), EACCES, "POSIX mmap: EACCES (shared, to be written)");
    char *memory = map(reads, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    tap_ok(memory != MAP_FAILED, "a copy may be written");
    munmap(memory, pages * page);
    memory = map(reads, PROT_READ, MAP_SHARED);
    close(reads);
    tap_is(memory[0], 7, "a mapping outlives its descriptor");
    tap_fails(mprotect(memory, page, PROT_READ | PROT_WRITE), EACCES, "POSIX mprotect: EACCES");
    tap_works(mprotect(memory, page, PROT_NONE), "it may be taken away");
    tap_works(mprotect(memory, page, PROT_READ), "and given back");
    munmap(memory, pages * page);
    pipe(ends);
    tap_fails((long)map(ends[0], PROT_READ, MAP_PRIVATE), ENODEV, "POSIX mmap: ENODEV (a pipe)");
    tap_fails((long)map(folder, PROT_READ, MAP_PRIVATE), ENODEV, "POSIX mmap: ENODEV (a directory)");
    tap_fails((long)mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 100), EINVAL, "POSIX mmap: EINVAL (the offset)");
    tap_fails((long)mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, fd, 0xfffffffffff000), EOVERFLOW,
              "POSIX mmap: EOVERFLOW");
    tap_fails((long)mmap(NULL, page, PROT_READ, MAP_SHARED | 0x40000000, fd, 0), EINVAL,
              "POSIX mmap: EINVAL (an unknown flag)");
    close(ends[0]);
    close(ends[1]);
    close(folder);
    close(writes);
}

static void test_place(void)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    char *memory = map(-1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS);

    tap_fails((long)mmap(memory + page, page, PROT_READ, flags, -1, 0), EEXIST, "MAP_FIXED_NOREPLACE: EEXIST");
    tap_fails((long)mmap(memory + 1, page, PROT_READ, flags, -1, 0), EINVAL, "not on a page: EINVAL");
    char *other = mmap(memory + page, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    tap_ok(other < memory || other >= memory + pages * page, "a hint into the midst of a mapping is passed over");
    munmap(other, page);
    munmap(memory + page, page);
    tap_ok(mmap(memory + page, page, PROT_READ, flags, -1, 0) == memory + page, "where nothing is it is MAP_FIXED");
    tap_fails((long)mmap((void *)0x7ffff000, 2 * page, PROT_READ, flags, -1, 0), ENOMEM, "past the end: ENOMEM");
    munmap(memory, pages * page);
}

static void test_sync(int fd)
{
    char *memory = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED);

    tap_works(msync(memory, pages * page, MS_SYNC), "MS_SYNC");
    tap_works(msync(memory, 1, MS_ASYNC | MS_INVALIDATE), "MS_ASYNC, MS_INVALIDATE");
    tap_fails(msync(memory, page, MS_SYNC | MS_ASYNC), EINVAL, "POSIX msync: EINVAL (both)");
    tap_fails(msync(memory, page, 64), EINVAL, "POSIX msync: EINVAL (an unknown flag)");
    tap_fails(msync(memory + 1, page, MS_SYNC), EINVAL, "POSIX msync: EINVAL (not on a page)");
    munmap(memory + page, page);
    tap_fails(msync(memory, 2 * page, MS_SYNC), ENOMEM, "POSIX msync: ENOMEM (a hole)");
    tap_fails(msync((void *)0x7ffff000, 2 * page, MS_SYNC), ENOMEM, "POSIX msync: ENOMEM (past the end)");
    munmap(memory, pages * page);
}

static void test_dontneed(int fd)
{
    char *shared = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED), *private = map(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    char *zeros = map(-1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);

    shared[0] = private[0] = zeros[0] = zeros[page] = 9;
    private[1] = 9;
    tap_works(madvise(shared, page, MADV_DONTNEED), "MADV_DONTNEED of a file");
    tap_is(shared[0], 9, "loses nothing");
    tap_works(madvise(private, page, MADV_DONTNEED), "of a copy");
    tap_ok(private[0] == 9 && private[1] == 7, "gives the file's bytes");
    tap_works(madvise(zeros, page, MADV_DONTNEED), "of memory");
    tap_ok(zeros[0] == 0 && zeros[page] == 9, "gives zeros, there alone");
    tap_is(posix_madvise(zeros, pages * page, POSIX_MADV_DONTNEED), 0, "POSIX posix_madvise");
    tap_is(zeros[page], 9, "loses nothing");
    for (int advice = MADV_NORMAL; advice <= MADV_WILLNEED; advice++)
        tap_works(madvise(zeros, pages * page, advice), "advice %d", advice);
    munmap(shared, pages * page);
    munmap(private, pages * page);
    munmap(zeros, pages * page);
}

static void test_advice_errors(void)
{
    char *memory = map(-1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS);
    unsigned char *const nowhere = (unsigned char *)16;
    unsigned char there[pages];

    munmap(memory + page, page);
    errno = 0;
    tap_is(posix_madvise(memory, page, 99), EINVAL, "POSIX posix_madvise: EINVAL");
    tap_is(posix_madvise(memory, 2 * page, POSIX_MADV_WILLNEED), ENOMEM, "POSIX posix_madvise: ENOMEM");
    tap_is(errno, 0, "errno stays");
    tap_fails(madvise(memory + 1, page, MADV_DONTNEED), EINVAL, "madvise: EINVAL (not on a page)");
    tap_fails(madvise(memory, 2 * page, MADV_DONTNEED), ENOMEM, "madvise: ENOMEM (a hole)");
    tap_fails(mincore(memory + 1, page, there), EINVAL, "mincore: EINVAL");
    tap_fails(mincore(memory, 2 * page, there), ENOMEM, "mincore: ENOMEM (a hole)");
    tap_fails(mincore((void *)0x7ffff000, 2 * page, there), ENOMEM, "mincore: ENOMEM (past the end)");
    tap_fails(mincore(memory, page, nowhere), EFAULT, "mincore: EFAULT");
    munmap(memory, pages * page);
}

int main(void)
{
    tap_begin();
    int fd = open("file", O_CREAT | O_TRUNC | O_RDWR, 0644);
    ftruncate(fd, pages * page);
    test_times(fd);
    test_times_of_others(fd);
    test_permission(fd);
    test_place();
    test_sync(fd);
    test_dontneed(fd);
    test_advice_errors();
    close(fd);
    unlink("file");
    return tap_end();
}
