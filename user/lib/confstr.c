/*
 * confstr.c - settings that are text.
 */
#include "libc.h"
#include <paths.h>
#include <string.h>
#include <unistd.h>

/* The one programming environment: 32-bit int, long and pointer, 64-bit off_t.  Others have no text. */
static const char *text_of(int name)
{
    switch (name) {
    case _CS_PATH:
        return _PATH_STDPATH;
    case _CS_V6_ENV:
    case _CS_V7_ENV:
        return "POSIXLY_CORRECT=1";
    case _CS_POSIX_V6_WIDTH_RESTRICTED_ENVS:
        return "POSIX_V6_ILP32_OFFBIG";
    case _CS_POSIX_V7_WIDTH_RESTRICTED_ENVS:
        return "POSIX_V7_ILP32_OFFBIG";
    }
    return "";
}

/* POSIX confstr: the size that the text wants, with its 0 byte; 0 with EINVAL for an unknown name. */
size_t confstr(int name, char *buffer, size_t size)
{
    const char *text = text_of(name);

    if (name < 0 || name > _CS_POSIX_V7_WIDTH_RESTRICTED_ENVS) {
        errno = EINVAL;
        return 0;
    }
    if (size > 0)
        strlcpy(buffer, text, size);
    return strlen(text) + 1;
}
