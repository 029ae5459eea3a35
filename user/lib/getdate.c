/*
 * getdate.c - a date and time from text that fits one of the templates in the file that DATEMSK names.
 *
 * strptime() leaves what a template does not have as it was, which is UNSAID; that is then filled in from the present,
 * as POSIX wants it: a weekday or a month that is over means the next one, a time of day that is past means tomorrow.
 */
#include "libc.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define UNSAID INT_MIN

enum { /* getdate_err */
       NO_DATEMSK = 1,
       NOT_OPENED = 2,
       NO_STATUS = 3,
       NOT_REGULAR = 4,
       NOT_READ = 5,
       NO_MEMORY = 6,
       NO_MATCH = 7,
       NO_DATE = 8,
};

int getdate_err;

static const struct tm unsaid = {UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, -1};

static int days_in(int month, int year)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || (year + 1900) % 400 == 0;

    return days[month] + (month == 1 && leap);
}

/* The time of day that is missing.  True where it is over for today. */
static int fill_time(struct tm *t, const struct tm *now)
{
    if (t->tm_hour == UNSAID && t->tm_min == UNSAID && t->tm_sec == UNSAID) {
        t->tm_hour = now->tm_hour;
        t->tm_min = now->tm_min;
        t->tm_sec = now->tm_sec;
        return 0;
    }
    t->tm_hour = t->tm_hour == UNSAID ? 0 : t->tm_hour;
    t->tm_min = t->tm_min == UNSAID ? 0 : t->tm_min;
    t->tm_sec = t->tm_sec == UNSAID ? 0 : t->tm_sec;
    return t->tm_hour < now->tm_hour;
}

/* The first day of the month that is such a weekday, or any. */
static int first_day(const struct tm *t, int weekday)
{
    struct tm first = {.tm_mday = 1, .tm_mon = t->tm_mon, .tm_year = t->tm_year};

    mktime(&first);
    return weekday == UNSAID ? 1 : 1 + (weekday - first.tm_wday + 7) % 7;
}

static void fill_date(struct tm *t, const struct tm *now, int is_past)
{
    int weekday = t->tm_wday, later = 0;

    if (t->tm_mday == UNSAID && t->tm_mon == UNSAID && t->tm_year == UNSAID) {
        later = weekday == UNSAID ? is_past : (weekday - now->tm_wday + 7) % 7;
    } else if (t->tm_mon != UNSAID) {
        if (t->tm_year == UNSAID)
            t->tm_year = now->tm_year + (t->tm_mon < now->tm_mon);
        if (t->tm_mday == UNSAID)
            t->tm_mday = first_day(t, weekday);
    }
    t->tm_year = t->tm_year == UNSAID ? now->tm_year : t->tm_year;
    t->tm_mon = t->tm_mon == UNSAID ? now->tm_mon : t->tm_mon;
    t->tm_mday = (t->tm_mday == UNSAID ? now->tm_mday : t->tm_mday);
    if (t->tm_mday > days_in(t->tm_mon, t->tm_year))
        t->tm_mday = UNSAID; /* mktime() would make another day of it */
    else
        t->tm_mday += later;
}

/* 0, or NO_DATE. */
static int complete(struct tm *t)
{
    time_t present = time(NULL);
    struct tm now;

    localtime_r(&present, &now);
    fill_date(t, &now, fill_time(t, &now));
    return t->tm_mday == UNSAID || mktime(t) == (time_t)-1 ? NO_DATE : 0;
}

static int match(FILE *templates, const char *text, struct tm *t)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    int error = NO_MATCH;

    while (error == NO_MATCH && (length = getline(&line, &size, templates)) != -1) {
        const char *end;

        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        *t = unsaid;
        end = strptime(text, line, t);
        if (end != NULL && *end == '\0')
            error = complete(t);
    }
    if (error == NO_MATCH && !feof(templates))
        error = errno == ENOMEM ? NO_MEMORY : NOT_READ;
    free(line);
    return error;
}

/* POSIX getdate: NULL with getdate_err. */
struct tm *getdate(const char *text)
{
    static struct tm result;
    const char *path = getenv("DATEMSK");
    struct stat status;
    FILE *templates;

    if (path == NULL || *path == '\0') {
        getdate_err = NO_DATEMSK;
        return NULL;
    }
    templates = fopen(path, "re");
    if (templates == NULL) {
        getdate_err = NOT_OPENED;
        return NULL;
    }
    if (fstat(fileno(templates), &status) == -1)
        getdate_err = NO_STATUS;
    else if (!S_ISREG(status.st_mode))
        getdate_err = NOT_REGULAR;
    else
        getdate_err = match(templates, text, &result);
    fclose(templates);
    return getdate_err == 0 ? &result : NULL;
}
