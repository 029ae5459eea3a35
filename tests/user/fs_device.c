/*
 * fs_device.c - /dev: null, zero, full, random, urandom, and the links to a process's own descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static unsigned char data[10000];

static int count_of(unsigned char byte)
{
    int count = 0;

    for (size_t i = 0; i < sizeof data; i++)
        count += data[i] == byte;
    return count;
}

static void test_null(void)
{
    struct stat status;
    int fd = open("/dev/null", O_RDWR);

    tap_is(write(fd, data, sizeof data), sizeof data, "/dev/null takes all");
    tap_is(read(fd, data, sizeof data), 0, "and gives nothing");
    fstat(fd, &status);
    tap_ok(S_ISCHR(status.st_mode) && (status.st_mode & 0777) == 0666, "a device for all");
    tap_is(status.st_rdev, 1 << 8 | 3, "of number 1, 3");
    tap_is(lseek(fd, 5, SEEK_SET), 0, "it is always at 0");
    errno = 0;
    tap_ok(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == ENODEV, "POSIX mmap: ENODEV");
    close(fd);
    tap_works(fd = open("/dev/null", O_CREAT | O_TRUNC | O_WRONLY, 0644), "a shell's > /dev/null");
    close(fd);
}

static void test_zero(void)
{
    int fd = open("/dev/zero", O_RDWR);
    unsigned char *bytes;

    memset(data, 'x', sizeof data);
    tap_is(read(fd, data, sizeof data), sizeof data, "/dev/zero gives as much as is asked");
    tap_is(count_of(0), sizeof data, "of zeros");
    tap_fails(read(fd, (void *)16, 1), EFAULT, "POSIX read: EFAULT");
    bytes = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    tap_ok(bytes != MAP_FAILED, "it can be mapped");
    if (bytes != MAP_FAILED) {
        bytes[5000] = 1;
        tap_ok(bytes[5000] == 1 && bytes[4999] == 0, "to memory of zeros");
        munmap(bytes, 8192);
    }
    close(fd);
}

static void test_full(void)
{
    int fd = open("/dev/full", O_RDWR);

    tap_fails(write(fd, "x", 1), ENOSPC, "POSIX write: ENOSPC from /dev/full");
    tap_is(read(fd, data, 1), 1, "it reads as zeros");
    close(fd);
}

static void test_random(void)
{
    unsigned char first[16];
    int fd = open("/dev/urandom", O_RDONLY), most = 0;

    tap_is(read(fd, first, sizeof first), sizeof first, "/dev/urandom gives bytes");
    tap_is(read(fd, data, sizeof data), sizeof data, "as many as are asked");
    tap_ok(memcmp(first, data, sizeof first) != 0, "not the same twice");
    for (int i = 0; i < 256; i++)
        most = count_of((unsigned char)i) > most ? count_of((unsigned char)i) : most;
    tap_ok(most < 100, "each about as often as the others (the commonest %d times of %zu)", most, sizeof data);
    close(fd);
    tap_works(fd = open("/dev/random", O_RDONLY), "/dev/random");
    tap_is(read(fd, data, 100), 100, "does not wait");
    close(fd);
}

static void test_links(void)
{
    char text[4] = "";
    int ends[2], fd, file;

    pipe(ends);
    file = dup2(ends[0], 40);
    tap_works(fd = open("/dev/fd/40", O_RDONLY), "/dev/fd/N opens what a descriptor has, a pipe too");
    write(ends[1], "abc", 3);
    tap_is(read(fd, text, 3), 3, "and reads it");
    tap_is_text(text, "abc", "byte for byte");
    close(fd);
    close(file);
    close(ends[0]);
    close(ends[1]);
    tap_fails(open("/dev/fd/41", O_RDONLY), ENOENT, "one that is not open: ENOENT");
    file = open("/tmp/device", O_CREAT | O_RDWR, 0644);
    unlink("/tmp/device");
    write(file, "xyz", 3);
    dup2(file, 40);
    tap_works(fd = open("/dev/fd/40", O_RDONLY), "a file without a name opens again");
    tap_is(read(fd, text, 3), 3, "from its start");
    close(fd);
    close(file);
    close(40);
}

int main(void)
{
    tap_begin();
    test_null();
    test_zero();
    test_full();
    test_random();
    test_links();
    return tap_end();
}
