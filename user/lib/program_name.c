/*
 * program_name.c - what the program is called: the last part of argv[0].
 */
#include "libc.h"
#include <string.h>

const char *__program_name(void)
{
    const char *name = __exec_words[0] > 0 ? (const char *)__exec_words[1] : "", *slash = strrchr(name, '/');

    return slash != NULL ? slash + 1 : name;
}
