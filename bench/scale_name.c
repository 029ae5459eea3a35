/*
 * scale_name.c - rows of many descriptors and many names.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "bench.h"
#include "ipcbench.h"
#include "scale.h"

void scale_poll(long n, long descriptors)
{
    bench_poll(n, descriptors);
}

static void open_once(void)
{
    int file = open(bench_folder, O_RDONLY);

    if (file < 0)
        bench_fail("open");
    close(file);
}

void scale_open(long n, long descriptors)
{
    for (long i = 3; i < descriptors; i++)
        if (dup(0) < 0)
            bench_fail("dup");
    bench_measure(n, "ns/op", open_once());
}

static void stat_once(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        bench_fail("stat");
}

/* The file of this number in the folder of the row. */
static const char *path_of(long number)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/ipcscale/file-%ld", bench_folder, number);
    return path;
}

void scale_lookup(long n, long names)
{
    char folder[128], path[128];

    snprintf(path, sizeof(path), "%s/ipcscale/file-%ld", bench_folder, names / 2);
    snprintf(folder, sizeof(folder), "%s/ipcscale", bench_folder);
    mkdir(folder, 0700);
    for (long i = 0; i < names; i++)
        close(creat(path_of(i), 0600));
    bench_measure(n, "ns/op", stat_once(path));
    for (long i = 0; i < names; i++)
        unlink(path_of(i));
    rmdir(folder);
}
