/*
 * leak.c - the leak check: what /proc/objects and /proc/meminfo say, taken before and after.
 *
 * A line of /proc/objects is `name live size pages`. The checker must not disturb what it measures, so it reads with
 * plain calls into static memory, and whoever takes a first snapshot should take two (the first one touches the pages
 * that the checker itself needs).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "leak.h"

enum { settle_seconds = 60 };

static char text[16384];
static struct leak_snapshot latest;

static bool read_text(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    size_t used = 0;
    ssize_t n;
    while (used < sizeof text - 1 && (n = read(fd, text + used, sizeof text - 1 - used)) > 0)
        used += n;
    text[used] = '\0';
    close(fd);
    return used > 0;
}

bool leak_take(struct leak_snapshot *snapshot)
{
    memset(text, 0, sizeof text); /* all that the checker ever touches is there from the first look on */
    memset(&latest, 0, sizeof latest);
    if (!read_text("/proc/meminfo"))
        return false;
    const char *line = strstr(text, "MemFree:");
    if (!line)
        return false;
    memset(snapshot, 0, sizeof *snapshot);
    snapshot->free_kb = strtol(line + strlen("MemFree:"), NULL, 10);
    if (!read_text("/proc/objects"))
        return false;
    for (char *next = strtok(text, "\n"); next && snapshot->types < LEAK_TYPES; next = strtok(NULL, "\n")) {
        struct leak_count *count = &snapshot->type[snapshot->types];
        long size, pages = 0;
        if (sscanf(next, "%31s %ld %ld %ld", count->name, &count->live, &size, &pages) < 3)
            continue;
        snapshot->free_kb += pages * 4;
        snapshot->types++;
    }
    return true;
}

static long live_before(const struct leak_snapshot *before, const char *name)
{
    for (size_t i = 0; i < before->types; i++) {
        if (strcmp(before->type[i].name, name) == 0)
            return before->type[i].live;
    }
    return 0; /* caches appear when they are first used */
}

/* What there is more of, in words; NULL when there is nothing. */
static const char *difference(const struct leak_snapshot *before, const struct leak_snapshot *now)
{
    static char words[1024];
    size_t used = 0;
    for (size_t i = 0; i < now->types; i++) {
        long more = now->type[i].live - live_before(before, now->type[i].name);
        if (more > 0 && used < sizeof words - 64)
            used += snprintf(words + used, sizeof words - used, " %s %+ld", now->type[i].name, more);
    }
    if (now->free_kb < before->free_kb && used < sizeof words - 64)
        used += snprintf(words + used, sizeof words - used, " free memory %+ld kB", now->free_kb - before->free_kb);
    return used ? words : NULL;
}

static long seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec;
}

const char *leak_since(const struct leak_snapshot *before)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    const long end = seconds_now() + settle_seconds;
    const char *words;
    for (;;) {
        words = leak_take(&latest) ? difference(before, &latest) : "the counts cannot be read";
        if (!words || seconds_now() >= end)
            return words;
        nanosleep(&pause, NULL);
    }
}
