/*
 * utimes.c - a file's times, in the older units.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <utime.h>

static int set_times(int dir, const char *path, const struct timeval times[2], int flags)
{
    struct timespec precise[2];

    if (times == NULL)
        return utimensat(dir, path, NULL, flags);
    for (int i = 0; i < 2; i++) {
        precise[i].tv_sec = times[i].tv_sec;
        precise[i].tv_nsec = times[i].tv_usec * 1000;
    }
    return utimensat(dir, path, precise, flags);
}

int utimes(const char *path, const struct timeval times[2])
{
    return set_times(AT_FDCWD, path, times, 0);
}

int lutimes(const char *path, const struct timeval times[2])
{
    return set_times(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

int futimes(int fd, const struct timeval times[2])
{
    return set_times(fd, NULL, times, AT_EMPTY_PATH);
}

int utime(const char *path, const struct utimbuf *times)
{
    struct timespec precise[2];

    if (times == NULL)
        return utimensat(AT_FDCWD, path, NULL, 0);
    precise[0] = (struct timespec){.tv_sec = times->actime};
    precise[1] = (struct timespec){.tv_sec = times->modtime};
    return utimensat(AT_FDCWD, path, precise, 0);
}
