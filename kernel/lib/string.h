/*
 * string.h - memory, strings and number formatting for the kernel; the names and contracts of ISO C where they are its.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int byte, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

/* Copy at most size-1 bytes and end in a 0 byte; answers strlen(from). */
size_t strlcpy(char *to, const char *from, size_t size);

/* Parse an unsigned number (decimal, 0x.., 0..) of which nothing may be left over. Answers false for anything else. */
bool parse_number(const char *s, uint64_t *value);

/* printf for the kernel: %c %s %d %i %u %x %X %o %p %% with flags 0 and -, width, precision (strings), and h hh l ll z
 * lengths.  Answers the length it would have had, as C99's snprintf does. */
int vsnprintf(char *to, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
int snprintf(char *to, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
