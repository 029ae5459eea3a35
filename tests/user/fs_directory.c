/*
 * fs_directory.c - reading directories: every entry once, positions that stay good, types; and large directories, whose
 * cost per name stays the same.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { many = 2000 };

static unsigned char seen[many];

static void name_of(int i, char *name)
{
    sprintf(name, "entry-%d", i);
}

static void make_entry(int i)
{
    char name[32];

    name_of(i, name);
    close(open(name, O_CREAT | O_WRONLY, 0644));
}

static void remove_entry(int i)
{
    char name[32];

    name_of(i, name);
    unlink(name);
}

static void set_up(void)
{
    if (mkdir("/tmp/directory", 0755) < 0 || chdir("/tmp/directory") < 0)
        tap_give_up("/tmp/directory cannot be made");
}

/* Counts how often each entry comes, from where the directory stands; answers how many came in all. */
static int count_entries(DIR *dir)
{
    struct dirent *entry;
    int count = 0, i;

    memset(seen, 0, sizeof seen);
    while ((entry = readdir(dir))) {
        count++;
        if (sscanf(entry->d_name, "entry-%d", &i) == 1 && i >= 0 && i < many)
            seen[i]++;
    }
    return count;
}

static bool all_seen(int step, int times)
{
    for (int i = 0; i < many; i += step)
        if (seen[i] != times)
            return false;
    return true;
}

static void test_types(void)
{
    struct dirent *entry;
    int dots = 0, right = 0;
    DIR *dir;

    mkdir("dir", 0755);
    symlink("x", "link");
    mkfifo("fifo", 0644);
    make_entry(0);
    dir = opendir(".");
    while ((entry = readdir(dir))) {
        struct stat status;

        lstat(entry->d_name, &status);
        dots += entry->d_name[0] == '.' && entry->d_type == DT_DIR;
        right += IFTODT(status.st_mode) == entry->d_type && status.st_ino == entry->d_ino;
    }
    closedir(dir);
    tap_is(dots, 2, "dot and dots are directories");
    tap_is(right, 6, "types and inode numbers are those of stat");
    unlink("link");
    unlink("fifo");
    rmdir("dir");
    remove_entry(0);
}

static void test_many(void)
{
    DIR *dir;
    long middle;

    for (int i = 0; i < many; i++)
        make_entry(i);
    dir = opendir(".");
    tap_is(count_entries(dir), many + 2, "%d entries are read", many);
    tap_ok(all_seen(1, 1), "each once");
    rewinddir(dir);
    for (int i = 0; i < many / 2; i++)
        readdir(dir);
    middle = telldir(dir);
    int rest = count_entries(dir);
    seekdir(dir, middle);
    tap_is(count_entries(dir), rest, "seekdir goes back to a position");
    for (int i = 1; i < many; i += 2)
        remove_entry(i);
    seekdir(dir, middle);
    count_entries(dir);
    int after = 0;
    for (int i = 0; i < many; i += 2)
        after += seen[i];
    rewinddir(dir);
    tap_is(count_entries(dir), many / 2 + 2, "half of them are removed");
    tap_ok(all_seen(2, 1), "the others are there still");
    tap_ok(after == many / 4 || after == many / 4 - 1 || after == many / 4 + 1,
           "and the position was good after the removal (%d entries behind it)", after);
    closedir(dir);
}

/* Remove each entry as it is read: none may be passed over. */
static void test_remove_while_reading(void)
{
    DIR *dir = opendir(".");
    struct dirent *entry;
    int removed = 0;

    while ((entry = readdir(dir)))
        removed += entry->d_name[0] != '.' && unlink(entry->d_name) == 0;
    closedir(dir);
    tap_is(removed, many / 2, "all are removed while they are read");
    dir = opendir(".");
    tap_is(count_entries(dir), 2, "and none is left");
    closedir(dir);
}

static long long now_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static long long time_lookups(int count)
{
    long long start;
    struct stat status;
    char name[32];

    for (int i = 0; i < count; i++)
        make_entry(i);
    start = now_ns();
    for (int i = 0; i < 200; i++) {
        name_of(i * 7 % count, name);
        stat(name, &status);
    }
    start = now_ns() - start;
    for (int i = 0; i < count; i++)
        remove_entry(i);
    return start;
}

static void test_cost(void)
{
    long long few = time_lookups(20), lots = time_lookups(many);

    tap_in_time(lots < 3 * few, "a look-up among %d names costs no more than among 20 (%lld and %lld ns)", many, lots,
                few);
}

static void test_raw(void)
{
    int dir = open(".", O_RDONLY | O_DIRECTORY), file;
    struct stat status;
    DIR *stream;

    tap_fails(lseek(dir, -1, SEEK_SET), EINVAL, "POSIX lseek: EINVAL in a directory");
    tap_works(fsync(dir), "fsync of a directory");
    close(dir);
    make_entry(0);
    file = open("entry-0", O_RDONLY);
    errno = 0;
    tap_ok(fdopendir(file) == NULL && errno == ENOTDIR, "POSIX fdopendir: ENOTDIR");
    close(file);
    remove_entry(0);
    mkdir("gone", 0755);
    stream = opendir("gone");
    rmdir("gone");
    errno = 0;
    tap_ok(readdir(stream) == NULL && errno == 0, "a removed directory has no entries, not even dots");
    fstat(dirfd(stream), &status);
    tap_is(status.st_nlink, 0, "and no link");
    closedir(stream);
}

int main(void)
{
    tap_begin();
    set_up();
    test_types();
    test_many();
    test_remove_while_reading();
    test_cost();
    test_raw();
    chdir("/");
    tap_works(rmdir("/tmp/directory"), "nothing is left");
    return tap_end();
}
