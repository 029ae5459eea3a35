/*
 * getlogin.c - the name of the user.
 */
#include "libc.h"
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

/* POSIX getlogin_r: ERANGE; ENXIO where the user has no name. */
int getlogin_r(char *name, size_t size)
{
    char line[1024];
    struct passwd user, *found;
    int error = getpwuid_r(getuid(), &user, line, sizeof line, &found);

    if (error != 0)
        return error;
    if (found == NULL)
        return ENXIO;
    if (strlen(user.pw_name) >= size)
        return ERANGE;
    strcpy(name, user.pw_name);
    return 0;
}

char *getlogin(void)
{
    static char name[LOGIN_NAME_MAX];
    int error = getlogin_r(name, sizeof name);

    if (error == 0)
        return name;
    errno = error;
    return NULL;
}
