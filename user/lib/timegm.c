/*
 * timegm.c - the inverse of gmtime: seconds since 1970 of a date in UTC.
 */
#include "libc.h"
#include <time.h>

/* Days from 1970-01-01 to the first of a month (0 to 11) of a year; the year is counted from March. */
static int64_t days_before(int64_t year, int month)
{
    int64_t y = month < 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int from_march = (month + 10) % 12;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * from_march + 2) / 5 - 719468;
}

/* Fields may be out of their ranges; they are put right, with tm_wday and tm_yday. */
time_t timegm(struct tm *tm)
{
    int64_t year = tm->tm_year + 1900LL + tm->tm_mon / 12;
    int month = tm->tm_mon % 12;
    time_t seconds;

    if (month < 0) {
        month += 12;
        year--;
    }
    seconds =
        (days_before(year, month) + tm->tm_mday - 1) * 86400 + tm->tm_hour * 3600LL + tm->tm_min * 60LL + tm->tm_sec;
    if (gmtime_r(&seconds, tm) == NULL)
        return -1;
    return seconds;
}
