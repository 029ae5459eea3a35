/*
 * shm_open.c - shared memory objects: files of /dev/shm, which lie in memory like all files here.
 */
#include "sem.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int shm_open(const char *name, int flags, mode_t mode)
{
    char path[SHM_PATH_MAX];

    if (__shm_path(path, "", name) == -1)
        return -1;
    return open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
}

int shm_unlink(const char *name)
{
    char path[SHM_PATH_MAX];

    if (__shm_path(path, "", name) == -1) {
        if (errno == EINVAL)
            errno = ENOENT; /* POSIX shm_unlink: ENOENT */
        return -1;
    }
    if (unlink(path) == 0)
        return 0;
    if (errno == EPERM)
        errno = EACCES; /* POSIX shm_unlink: EACCES; the directory is sticky */
    return -1;
}
