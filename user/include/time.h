/*
 * time.h - clocks and calendars.
 *
 * Newlib's own sources read newlib's file, which also holds its time-zone tables.
 */
#ifdef _COMPILING_NEWLIB
#include_next <time.h>
#else
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/timespec.h>
#include <sys/_locale.h>
#include <machine/time.h>
#define __need_size_t
#define __need_NULL
#include <stddef.h>

#define CLOCKS_PER_SEC _CLOCKS_PER_SEC_

struct tm {
    int tm_sec, tm_min, tm_hour;
    int tm_mday, tm_mon, tm_year;
    int tm_wday, tm_yday, tm_isdst;
};

__BEGIN_DECLS
char *asctime(const struct tm *__tm);
clock_t clock(void);
char *ctime(const time_t *__time);
double difftime(time_t __end, time_t __begin);
struct tm *gmtime(const time_t *__time);
struct tm *localtime(const time_t *__time);
time_t mktime(struct tm *__tm);
size_t strftime(char *__restrict __text, size_t __size, const char *__restrict __format,
                const struct tm *__restrict __tm);
time_t time(time_t *__time);

#if __ISO_C_VISIBLE >= 2011
#define TIME_UTC 1
int timespec_get(struct timespec *__time, int __base);
#endif

#if __POSIX_VISIBLE
#define CLOCK_REALTIME 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC 4
#define TIMER_ABSTIME 4

#ifndef _PID_T_DECLARED
typedef __pid_t pid_t;
#define _PID_T_DECLARED
#endif

struct sigevent;

/* Newlib's names for them begin with an underscore. */
extern char *tzname[2] __asm__("_tzname");

char *asctime_r(const struct tm *__restrict __tm, char *__restrict __text);
char *ctime_r(const time_t *__time, char *__text);
struct tm *gmtime_r(const time_t *__restrict __time, struct tm *__restrict __tm);
struct tm *localtime_r(const time_t *__restrict __time, struct tm *__restrict __tm);
size_t strftime_l(char *__restrict __text, size_t __size, const char *__restrict __format,
                  const struct tm *__restrict __tm, locale_t __locale);
void tzset(void);

int clock_getcpuclockid(pid_t __pid, clockid_t *__clock);
int clock_getres(clockid_t __clock, struct timespec *__resolution);
int clock_gettime(clockid_t __clock, struct timespec *__time);
int clock_nanosleep(clockid_t __clock, int __flags, const struct timespec *__request, struct timespec *__rest);
int clock_settime(clockid_t __clock, const struct timespec *__time);
int nanosleep(const struct timespec *__request, struct timespec *__rest);
int timer_create(clockid_t __clock, struct sigevent *__restrict __event, timer_t *__restrict __id);
int timer_delete(timer_t __id);
int timer_getoverrun(timer_t __id);
int timer_gettime(timer_t __id, struct itimerspec *__value);
int timer_settime(timer_t __id, int __flags, const struct itimerspec *__restrict __value,
                  struct itimerspec *__restrict __old);
#endif

#if __XSI_VISIBLE || __MISC_VISIBLE
extern int getdate_err;
struct tm *getdate(const char *__text);
char *strptime(const char *__restrict __text, const char *__restrict __format, struct tm *__restrict __tm);
extern long timezone __asm__("_timezone");
extern int daylight __asm__("_daylight");
#endif

#if __GNU_VISIBLE
char *strptime_l(const char *__restrict __text, const char *__restrict __format, struct tm *__restrict __tm,
                 locale_t __locale);
#endif

#if __MISC_VISIBLE
time_t timegm(struct tm *__tm);
#endif
__END_DECLS
#endif
