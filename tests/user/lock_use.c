/*
 * lock_use.c - reads /proc/lock_stat.
 */
#include "lock_use.h"

#include <string.h>
#include <unistd.h>

bool lock_use_counted(void)
{
    return access("/proc/lock_stat", F_OK) == 0;
}

bool lock_use_read(FILE *file, struct lock_use *use)
{
    return fscanf(file, "%u %lu %lu %llu %llu %31[^\n]", &use->rank, &use->taken, &use->waited, &use->total,
                  &use->longest, use->name) == 6;
}

int lock_use_all(struct lock_use *uses, int most)
{
    FILE *file = fopen("/proc/lock_stat", "r");
    int count = 0;

    while (count < most && lock_use_read(file, &uses[count]))
        count++;
    fclose(file);
    return count;
}

struct lock_use lock_use_of(const char *name)
{
    FILE *file = fopen("/proc/lock_stat", "r");
    struct lock_use use;
    bool found = false;

    while (!found && lock_use_read(file, &use))
        found = strcmp(use.name, name) == 0;
    fclose(file);
    return found ? use : (struct lock_use){0};
}
