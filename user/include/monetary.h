/*
 * monetary.h - amounts of money as text.
 */
#pragma once

#include <stddef.h>
#include <sys/_locale.h>
#include <sys/cdefs.h>
#include <sys/types.h>

__BEGIN_DECLS
ssize_t strfmon(char *__restrict __text, size_t __size, const char *__restrict __format, ...);
ssize_t strfmon_l(char *__restrict __text, size_t __size, locale_t __locale, const char *__restrict __format, ...);
__END_DECLS
