/*
 * ttyname.c - the name of a terminal, found in /dev by its device number.
 */
#include "libc.h"
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* /dev/tty is every process's own terminal, so it is nobody's name. */
static int is_device(const char *path, const struct stat *wanted)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == wanted->st_rdev &&
           strcmp(path, "/dev/tty") != 0;
}

/* POSIX ttyname_r: EBADF, ENOTTY, ERANGE; ENODEV where the terminal has no name. */
int ttyname_r(int fd, char *name, size_t size)
{
    int saved = errno, error = ENODEV;
    char path[NAME_MAX + 8];
    struct dirent *entry;
    struct stat status;
    DIR *dir;

    if (!isatty(fd) || fstat(fd, &status) == -1 || (dir = opendir("/dev")) == NULL) {
        error = errno;
        errno = saved;
        return error;
    }
    while (error == ENODEV && (entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof path, "/dev/%s", entry->d_name);
        if (is_device(path, &status))
            error = strlen(path) < size ? 0 : ERANGE;
    }
    closedir(dir);
    errno = saved;
    if (error == 0)
        strcpy(name, path);
    return error;
}

char *ttyname(int fd)
{
    static char name[TTY_NAME_MAX];
    int error = ttyname_r(fd, name, sizeof name);

    if (error == 0)
        return name;
    errno = error;
    return NULL;
}

char *ctermid(char *name)
{
    static char own[] = "/dev/tty";

    return name == NULL ? own : strcpy(name, own);
}
