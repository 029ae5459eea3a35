/*
 * fs_data.c - the bytes of files: reading, writing, seeking, appending, cutting, holes, vectors, limits, mappings.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tap.h"

enum { page = 4096, big = 300 * 1024 + 7 };

static struct stat status;
static unsigned char data[big], back[big];

static off_t size_of(int fd)
{
    return fstat(fd, &status) < 0 ? -1 : status.st_size;
}

static int make(void)
{
    int fd = open("/tmp/data", O_CREAT | O_TRUNC | O_RDWR, 0644);

    if (fd < 0)
        tap_give_up("/tmp/data cannot be made");
    return fd;
}

static bool all_zero(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void test_read_write(void)
{
    int fd = make();

    for (size_t i = 0; i < big; i++)
        data[i] = (unsigned char)(i * 7 + i / 251);
    tap_is(write(fd, data, big), big, "a write over many pages");
    tap_is(size_of(fd), big, "makes the file that long");
    tap_is(read(fd, back, big), 0, "the position is at the end");
    tap_is(pread(fd, back, big, 0), big, "pread reads it all");
    tap_ok(memcmp(data, back, big) == 0, "the same bytes");
    tap_is(pread(fd, back, 100, 4090), 100, "across a page's end");
    tap_ok(memcmp(data + 4090, back, 100) == 0, "too");
    tap_is(pread(fd, back, big, big - 5), 5, "only what there is");
    tap_is(pread(fd, back, 5, big), 0, "nothing at the end");
    tap_is(pread(fd, back, 5, (off_t)1 << 40), 0, "nor far behind it");
    tap_is(pwrite(fd, "abc", 3, 10), 3, "pwrite");
    tap_is(lseek(fd, 0, SEEK_CUR), big, "leaves the position");
    tap_is(pread(fd, back, 3, 10), 3, "what it wrote");
    tap_ok(memcmp(back, "abc", 3) == 0, "is there");
    tap_is(read(fd, back, 0), 0, "a read of nothing");
    tap_is(write(fd, data, 0), 0, "a write of nothing");
    tap_fails(pread(fd, back, 1, -1), EINVAL, "POSIX pread: EINVAL");
    tap_fails(pwrite(fd, back, 1, -1), EINVAL, "POSIX pwrite: EINVAL");
    close(fd);
}

static void test_bad_buffers(void)
{
    int fd = make();
    char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    munmap(two + page, page);
    memset(two, 'x', page);
    write(fd, data, 2 * page);
    tap_fails(pread(fd, (void *)0x80000000, 1, 0), EFAULT, "POSIX read: EFAULT, the kernel");
    tap_fails(pread(fd, (void *)0x7ffffff0, 32, 0), EFAULT, "POSIX read: EFAULT, into the kernel");
    tap_fails(pread(fd, (void *)16, 1, 0), EFAULT, "POSIX read: EFAULT, nothing is there");
    tap_fails(pread(fd, two, (size_t)-1, 0), EINVAL, "POSIX read: EINVAL, more than SSIZE_MAX");
    tap_fails(write(fd, (void *)16, 1), EFAULT, "POSIX write: EFAULT");
    tap_fails(write(fd, two, 0xfffffff0), EINVAL, "POSIX write: EINVAL, more than SSIZE_MAX");
    tap_is(pwrite(fd, two, 2 * page, page), page, "a write whose second page is missing writes the first");
    tap_is(size_of(fd), 2 * page, "and no more");
    ftruncate(fd, 100);
    lseek(fd, 0, SEEK_END);
    tap_fails(write(fd, two + page, 10), EFAULT, "a failed write at the end");
    tap_is(size_of(fd), 100, "does not make the file longer");
    tap_fails(pread(fd, "read-only", 5, 0), EFAULT, "POSIX read: EFAULT, a read-only page");
    munmap(two, page);
    close(fd);
}

static void test_seek(void)
{
    int fd = make();

    write(fd, "0123456789", 10);
    tap_is(lseek(fd, 3, SEEK_SET), 3, "SEEK_SET");
    tap_is(lseek(fd, 2, SEEK_CUR), 5, "SEEK_CUR");
    tap_is(lseek(fd, -1, SEEK_END), 9, "SEEK_END");
    tap_is(read(fd, back, 5), 1, "one byte is left there");
    tap_is(lseek(fd, (off_t)5 << 32, SEEK_SET), (off_t)5 << 32, "beyond 4 GiB");
    tap_is(size_of(fd), 10, "seeking writes nothing");
    tap_fails(lseek(fd, -11, SEEK_END), EINVAL, "POSIX lseek: EINVAL, before the start");
    tap_fails(lseek(fd, 0, 9), EINVAL, "POSIX lseek: EINVAL");
    tap_fails(lseek(fd, INT64_MAX, SEEK_CUR), EOVERFLOW, "POSIX lseek: EOVERFLOW");
    tap_fails(lseek(99, 0, SEEK_SET), EBADF, "POSIX lseek: EBADF");
    close(fd);
}

static void test_holes(void)
{
    int fd = make();
    off_t far = (off_t)20 << 30;

    tap_is(pwrite(fd, "end", 3, far), 3, "a write far behind the end");
    tap_is(size_of(fd), far + 3, "makes a long file");
    tap_ok(status.st_blocks <= 16, "that takes little memory (%lld blocks)", (long long)status.st_blocks);
    memset(back, 'x', page);
    tap_is(pread(fd, back, page, far / 2), page, "the hole can be read");
    tap_ok(all_zero(back, page), "and is zero");
    tap_works(ftruncate(fd, 10), "cut");
    tap_is(size_of(fd), 10, "short again");
    tap_works(ftruncate(fd, 100000), "made longer by ftruncate");
    tap_is(pread(fd, back, big, 0), 100000, "it reads as long");
    tap_ok(all_zero(back, 100000), "and as zeros");
    pwrite(fd, data, page, 0);
    ftruncate(fd, 5);
    ftruncate(fd, page);
    pread(fd, back, page, 0);
    tap_ok(memcmp(back, data, 5) == 0 && all_zero(back + 5, page - 5), "what was cut off comes back as zeros");
    ftruncate(fd, 5);
    pwrite(fd, "z", 1, 3000);
    pread(fd, back, 3001, 0);
    tap_ok(all_zero(back + 5, 2995) && back[3000] == 'z', "also by a write behind the end");
    tap_fails(ftruncate(fd, -1), EINVAL, "POSIX ftruncate: EINVAL");
    tap_fails(ftruncate(99, 0), EBADF, "POSIX ftruncate: EBADF");
    tap_fails(truncate("/tmp", 0), EISDIR, "POSIX truncate: EISDIR");
    tap_fails(truncate("/dev/null", 0), EINVAL, "truncate of a device: EINVAL");
    tap_works(truncate("/tmp/data", 1), "truncate by name");
    tap_is(size_of(fd), 1, "cuts the same file");
    close(fd);
}

static void test_append(void)
{
    int fd = make(), append = open("/tmp/data", O_WRONLY | O_APPEND);

    write(fd, "123", 3);
    lseek(append, 0, SEEK_SET);
    tap_is(write(append, "45", 2), 2, "O_APPEND writes at the end");
    tap_is(size_of(fd), 5, "wherever the position was");
    tap_is(lseek(append, 0, SEEK_CUR), 5, "which is there afterwards");
    tap_is(pwrite(append, "X", 1, 0), 1, "POSIX pwrite: O_APPEND does not concern it");
    pread(fd, back, 5, 0);
    tap_ok(memcmp(back, "X2345", 5) == 0, "so it wrote at 0");
    fcntl(append, F_SETFL, 0);
    lseek(append, 1, SEEK_SET);
    write(append, "Y", 1);
    pread(fd, back, 5, 0);
    tap_ok(memcmp(back, "XY345", 5) == 0, "F_SETFL turns it off");
    close(append);
    close(fd);
}

static void test_vectors(void)
{
    struct iovec out[3] = {{"one", 3}, {"", 0}, {"three", 5}}, in[2] = {{back, 4}, {back + 10, 100}};
    struct iovec bad = {(void *)0x80000000, 4}, long_ones[2] = {{back, 0x7fffffff}, {back, 0x7fffffff}};
    int fd = make();

    tap_is(writev(fd, out, 3), 8, "writev");
    lseek(fd, 0, SEEK_SET);
    tap_is(readv(fd, in, 2), 8, "readv");
    tap_ok(memcmp(back, "onet", 4) == 0 && memcmp(back + 10, "hree", 4) == 0, "each byte in its place");
    tap_fails(readv(fd, in, 0), EINVAL, "POSIX readv: EINVAL, none");
    tap_fails(readv(fd, in, -1), EINVAL, "POSIX readv: EINVAL");
    tap_fails(writev(fd, in, 1025), EINVAL, "POSIX writev: EINVAL, more than IOV_MAX");
    tap_fails(writev(fd, &bad, 1), EFAULT, "a vector into the kernel: EFAULT");
    tap_fails(readv(fd, long_ones, 2), EINVAL, "POSIX readv: EINVAL, more than SSIZE_MAX in all");
    tap_fails(readv(fd, (struct iovec *)16, 1), EFAULT, "a vector nowhere: EFAULT");
    tap_fails(readv(99, in, 1), EBADF, "POSIX readv: EBADF");
    close(fd);
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
    (void)number;
    signals++;
}

static void test_limits(void)
{
    struct rlimit old, limit;
    int fd = make();

    signal(SIGXFSZ, count_signal);
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = 5000;
    setrlimit(RLIMIT_FSIZE, &limit);
    tap_is(write(fd, data, 6000), 5000, "a write stops at RLIMIT_FSIZE");
    tap_is(signals, 0, "with no signal");
    tap_fails(write(fd, data, 1), EFBIG, "POSIX write: EFBIG");
    tap_is(signals, 1, "and SIGXFSZ");
    tap_fails(ftruncate(fd, 5001), EFBIG, "POSIX ftruncate: EFBIG");
    tap_is(signals, 2, "and SIGXFSZ");
    tap_works(ftruncate(fd, 4000), "shorter is allowed");
    setrlimit(RLIMIT_FSIZE, &old);
    tap_fails(ftruncate(fd, (off_t)1 << 50), EFBIG, "POSIX ftruncate: EFBIG, larger than any file");
    tap_fails(pwrite(fd, data, 1, (off_t)1 << 50), EFBIG, "POSIX write: EFBIG, larger than any file");
    tap_is(signals, 2, "with no signal");
    signal(SIGXFSZ, SIG_DFL);
    close(fd);
}

static void test_full(void)
{
    struct statvfs before, after;
    int fd = make();
    ssize_t n;

    statvfs("/tmp", &before);
    while ((n = write(fd, data, big)) > 0)
        continue;
    tap_fails(n, ENOSPC, "POSIX write: ENOSPC, memory is full");
    tap_ok(size_of(fd) / page > (off_t)before.f_bfree / 2, "of this file");
    tap_fails(mkdir("/tmp/data/x", 0755), ENOTDIR, "the system goes on");
    tap_works(ftruncate(fd, 0), "it is cut");
    statvfs("/tmp", &after);
    tap_ok(after.f_bfree + 64 > before.f_bfree, "and the memory is free again");
    close(fd);
}

static void test_mappings(void)
{
    int fd = make();
    unsigned char *shared, *private;

    pwrite(fd, data, 2 * page, 0);
    shared = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    private = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, page);
    tap_ok(memcmp(shared, data, 2 * page) == 0, "a mapping has the file's bytes");
    pwrite(fd, "new", 3, 5);
    tap_ok(memcmp(shared + 5, "new", 3) == 0, "a write is seen in it at once");
    shared[7000] = 0xab;
    pread(fd, back, 1, 7000);
    tap_is(back[0], 0xab, "and its bytes by read");
    tap_is(private[7000 - page], 0xab, "and in another mapping");
    private[0] = (unsigned char)~data[page];
    pread(fd, back, 1, page);
    tap_is(back[0], data[page], "a private one keeps its own");
    tap_is(pwrite(fd, shared, 2 * page, page / 2), 2 * page, "a file written from its own mapping");
    tap_is(pread(fd, shared, 2 * page, 0), 2 * page, "and read into it");
    munmap(private, page);
    munmap(shared, 3 * page);
    close(fd);
    unlink("/tmp/data");
}

static int touches_behind_the_end(void *unused)
{
    int fd = make();
    volatile unsigned char *bytes;

    (void)unused;
    pwrite(fd, "x", 1, 0);
    bytes = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    bytes[100] = 1;
    bytes[page] = 1;
    return 0;
}

static void test_allocate(void)
{
    int fd = make(), reader = open("/tmp/data", O_RDONLY), device = open("/dev/null", O_WRONLY), pipes[2];
    struct rlimit limit, small;

    pwrite(fd, "abc", 3, 0);
    errno = 77;
    tap_is(posix_fallocate(fd, page, 2 * page + 1), 0, "posix_fallocate");
    tap_is(size_of(fd), 3 * page + 1, "the file grows to the end of the range");
    tap_is(status.st_blocks, 4 * page / 512, "and has memory for it, not for the hole before");
    tap_is(posix_fallocate(fd, 0, 1), 0, "what is there already");
    tap_is(size_of(fd), 3 * page + 1, "makes nothing shorter");
    pread(fd, back, 3 * page, 0);
    tap_ok(memcmp(back, "abc", 3) == 0 && all_zero(back + 3, 3 * page - 3), "the bytes stay, the new ones are 0");
    tap_is(posix_fallocate(fd, -1, 5), EINVAL, "POSIX posix_fallocate: EINVAL, offset");
    tap_is(posix_fallocate(fd, 0, 0), EINVAL, "POSIX posix_fallocate: EINVAL, length");
    tap_is(posix_fallocate(fd, INT64_MAX, 5), EFBIG, "POSIX posix_fallocate: EFBIG");
    tap_is(posix_fallocate(fd, 0, (off_t)1 << 35), ENOSPC, "POSIX posix_fallocate: ENOSPC");
    tap_is(size_of(fd), 3 * page + 1, "which changes nothing");
    tap_is(posix_fallocate(reader, 0, 5), EBADF, "POSIX posix_fallocate: EBADF, for reading alone");
    tap_is(posix_fallocate(99, 0, 5), EBADF, "POSIX posix_fallocate: EBADF");
    pipe(pipes);
    tap_is(posix_fallocate(pipes[1], 0, 5), ESPIPE, "POSIX posix_fallocate: ESPIPE");
    tap_is(posix_fadvise(pipes[0], 0, 0, POSIX_FADV_NORMAL), ESPIPE, "POSIX posix_fadvise: ESPIPE");
    close(pipes[0]);
    close(pipes[1]);
    tap_is(posix_fallocate(device, 0, 5), ENODEV, "POSIX posix_fallocate: ENODEV");
    getrlimit(RLIMIT_FSIZE, &limit);
    small = (struct rlimit){5 * page, limit.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    tap_is(posix_fallocate(fd, 0, 6 * page), EFBIG, "POSIX posix_fallocate: EFBIG, RLIMIT_FSIZE");
    setrlimit(RLIMIT_FSIZE, &limit);
    tap_is(posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED), 0, "posix_fadvise");
    tap_is(posix_fadvise(fd, 0, 0, 9), EINVAL, "POSIX posix_fadvise: EINVAL, advice");
    tap_is(posix_fadvise(fd, 0, -1, POSIX_FADV_NORMAL), EINVAL, "POSIX posix_fadvise: EINVAL, length");
    tap_is(posix_fadvise(99, 0, 0, POSIX_FADV_NORMAL), EBADF, "POSIX posix_fadvise: EBADF");
    tap_is(errno, 77, "they leave errno alone");
    close(device);
    close(reader);
    close(fd);
    unlink("/tmp/data");
}

/* Linux fallocate: memory behind the end, and holes. */
static void test_fallocate(void)
{
    int fd = make(), reader = open("/tmp/data", O_RDONLY);
    char *map, *own;

    memset(back, 'x', 4 * page);
    pwrite(fd, back, 4 * page, 0);
    tap_works(fallocate(fd, FALLOC_FL_KEEP_SIZE, 4 * page, 2 * page), "FALLOC_FL_KEEP_SIZE");
    tap_is(size_of(fd), 4 * page, "leaves the size");
    tap_is(status.st_blocks, 6 * page / 512, "and has memory behind it");
    pwrite(fd, "y", 1, 5 * page);
    pread(fd, back, page + 1, 4 * page);
    tap_ok(all_zero(back, page) && back[page] == 'y', "which is 0 when the file grows over it");
    tap_works(ftruncate(fd, 4 * page), "a file that is cut");
    size_of(fd);
    tap_is(status.st_blocks, 4 * page / 512, "has none of it left");
    map = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    tap_is(map[page], 'x', "a page that is mapped");
    own = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    own[page + 1] = 'o';
    tap_works(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, page - 10, 2 * page + 20), "a hole");
    tap_is(size_of(fd), 4 * page, "leaves the size, too");
    tap_is(status.st_blocks, 2 * page / 512, "and gives back two pages");
    pread(fd, back, 4 * page, 0);
    tap_ok(back[page - 11] == 'x' && all_zero(back + page - 10, 2 * page + 20) && back[3 * page + 10] == 'x',
           "all of the range reads as 0, and nothing else");
    tap_is(map[page], 0, "in a mapping, too");
    tap_is(own[page + 1], 'o', "but a private one keeps what was written there");
    munmap(own, 4 * page);
    tap_works(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)1 << 44, 2 * page), "a hole far away");
    pread(fd, back, 1, 0);
    tap_is(back[0], 'x', "changes nothing");
    map[page] = 'z';
    pread(fd, back, 1, page);
    tap_is(back[0], 'z', "which still is the file");
    munmap(map, 4 * page);
    tap_works(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 5, 10), "a hole inside a page");
    pread(fd, back, 20, 0);
    tap_ok(back[4] == 'x' && all_zero(back + 5, 10) && back[15] == 'x', "is cleared");
    tap_works(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, INT64_MAX), "a hole without an end");
    size_of(fd);
    tap_is(status.st_blocks, 0, "leaves no page");
    tap_works(fallocate(fd, 0, 4 * page, 1), "mode 0");
    tap_is(size_of(fd), 4 * page + 1, "is posix_fallocate()");
    tap_fails(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1), EOPNOTSUPP, "Linux fallocate: EOPNOTSUPP");
    tap_fails(fallocate(fd, 0x40, 0, 1), EOPNOTSUPP, "Linux fallocate: EOPNOTSUPP, a mode that nobody knows");
    tap_fails(fallocate(reader, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1), EBADF, "Linux fallocate: EBADF");
    tap_fails(fallocate(fd, 0, 0, 0), EINVAL, "Linux fallocate: EINVAL");
    close(reader);
    close(fd);
    unlink("/tmp/data");
}

static void test_data_and_holes(void)
{
    int fd = make();

    pwrite(fd, "a", 1, 0);
    pwrite(fd, "b", 1, 70 * page + 5);
    pwrite(fd, "c", 1, (off_t)1 << 39);
    tap_is(lseek(fd, 0, SEEK_DATA), 0, "SEEK_DATA: here");
    tap_is(lseek(fd, 10, SEEK_DATA), 10, "in the same page");
    tap_is(lseek(fd, page, SEEK_DATA), 70 * page, "the next page");
    tap_is(lseek(fd, 71 * page, SEEK_DATA), (off_t)1 << 39, "over a large hole");
    tap_is(lseek(fd, 0, SEEK_CUR), (off_t)1 << 39, "which sets the position");
    tap_is(lseek(fd, 0, SEEK_HOLE), page, "SEEK_HOLE: the next one");
    tap_is(lseek(fd, page + 7, SEEK_HOLE), page + 7, "here");
    tap_is(lseek(fd, 70 * page, SEEK_HOLE), 71 * page, "behind a page");
    tap_is(lseek(fd, (off_t)1 << 39, SEEK_HOLE), ((off_t)1 << 39) + 1, "the end of the file is one");
    tap_fails(lseek(fd, ((off_t)1 << 39) + 1, SEEK_DATA), ENXIO, "Linux lseek: ENXIO, no data");
    tap_fails(lseek(fd, ((off_t)1 << 39) + 1, SEEK_HOLE), ENXIO, "Linux lseek: ENXIO, behind the end");
    tap_fails(lseek(fd, -1, SEEK_DATA), ENXIO, "Linux lseek: ENXIO, before the beginning");
    ftruncate(fd, 100 * page);
    tap_fails(lseek(fd, 71 * page, SEEK_DATA), ENXIO, "Linux lseek: ENXIO, a hole up to the end");
    close(fd);
    unlink("/tmp/data");
}

static void test_vectors_at(void)
{
    struct iovec out[2] = {{"abc", 3}, {"defg", 4}}, in[2] = {{back, 2}, {back + 10, 5}}, bad = {(void *)16, 5};
    int fd = make(), append = open("/tmp/data", O_WRONLY | O_APPEND), pipes[2];

    tap_is(pwritev(fd, out, 2, 5), 7, "pwritev");
    tap_is(lseek(fd, 0, SEEK_CUR), 0, "leaves the position");
    tap_is(preadv(fd, in, 2, 5), 7, "preadv");
    tap_ok(memcmp(back, "ab", 2) == 0 && memcmp(back + 10, "cdefg", 5) == 0, "reads what was written");
    tap_is(lseek(fd, 0, SEEK_CUR), 0, "and leaves the position");
    tap_is(preadv(fd, in, 2, (off_t)1 << 33), 0, "nothing behind the end");
    tap_is(pwritev(append, out, 1, 0), 3, "O_APPEND");
    tap_is(size_of(fd), 12, "does not concern pwritev");
    tap_fails(preadv(fd, in, 2, -1), EINVAL, "POSIX pread: EINVAL");
    tap_fails(preadv(fd, in, 0, 0), EINVAL, "POSIX readv: EINVAL");
    tap_fails(preadv(fd, &bad, 1, 0), EFAULT, "POSIX read: EFAULT");
    tap_fails(preadv(append, in, 2, 0), EBADF, "POSIX read: EBADF");
    pipe(pipes);
    tap_fails(pwritev(pipes[1], out, 2, 0), ESPIPE, "POSIX pwrite: ESPIPE");
    close(pipes[0]);
    close(pipes[1]);
    close(append);
    close(fd);
    unlink("/tmp/data");
}

int main(void)
{
    tap_begin();
    test_read_write();
    test_bad_buffers();
    test_seek();
    test_holes();
    test_append();
    test_vectors();
    test_limits();
    test_full();
    tap_is(tap_child_result(touches_behind_the_end, NULL), -SIGBUS, "a page behind the file's end: SIGBUS");
    test_mappings();
    test_allocate();
    test_fallocate();
    test_data_and_holes();
    test_vectors_at();
    return tap_end();
}
