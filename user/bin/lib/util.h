/*
 * util.h - what every utility needs: messages in the usual form, memory that is there or the end, numbers, files
 * named on the command line.  One program links only the parts that it calls.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#define UTIL_PRINTF(text, first) __attribute__((format(__printf__, text, first)))
#define UTIL_COUNT(array) (sizeof(array) / sizeof(*(array)))

/* util.c: messages and the end of the program */
void util_start(const char *name, const char *synopsis, int failure);
void util_warn(const char *format, ...) UTIL_PRINTF(1, 2);
void util_warnx(const char *format, ...) UTIL_PRINTF(1, 2);
_Noreturn void util_err(const char *format, ...) UTIL_PRINTF(1, 2);
_Noreturn void util_errx(const char *format, ...) UTIL_PRINTF(1, 2);
_Noreturn void util_usage(void);
void util_no_options(int argc, char **argv);
int util_finish(int status);

/* memory.c */
void *util_alloc(size_t size);
void *util_grow(void *old, size_t count, size_t *room, size_t item);
char *util_strdup(const char *text);
char *util_join(const char *directory, const char *name);
const char *util_basename(const char *path);

/* number.c */
bool util_parse(const char *text, int base, long long *value);
long long util_number(const char *text, long long min, long long max, const char *what);
long long util_size(const char *text, const char *what);
bool util_duration(const char *text, double *seconds);
void util_human(unsigned long long bytes, char *text, size_t size);

/* files.c */
FILE *util_open(const char *path);
bool util_close(FILE *file, const char *path);
int util_each_file(int count, char **paths, int (*visit)(FILE *file, const char *path));
bool util_write_all(int fd, const void *data, size_t size);
char *util_read_file(const char *path, size_t *size);
bool util_is_directory(const char *path);

/* confirm.c */
bool util_confirm(const char *format, ...) UTIL_PRINTF(1, 2);

/* escape.c */
size_t util_escape(const char **cursor, char *out, bool echo_style, bool *stop);

/* exec.c */
_Noreturn void util_exec(char **argv);
