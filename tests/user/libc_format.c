/*
 * libc_format.c - amounts of money, messages in one form, dates read by templates, a limit by its old name.
 */
#include <errno.h>
#include <fcntl.h>
#include <fmtmsg.h>
#include <locale.h>
#include <monetary.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <ulimit.h>
#include <unistd.h>

#include "tap.h"

#define MASK "/tmp/libc_format.mask"
#define OUTPUT "/tmp/libc_format.out"

static void is_money(const char *format, double amount, const char *expected)
{
    char text[64] = "";
    ssize_t length = strfmon(text, sizeof text, format, amount);

    tap_ok(length == (ssize_t)strlen(expected) && strcmp(text, expected) == 0, "strfmon %s: \"%s\"", format, text);
}

static void test_money(void)
{
    static const char *const wrong[] = {"%x", "%(+n"}; /* gcc would see it in a literal */
    char text[16];
    locale_t locale = newlocale(LC_ALL_MASK, "C", NULL);

    is_money("%n", 1234.567, "1234.57");
    is_money("%i", -1234.5, "-1234.50");
    is_money("[%10n]", 3.5, "[      3.50]");
    is_money("[%-10n]", -3.5, "[-3.50     ]");
    is_money("%=*#6n", 123.45, " ***123.45");
    is_money("%=*#6n", -123.45, "-***123.45");
    is_money("%(n", -9, "(9.00)");
    is_money("%(#3n", 9, "   9.00 ");
    is_money("%.0n", 2.6, "3");
    is_money("%.3n%%", 1, "1.000%");
    tap_is(strfmon_l(text, sizeof text, locale, "%n and %n", 1.0, 2.0), 13, "strfmon_l, two amounts");
    tap_is_text(text, "1.00 and 2.00", "both are there");
    tap_fails(strfmon(text, 4, "%n", 1.0), E2BIG, "POSIX strfmon: E2BIG, no room for the 0 byte");
    tap_fails(strfmon(text, sizeof text, wrong[0], 1.0), EINVAL, "POSIX strfmon: EINVAL");
    tap_fails(strfmon(text, sizeof text, wrong[1], 1.0), EINVAL, "POSIX strfmon: EINVAL, two forms of sign");
    freelocale(locale);
}

struct message {
    long class;
    const char *label;
    int severity;
    const char *text, *action, *tag;
};

static int say(void *context)
{
    const struct message *m = context;

    close(2);
    if (open(OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0600) != 2)
        return 100;
    return fmtmsg(m->class, m->label, m->severity, m->text, m->action, m->tag) & 0xff;
}

/* What standard error got. */
static const char *told(struct message message, int expected)
{
    static char text[256];
    FILE *file;
    size_t n;

    tap_is(tap_child_result(say, &message), expected & 0xff, "fmtmsg");
    file = fopen(OUTPUT, "r");
    n = fread(text, 1, sizeof text - 1, file);
    text[n] = '\0';
    fclose(file);
    unlink(OUTPUT);
    return text;
}

static void test_messages(void)
{
    struct message all = {MM_PRINT, "UX:cat", MM_ERROR, "illegal option", "refer to manual", "UX:cat:001"};

    tap_is_text(told(all, MM_OK), "UX:cat: ERROR: illegal option\nTO FIX: refer to manual UX:cat:001\n", "whole");
    tap_is_text(told((struct message){MM_PRINT, NULL, MM_HALT, "gone", NULL, NULL}, MM_OK), "HALT: gone\n",
                "what is null is left out");
    setenv("MSGVERB", "text:action", 1);
    tap_is_text(told(all, MM_OK), "illegal option\nTO FIX: refer to manual\n", "MSGVERB chooses");
    setenv("MSGVERB", "text:nonsense", 1);
    tap_is_text(told((struct message){MM_PRINT, "a:b", MM_INFO, "t", NULL, NULL}, MM_OK), "a:b: INFO: t\n",
                "a MSGVERB with a strange word does not count");
    unsetenv("MSGVERB");
    tap_is_text(told((struct message){MM_PRINT, "nocolon", MM_INFO, "t", NULL, NULL}, MM_NOTOK), "",
                "POSIX fmtmsg: MM_NOTOK, a label without a colon");
    tap_is_text(told((struct message){0, "a:b", MM_INFO, "t", NULL, NULL}, MM_OK), "", "for nobody");
}

/* The file of templates. */
static void write_mask(const char *text)
{
    FILE *file = fopen(MASK, "w");

    fputs(text, file);
    fclose(file);
    setenv("DATEMSK", MASK, 1);
}

static void date_fails(const char *text, int error, const char *why)
{
    getdate_err = 0;
    tap_ok(getdate(text) == NULL && getdate_err == error, "POSIX getdate: %d, %s", error, why);
}

static void test_dates(void)
{
    time_t now = time(NULL);
    struct tm today = *localtime(&now), *date;

    unsetenv("DATEMSK");
    date_fails("1", 1, "no DATEMSK");
    setenv("DATEMSK", "/nowhere", 1);
    date_fails("1", 2, "no such file");
    setenv("DATEMSK", "/tmp", 1);
    date_fails("1", 4, "no regular file");
    write_mask("%Y-%m-%d %H:%M:%S\n%d.%m.%Y\n%A\n%B\n%H:%M\n%m/%d\n");
    date = getdate("2021-03-04 05:06:07");
    tap_ok(date != NULL && date->tm_year == 121 && date->tm_mon == 2 && date->tm_mday == 4 && date->tm_hour == 5 &&
               date->tm_min == 6 && date->tm_sec == 7 && date->tm_wday == 4,
           "a whole date, with its weekday");
    date = getdate("29.02.2020");
    tap_ok(date != NULL && date->tm_mday == 29 && date->tm_mon == 1, "a leap day");
    date_fails("29.02.2021", 8, "a day that is not");
    date_fails("soon", 7, "no template fits");
    date = getdate("Monday");
    tap_ok(date != NULL && date->tm_wday == 1 && mktime(date) - now < 7 * 86400 && mktime(date) >= now - 1,
           "the next such weekday");
    date = getdate("January");
    tap_ok(date != NULL && date->tm_mon == 0 && date->tm_mday == 1 &&
               date->tm_year == today.tm_year + (today.tm_mon > 0),
           "the next such month, its first day");
    date = getdate("23:59");
    tap_ok(date != NULL && date->tm_hour == 23 && date->tm_min == 59 && date->tm_sec == 0 &&
               date->tm_mday == today.tm_mday,
           "a time that is still to come is today's");
    unlink(MASK);
    unsetenv("DATEMSK");
}

/* "2021-03-04 05:06:07 4 62", or "no" and what is left. */
static const char *parsed(const char *text, const char *format)
{
    static char result[64];
    struct tm tm = {.tm_year = 121, .tm_mon = 2, .tm_mday = 4, .tm_hour = 5, .tm_min = 6, .tm_sec = 7};
    char *end = strptime(text, format, &tm);

    snprintf(result, sizeof result, "%d-%d-%d %d:%d:%d %d %d%s", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
             tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday, tm.tm_yday, end == NULL ? "" : end);
    return end == NULL ? "no" : result;
}

static void test_parsing(void)
{
    tap_is_text(parsed("", ""), "2021-3-4 5:6:7 0 0", "strptime leaves what it does not read");
    tap_is_text(parsed("20240229T235960 rest", "%Y%m%dT%H%M%S"), "2024-2-29 23:59:60 4 59 rest", "digits are counted");
    tap_is_text(parsed("Feb 3 PM 02:10", "%b %d %p %I:%M"), "2021-2-3 14:10:7 0 0",
                "an hour and its half, either first");
    tap_is_text(parsed("12:00:01 am", "%r"), "2021-3-4 0:0:1 0 0", "midnight");
    tap_is_text(parsed("68 69", "%y %M"), "no", "a minute too many");
    tap_is_text(parsed("68", "%y"), "2068-3-4 5:6:7 0 0", "this century");
    tap_is_text(parsed("69", "%y"), "1969-3-4 5:6:7 0 0", "the last one");
    tap_is_text(parsed("18 75", "%C %y"), "1875-3-4 5:6:7 0 0", "a century and a year");
    tap_is_text(parsed("2024 060", "%Y %j"), "2024-2-29 5:6:7 4 59", "a day of the year");
    tap_is_text(parsed("2021 09 Thu", "%Y %U %a"), "2021-3-4 5:6:7 4 62", "a weekday of a week");
    tap_is_text(parsed("thursday", "%A"), "2021-3-4 5:6:7 4 0", "names in any case");
    tap_is_text(parsed("Thu Mar  4 05:06:07 2021", "%c"), "2021-3-4 5:6:7 4 62", "as ctime() writes it");
    tap_is_text(parsed("March", "%A"), "no", "a month is no weekday");
    tap_is_text(parsed("32", "%d"), "no", "a day too many");
    tap_is_text(parsed("x", "%H"), "no", "no number");
}

static int set_limit(void *context)
{
    struct rlimit limit;

    (void)context;
    if (ulimit(UL_SETFSIZE, 8L) != 8 || getrlimit(RLIMIT_FSIZE, &limit) == -1)
        return 1;
    if (limit.rlim_cur != 4096 || limit.rlim_max != 4096 || ulimit(UL_GETFSIZE) != 8)
        return 2;
    setuid(1000);
    return ulimit(UL_SETFSIZE, 9L) == -1 && errno == EPERM ? 0 : 3;
}

static void test_limit(void)
{
    tap_is(tap_child_result(set_limit, NULL), 0, "ulimit; POSIX ulimit: EPERM");
    tap_fails(ulimit(77), EINVAL, "POSIX ulimit: EINVAL");
}

int main(void)
{
    tap_begin();
    test_money();
    test_messages();
    test_parsing();
    test_dates();
    test_limit();
    return tap_end();
}
