/*
 * glob.h - the names that a pattern matches.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/_types.h>
#define __need_size_t
#include <stddef.h>

typedef struct {
    size_t gl_pathc; /* how many */
    char **gl_pathv; /* the names; gl_offs NULLs in front, NULL behind */
    size_t gl_offs;
    size_t __capacity;
} glob_t;

#define GLOB_APPEND 0x01
#define GLOB_DOOFFS 0x02
#define GLOB_ERR 0x04
#define GLOB_MARK 0x08
#define GLOB_NOCHECK 0x10
#define GLOB_NOSORT 0x20
#define GLOB_NOESCAPE 0x40

#define GLOB_ABORTED 1
#define GLOB_NOMATCH 2
#define GLOB_NOSPACE 3

__BEGIN_DECLS
int glob(const char *__restrict __pattern, int __flags, int (*__error)(const char *, int), glob_t *__restrict __result);
void globfree(glob_t *__result);
__END_DECLS
