/*
 * wordexp.h - words expanded as the shell does it.
 */
#pragma once

#include <sys/cdefs.h>
#define __need_size_t
#include <stddef.h>

typedef struct {
    size_t we_wordc; /* how many */
    char **we_wordv; /* the words; we_offs NULLs in front, NULL behind */
    size_t we_offs;
} wordexp_t;

#define WRDE_DOOFFS 0x01
#define WRDE_APPEND 0x02
#define WRDE_NOCMD 0x04
#define WRDE_REUSE 0x08
#define WRDE_SHOWERR 0x10
#define WRDE_UNDEF 0x20

#define WRDE_NOSPACE 1
#define WRDE_BADCHAR 2
#define WRDE_BADVAL 3
#define WRDE_CMDSUB 4
#define WRDE_SYNTAX 5

__BEGIN_DECLS
int wordexp(const char *__restrict __words, wordexp_t *__restrict __result, int __flags);
void wordfree(wordexp_t *__result);
__END_DECLS
