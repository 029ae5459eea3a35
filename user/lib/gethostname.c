/*
 * gethostname.c - the name of the machine.
 */
#include "libc.h"
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int gethostname(char *name, size_t size)
{
    struct utsname system;

    if (uname(&system) == -1)
        return -1;
    if (strlen(system.nodename) >= size) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(name, system.nodename);
    return 0;
}
