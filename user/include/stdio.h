/*
 * stdio.h - newlib's streams, and what POSIX has beside them.
 */
#pragma once

#include_next <stdio.h>

#if __POSIX_VISIBLE >= 200809
__BEGIN_DECLS
ssize_t getdelim(char **__restrict __line, size_t *__restrict __size, int __delimiter, FILE *__restrict __stream);
ssize_t getline(char **__restrict __line, size_t *__restrict __size, FILE *__restrict __stream);
__END_DECLS
#endif
