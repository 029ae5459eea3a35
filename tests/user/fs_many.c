/*
 * fs_many.c - directories with many names: what a call costs does not grow with their number.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define FOLDER "/tmp/many"

enum { few = 200, many = 20000 };

static char *name_of(int i)
{
    static char name[12];

    snprintf(name, sizeof name, "%08d", i);
    return name;
}

static void make(int i)
{
    close(open(name_of(i), O_CREAT | O_WRONLY, 0644));
}

static void look(int i)
{
    struct stat status;

    stat(name_of(i), &status);
}

static void move(int i)
{
    rename(name_of(i), "elsewhere");
    rename("elsewhere", name_of(i));
}

/* The first name that reading the directory tells is removed: as one does who does not trust it to keep its places. */
static void take_first(int unused)
{
    DIR *folder = opendir(".");
    struct dirent *entry;

    (void)unused;
    while ((entry = readdir(folder)) != NULL && entry->d_name[0] == '.')
        continue;
    if (entry != NULL)
        unlink(entry->d_name);
    closedir(folder);
}

static const struct action {
    const char *name;
    void (*act)(int i);
} actions[] = {{"open with O_CREAT", make}, {"stat", look}, {"rename", move}, {"the first entry, unlink", take_first}};

enum { action_count = sizeof actions / sizeof actions[0] };

/* Nanoseconds for each, with so many names. */
static void measure(int count, long long cost[action_count])
{
    struct timespec begin, end;

    for (int a = 0; a < action_count; a++) {
        clock_gettime(CLOCK_MONOTONIC, &begin);
        for (int i = 0; i < count; i++)
            actions[a].act(i);
        clock_gettime(CLOCK_MONOTONIC, &end);
        cost[a] = ((end.tv_sec - begin.tv_sec) * 1000000000ll + end.tv_nsec - begin.tv_nsec) / count;
    }
}

int main(void)
{
    long long cost_few[action_count], cost_many[action_count];

    tap_begin();
    mkdir(FOLDER, 0755);
    chdir(FOLDER);
    measure(few, cost_few);
    measure(many, cost_many);
    for (int a = 0; a < action_count; a++)
        if (!tap_in_time(cost_many[a] < cost_few[a] + cost_few[a] / 5, "%s: no dearer among %d names than among %d",
                         actions[a].name, many, few))
            tap_note("%lld ns and %lld ns", cost_few[a], cost_many[a]);
    chdir("/");
    tap_works(rmdir(FOLDER), "all names are gone");
    return tap_end();
}
