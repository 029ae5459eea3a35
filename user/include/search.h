/*
 * search.h - newlib's hash tables and trees, and searches in arrays.
 */
#pragma once

#include_next <search.h>

__BEGIN_DECLS
void insque(void *__element, void *__behind);
void remque(void *__element);
void *lfind(const void *__key, const void *__base, size_t *__count, size_t __size,
            int (*__compare)(const void *, const void *));
void *lsearch(const void *__key, void *__base, size_t *__count, size_t __size,
              int (*__compare)(const void *, const void *));
__END_DECLS
