/*
 * setenv.c - setenv and unsetenv, which refuse a name that is none; the rest is newlib's.
 */
#include "libc.h"
#include <string.h>

/* POSIX setenv: EINVAL */
static int check(const char *name)
{
    if (name != NULL && *name != '\0' && strchr(name, '=') == NULL)
        return 0;
    errno = EINVAL;
    return -1;
}

int setenv(const char *name, const char *value, int overwrite)
{
    return check(name) == -1 ? -1 : _setenv_r(_REENT, name, value, overwrite);
}

int unsetenv(const char *name)
{
    return check(name) == -1 ? -1 : _unsetenv_r(_REENT, name);
}
