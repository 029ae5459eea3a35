/*
 * mkstemp.c - files and directories of new names: six letters by chance in place of XXXXXX.
 */
#include "libc.h"
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LETTERS 6
#define TRIES 100

static int make_name(char *at)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    unsigned char bytes[LETTERS];

    if (getentropy(bytes, sizeof bytes) == -1)
        return -1;
    for (int i = 0; i < LETTERS; i++)
        at[i] = letters[bytes[i] % 64];
    return 0;
}

/* The place of XXXXXX, with `suffix` letters behind it; NULL: EINVAL. */
static char *find_place(char *template, int suffix)
{
    size_t length = strlen(template);

    if (suffix >= 0 && length >= (size_t)suffix + LETTERS) {
        char *place = template + length - suffix - LETTERS;

        if (strncmp(place, "XXXXXX", LETTERS) == 0)
            return place;
    }
    errno = EINVAL; /* POSIX mkdtemp, mkstemp: EINVAL */
    return NULL;
}

int mkostemps(char *template, int suffix, int flags)
{
    char *place = find_place(template, suffix);
    int fd = -1;

    for (int i = 0; place != NULL && i < TRIES; i++) {
        if (make_name(place) == -1)
            return -1;
        fd = open(template, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd != -1 || errno != EEXIST)
            break;
    }
    return fd;
}

int mkostemp(char *template, int flags)
{
    return mkostemps(template, 0, flags);
}

int mkstemps(char *template, int suffix)
{
    return mkostemps(template, suffix, 0);
}

int mkstemp(char *template)
{
    return mkostemps(template, 0, 0);
}

char *mkdtemp(char *template)
{
    char *place = find_place(template, 0);

    for (int i = 0; place != NULL && i < TRIES; i++) {
        if (make_name(place) == -1)
            return NULL;
        if (mkdir(template, 0700) == 0)
            return template;
        if (errno != EEXIST)
            return NULL;
    }
    return NULL;
}

/* Left over from before POSIX: a name that is not there, just now.  "" where there is none. */
char *mktemp(char *template)
{
    char *place = find_place(template, 0);

    for (int i = 0; place != NULL && i < TRIES; i++) {
        if (make_name(place) == -1)
            break;
        if (access(template, F_OK) == -1 && errno == ENOENT)
            return template;
    }
    *template = '\0';
    return template;
}
