/*
 * sys/time.h - the time of day in microseconds, and interval timers.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_timeval.h>
#include <sys/timespec.h>
#include <sys/select.h>

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct itimerval {
    struct timeval it_interval, it_value;
};

/* Always ignored. */
struct timezone {
    int tz_minuteswest, tz_dsttime;
};

#if __MISC_VISIBLE
#define timerclear(__time) ((__time)->tv_sec = (__time)->tv_usec = 0)
#define timerisset(__time) ((__time)->tv_sec || (__time)->tv_usec)
#define timercmp(__a, __b, __op) \
    ((__a)->tv_sec == (__b)->tv_sec ? (__a)->tv_usec __op(__b)->tv_usec : (__a)->tv_sec __op(__b)->tv_sec)
#define timeradd(__a, __b, __sum)                           \
    do {                                                    \
        (__sum)->tv_sec = (__a)->tv_sec + (__b)->tv_sec;    \
        (__sum)->tv_usec = (__a)->tv_usec + (__b)->tv_usec; \
        if ((__sum)->tv_usec >= 1000000) {                  \
            (__sum)->tv_sec++;                              \
            (__sum)->tv_usec -= 1000000;                    \
        }                                                   \
    } while (0)
#define timersub(__a, __b, __difference)                           \
    do {                                                           \
        (__difference)->tv_sec = (__a)->tv_sec - (__b)->tv_sec;    \
        (__difference)->tv_usec = (__a)->tv_usec - (__b)->tv_usec; \
        if ((__difference)->tv_usec < 0) {                         \
            (__difference)->tv_sec--;                              \
            (__difference)->tv_usec += 1000000;                    \
        }                                                          \
    } while (0)
#endif

__BEGIN_DECLS
int getitimer(int __which, struct itimerval *__value);
int gettimeofday(struct timeval *__restrict __now, void *__restrict __zone);
int setitimer(int __which, const struct itimerval *__restrict __value, struct itimerval *__restrict __old);
int utimes(const char *__path, const struct timeval __times[2]);
#if __MISC_VISIBLE
int futimes(int __fd, const struct timeval __times[2]);
int lutimes(const char *__path, const struct timeval __times[2]);
int settimeofday(const struct timeval *__now, const struct timezone *__zone);
#endif
__END_DECLS
