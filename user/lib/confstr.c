/*
 * confstr.c - settings that are text.
 */
#include "libc.h"
#include <paths.h>
#include <string.h>
#include <unistd.h>

/* POSIX confstr: the size that the text wants, with its 0 byte; 0 with EINVAL for an unknown name. */
size_t confstr(int name, char *buffer, size_t size)
{
    const char *text = "";

    if (name == _CS_PATH) {
        text = _PATH_STDPATH;
    } else if (name < 0 || name > _CS_POSIX_V7_ILP32_OFFBIG_LIBS) {
        errno = EINVAL;
        return 0;
    }
    if (size > 0) {
        strncpy(buffer, text, size - 1);
        buffer[size - 1] = '\0';
    }
    return strlen(text) + 1;
}
