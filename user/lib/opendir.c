/*
 * opendir.c - opening and closing directories.
 */
#include "dir.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static DIR *make_dir(int fd)
{
    DIR *dir = malloc(sizeof *dir);

    if (dir != NULL) {
        dir->fd = fd;
        dir->lock = 0;
        dir->next = dir->filled = 0;
        dir->location = 0;
    }
    return dir;
}

DIR *opendir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir;

    if (fd == -1)
        return NULL;
    dir = make_dir(fd);
    if (dir == NULL)
        close(fd);
    return dir;
}

/* POSIX fdopendir: ENOTDIR; EBADF for a descriptor that is not open for reading. */
DIR *fdopendir(int fd)
{
    struct stat stat;
    int flags = fcntl(fd, F_GETFL);
    DIR *dir;

    if (flags == -1 || fstat(fd, &stat) == -1)
        return NULL;
    if ((flags & O_ACCMODE) == O_WRONLY || !S_ISDIR(stat.st_mode)) {
        errno = S_ISDIR(stat.st_mode) ? EBADF : ENOTDIR;
        return NULL;
    }
    dir = make_dir(fd);
    if (dir != NULL) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        dir->location = lseek(fd, 0, SEEK_CUR);
    }
    return dir;
}

int closedir(DIR *dir)
{
    int fd = dir->fd;

    free(dir);
    return close(fd);
}

int dirfd(DIR *dir)
{
    return dir->fd;
}
