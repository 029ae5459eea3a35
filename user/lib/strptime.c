/*
 * strptime.c - dates and times read by a format.
 *
 * What the format names is stored in the struct tm as it is met; what depends on several of them (a century and a year
 * in it, an hour and its half of the day, a week's number and a weekday) waits for the end.  What no conversion names
 * stays as it was, but that the day of the week and of the year follow from a date, and a date from the day of a year.
 *
 * The names are those of the C locale, which is the only one.  (Newlib's function takes "February" for a weekday, and
 * 99 for an hour.)
 */
#include "libc.h"
#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define NONE INT_MIN

enum { YEAR = 1, MONTH = 2, DAY = 4, DAY_OF_YEAR = 8, WEEKDAY = 16, DATE = YEAR | MONTH | DAY };

struct parse {
    struct tm *tm;
    unsigned has; /* of DATE and so on */
    int century, year_in_century;
    int hour_of_12, is_afternoon;
    int week, week_begins; /* on Sunday: 0, on Monday: 1 */
};

static const char *const weekdays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const halves[] = {"AM", "PM"};

static const char *skip_space(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* A number of at most `digits` digits from `low` to `high`.  Answers what follows, or NULL. */
static const char *number(const char *text, int digits, int low, int high, int *result)
{
    int value = 0;

    text = skip_space(text);
    if (!isdigit((unsigned char)*text))
        return NULL;
    for (; digits > 0 && isdigit((unsigned char)*text); digits--)
        value = value * 10 + *text++ - '0';
    *result = value;
    return value >= low && value <= high ? text : NULL;
}

/* One of the names, whole or, where `brief` is not 0, by so many letters. */
static const char *name(const char *text, const char *const *names, int count, int brief, int *result)
{
    for (int i = 0; i < count; i++) {
        size_t length = strlen(names[i]);

        if (strncasecmp(text, names[i], length) != 0)
            length = brief;
        if (length == 0 || strncasecmp(text, names[i], length) != 0)
            continue;
        *result = i;
        return text + length;
    }
    return NULL;
}

/* What a conversion stands for that is made of others, or NULL. */
static const char *long_form(char conversion)
{
    switch (conversion) {
    case 'c':
        return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x':
        return "%m/%d/%y";
    case 'F':
        return "%Y-%m-%d";
    case 'R':
        return "%H:%M";
    case 'r':
        return "%I:%M:%S %p";
    case 'T':
    case 'X':
        return "%H:%M:%S";
    }
    return NULL;
}

static const char *convert_time(struct parse *p, char conversion, const char *text)
{
    struct tm *tm = p->tm;

    switch (conversion) {
    case 'H':
    case 'k':
        return number(text, 2, 0, 23, &tm->tm_hour);
    case 'I':
    case 'l':
        return number(text, 2, 1, 12, &p->hour_of_12);
    case 'M':
        return number(text, 2, 0, 59, &tm->tm_min);
    case 'S':
        return number(text, 2, 0, 60, &tm->tm_sec);
    case 'p':
        return name(text, halves, 2, 0, &p->is_afternoon);
    }
    return NULL;
}

static const char *convert_date(struct parse *p, char conversion, const char *text)
{
    struct tm *tm = p->tm;

    switch (conversion) {
    case 'a':
    case 'A':
        p->has |= WEEKDAY;
        return name(text, weekdays, 7, 3, &tm->tm_wday);
    case 'b':
    case 'B':
    case 'h':
        p->has |= MONTH;
        return name(text, months, 12, 3, &tm->tm_mon);
    case 'C':
        return number(text, 2, 0, 99, &p->century);
    case 'd':
    case 'e':
        p->has |= DAY;
        return number(text, 2, 1, 31, &tm->tm_mday);
    case 'j':
        p->has |= DAY_OF_YEAR;
        text = number(text, 3, 1, 366, &tm->tm_yday);
        tm->tm_yday--;
        return text;
    case 'm':
        p->has |= MONTH;
        text = number(text, 2, 1, 12, &tm->tm_mon);
        tm->tm_mon--;
        return text;
    case 'U':
    case 'W':
        p->week_begins = conversion == 'W';
        return number(text, 2, 0, 53, &p->week);
    case 'w':
        p->has |= WEEKDAY;
        return number(text, 1, 0, 6, &tm->tm_wday);
    case 'y':
        return number(text, 2, 0, 99, &p->year_in_century);
    case 'Y':
        p->has |= YEAR;
        text = number(text, 4, 0, 9999, &tm->tm_year);
        tm->tm_year -= 1900;
        return text;
    }
    return convert_time(p, conversion, text);
}

/* Answers what of the text is left, or NULL where it does not fit. */
static const char *parse(struct parse *p, const char *text, const char *format)
{
    for (; *format != '\0' && text != NULL; format++) {
        if (isspace((unsigned char)*format)) {
            text = skip_space(text);
        } else if (*format != '%') {
            text = *text == *format ? text + 1 : NULL;
        } else {
            format++;
            format += *format == 'E' || *format == 'O'; /* other forms, which the C locale does not have */
            if (*format == 'n' || *format == 't')
                text = skip_space(text);
            else if (*format == '%')
                text = *text == '%' ? text + 1 : NULL;
            else if (long_form(*format) != NULL)
                text = parse(p, text, long_form(*format));
            else
                text = convert_date(p, *format, text);
        }
    }
    return text;
}

/* POSIX strptime: without a century, 69 to 99 are of the last one. */
static void join_year(struct parse *p)
{
    int year = p->year_in_century;

    if (p->century == NONE && year == NONE)
        return;
    if (p->century == NONE)
        p->century = year < 69 ? 20 : 19;
    p->tm->tm_year = p->century * 100 + (year == NONE ? 0 : year) - 1900;
    p->has |= YEAR;
}

/* The weekday, and the day of the year, of that day of that month, which may be behind the month's last. */
static struct tm day_of(int year, int month, int day)
{
    struct tm result = {.tm_year = year, .tm_mon = month, .tm_mday = day};

    timegm(&result); /* mktime() would heed the time zone */
    return result;
}

/* The day of the year of a weekday in a week; week 0 ends where the year's first one begins. */
static int day_in_week(const struct parse *p)
{
    int first = (day_of(p->tm->tm_year, 0, 1).tm_wday + 7 - p->week_begins) % 7;

    return p->week * 7 - first + (p->tm->tm_wday + 7 - p->week_begins) % 7;
}

static void complete_date(struct parse *p)
{
    struct tm *tm = p->tm, day;

    if (!(p->has & YEAR))
        return;
    if ((p->has & ~YEAR) == WEEKDAY && p->week != NONE) {
        tm->tm_yday = day_in_week(p);
        p->has |= DAY_OF_YEAR;
    }
    if ((p->has & DATE) == DATE) {
        day = day_of(tm->tm_year, tm->tm_mon, tm->tm_mday);
    } else if (p->has & DAY_OF_YEAR) {
        day = day_of(tm->tm_year, 0, tm->tm_yday + 1);
        tm->tm_mon = day.tm_mon;
        tm->tm_mday = day.tm_mday;
    } else {
        return;
    }
    tm->tm_wday = day.tm_wday;
    tm->tm_yday = day.tm_yday;
}

char *strptime(const char *restrict text, const char *restrict format, struct tm *restrict tm)
{
    struct parse p = {
        .tm = tm, .century = NONE, .year_in_century = NONE, .hour_of_12 = NONE, .is_afternoon = NONE, .week = NONE};

    text = parse(&p, text, format);
    if (text == NULL)
        return NULL;
    if (p.hour_of_12 != NONE)
        tm->tm_hour = p.hour_of_12 % 12 + (p.is_afternoon == 1 ? 12 : 0);
    join_year(&p);
    complete_date(&p);
    return (char *)text;
}

char *strptime_l(const char *restrict text, const char *restrict format, struct tm *restrict tm, locale_t locale)
{
    (void)locale;
    return strptime(text, format, tm);
}
