/*
 * database.h - lines of fields with colons between them, as in /etc/passwd and /etc/group.
 */
#pragma once

#include "libc.h"
#include <stdio.h>

/*
 * Reads the next line that has `count` fields, and cuts it into them.  1: there is one, 0: the file ends, -1: errno
 * says (ERANGE: the buffer is too small).
 */
int __database_line(FILE *file, char *buffer, size_t size, char **fields, int count);

/* A field as a number; -1 where it is none. */
long long __database_number(const char *field);
