/*
 * dates.c - dates as people write them: "2024-05-01 12:30:15", "2024-05-01", "@1714566615", "now"; and touch's stamp.
 */
#include "dates.h"

#include <stdio.h>
#include <string.h>

#include "util.h"

/* Fills the time from its parts; false when they are no date. */
static bool make_time(int year, int month, int day, int hour, int minute, int second, struct timespec *time)
{
    struct tm parts = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    parts.tm_hour = hour;
    parts.tm_min = minute;
    parts.tm_sec = second;
    parts.tm_isdst = -1;
    time->tv_nsec = 0;
    time->tv_sec = mktime(&parts);
    return parts.tm_mday == day && parts.tm_mon == month - 1 && hour < 24 && minute < 60 && second <= 60;
}

/* Reads a date of the first four forms; false when it is none. */
bool dates_parse(const char *text, struct timespec *time)
{
    int year, month, day, hour = 0, minute = 0, second = 0, end = 0;
    long long seconds;
    if (strcmp(text, "now") == 0)
        return clock_gettime(CLOCK_REALTIME, time) == 0;
    if (*text == '@') {
        *time = (struct timespec){0};
        bool good = util_parse(text + 1, 10, &seconds);
        time->tv_sec = seconds;
        return good;
    }
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) < 3)
        return false;
    text += end;
    end = 0;
    if (*text == ' ' || *text == 'T') {
        if (sscanf(text + 1, "%2d:%2d%n", &hour, &minute, &end) < 2)
            return false;
        text += 1 + end;
        end = 0;
        if (*text == ':' && sscanf(text + 1, "%2d%n", &second, &end) == 1)
            text += 1 + end;
    }
    return *text == '\0' && make_time(year, month, day, hour, minute, second, time);
}

/* Reads [[CC]YY]MMDDhhmm[.SS] (POSIX touch -t); false when it is none. */
bool dates_parse_stamp(const char *text, struct timespec *time)
{
    size_t digits = strspn(text, "0123456789");
    int second = 0, century_year = 0, month, day, hour, minute, end = 0;
    if (digits != 8 && digits != 10 && digits != 12)
        return false;
    if (digits == 8) {
        time_t now = 0;
        clock_gettime(CLOCK_REALTIME, time);
        now = time->tv_sec;
        century_year = localtime(&now)->tm_year + 1900;
    }
    for (size_t i = 0; i < digits - 8; i++)
        century_year = century_year * 10 + (*text++ - '0');
    if (digits == 10)
        century_year += century_year < 69 ? 2000 : 1900; /* POSIX touch: 69 to 99 are of the last century */
    if (sscanf(text, "%2d%2d%2d%2d%n", &month, &day, &hour, &minute, &end) < 4)
        return false;
    text += end;
    if (*text && (sscanf(text, ".%2d%n", &second, &end) < 1 || text[end]))
        return false;
    return make_time(century_year, month, day, hour, minute, second, time);
}
