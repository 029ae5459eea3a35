/*
 * number.c - numbers from the command line, and sizes for people.
 */
#include "util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Reads all of `text` as a number; false when it is none or does not fit. */
bool util_parse(const char *text, int base, long long *value)
{
    char *end;
    errno = 0;
    *value = strtoll(text, &end, base);
    return end != text && *end == '\0' && errno == 0;
}

/* The decimal number in `text`, which must lie between `min` and `max`; otherwise the end: "invalid WHAT: 'text'". */
long long util_number(const char *text, long long min, long long max, const char *what)
{
    long long value;
    if (!util_parse(text, 10, &value) || value < min || value > max)
        util_errx("invalid %s: '%s'", what, text);
    return value;
}

/* A number that b, k, K, M or G may follow (512, 1024, 1024, 1024^2, 1024^3); otherwise the end. */
long long util_size(const char *text, const char *what)
{
    static const struct {
        char letter;
        long long unit;
    } units[] = {{'b', 512}, {'k', 1 << 10}, {'K', 1 << 10}, {'M', 1 << 20}, {'G', 1 << 30}, {'\0', 1}};
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    for (size_t i = 0; i < UTIL_COUNT(units) && end != text && errno == 0; i++) {
        if (end[0] == units[i].letter && (end[0] == '\0' || end[1] == '\0'))
            return value * units[i].unit;
    }
    util_errx("invalid %s: '%s'", what, text);
}

/* A number of seconds with a fraction, which s, m, h or d may follow. */
bool util_duration(const char *text, double *seconds)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || !(value >= 0))
        return false;
    switch (*end) {
    case 'd':
        value *= 24; /* falls through */
    case 'h':
        value *= 60; /* falls through */
    case 'm':
        value *= 60; /* falls through */
    case 's':
        end++;
    }
    *seconds = value;
    return *end == '\0';
}

/* Writes `bytes` with the largest unit that keeps it at least 1, rounded up: 512, 1.5K, 12M. */
void util_human(unsigned long long bytes, char *text, size_t size)
{
    const char *unit = "KMGTPE";
    unsigned long long tenths = bytes * 10;
    if (bytes < 1024) {
        snprintf(text, size, "%llu", bytes);
        return;
    }
    for (tenths = (tenths + 1023) / 1024; (tenths + 9) / 10 >= 1024; unit++)
        tenths = (tenths + 1023) / 1024;
    if (tenths < 100)
        snprintf(text, size, "%llu.%llu%c", tenths / 10, tenths % 10, *unit);
    else
        snprintf(text, size, "%llu%c", (tenths + 9) / 10, *unit);
}
