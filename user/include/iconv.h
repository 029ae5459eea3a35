/*
 * iconv.h - text from one encoding to another.
 */
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>

typedef struct __iconv *iconv_t;

__BEGIN_DECLS
iconv_t iconv_open(const char *__to, const char *__from);
size_t iconv(iconv_t __conversion, char **__restrict __in, size_t *__restrict __in_left, char **__restrict __out,
             size_t *__restrict __out_left);
int iconv_close(iconv_t __conversion);
__END_DECLS
