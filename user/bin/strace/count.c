/*
 * count.c - -c: how often each call was made, how often it failed, and how long all of them took, from the call to its
 * result.
 */
#include <abi/syscall.h>
#include <stdlib.h>

#include "../lib/util.h"
#include "strace.h"

struct count {
    unsigned number;
    unsigned long calls, failed;
    uint64_t time; /* nanoseconds */
};

static struct count counts[SYSCALL_MAX + 1];

void count_call(unsigned number, uint64_t time, bool failed)
{
    struct count *count = &counts[number];

    count->number = number;
    count->calls++;
    count->failed += failed;
    count->time += time;
}

static int by_time(const void *a, const void *b)
{
    const struct count *one = a, *other = b;

    if (one->time != other->time)
        return one->time < other->time ? 1 : -1;
    return one->number < other->number ? -1 : one->number > other->number;
}

static void print_row(FILE *output, const struct count *count, uint64_t all, const char *name)
{
    unsigned long long share = all > 0 ? count->time * 10000 / all : 0;
    char failed[16] = "";

    if (count->failed > 0)
        snprintf(failed, sizeof(failed), "%lu", count->failed);
    fprintf(output, "%3llu.%02llu %4llu.%06llu %11llu %9lu %9s %s\n", share / 100, share % 100,
            (unsigned long long)(count->time / 1000000000), (unsigned long long)(count->time / 1000 % 1000000),
            (unsigned long long)(count->calls > 0 ? count->time / 1000 / count->calls : 0), count->calls, failed, name);
}

void count_print(FILE *output)
{
    static const char line[] = "------ ----------- ----------- --------- --------- ----------------\n";
    struct count sum = {0};

    for (size_t i = 0; i < UTIL_COUNT(counts); i++) {
        sum.calls += counts[i].calls;
        sum.failed += counts[i].failed;
        sum.time += counts[i].time;
    }
    qsort(counts, UTIL_COUNT(counts), sizeof(*counts), by_time);
    fprintf(output, "%% time     seconds  usecs/call     calls    errors syscall\n%s", line);
    for (size_t i = 0; i < UTIL_COUNT(counts); i++)
        if (counts[i].calls > 0)
            print_row(output, &counts[i], sum.time, call_name(counts[i].number));
    fputs(line, output);
    print_row(output, &sum, sum.time, "total");
}
