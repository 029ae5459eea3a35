/*
 * err.h - messages on stderr, with the program's name in front; BSD's.
 */
#pragma once

#include <sys/cdefs.h>
#include <stdarg.h>

__BEGIN_DECLS
void err(int __status, const char *__format, ...) __dead2 __printflike(2, 3);
void errx(int __status, const char *__format, ...) __dead2 __printflike(2, 3);
void warn(const char *__format, ...) __printflike(1, 2);
void warnx(const char *__format, ...) __printflike(1, 2);
void verr(int __status, const char *__format, va_list __args) __dead2;
void verrx(int __status, const char *__format, va_list __args) __dead2;
void vwarn(const char *__format, va_list __args);
void vwarnx(const char *__format, va_list __args);
__END_DECLS
