/*
 * getauxval.c - the auxiliary vector: pairs of words behind the environment that exec gave.
 */
#include "libc.h"
#include <sys/auxv.h>

unsigned long getauxval(unsigned long type)
{
    uintptr_t *word = __exec_words + 1 + __exec_words[0] + 1;

    while (*word++ != 0) /* the environment */
        ;
    for (; word[0] != AT_NULL; word += 2) {
        if (word[0] == type)
            return word[1];
    }
    errno = ENOENT;
    return 0;
}
