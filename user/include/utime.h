/*
 * utime.h - a file's times in whole seconds; utimensat() is better.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>

struct utimbuf {
    time_t actime, modtime;
};

__BEGIN_DECLS
int utime(const char *__path, const struct utimbuf *__times);
__END_DECLS
