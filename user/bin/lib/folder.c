/*
 * folder.c - the way down into a tree: a descriptor for the folder that one stands in, and for some above it.
 *
 * A folder further up is closed, and opened anew by ".." when one comes back to it; it must be the same one then.  Only
 * where a link led down, ".." leads elsewhere: what stands above such a link stays open.
 */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { open_max = 16 };

/* What the calls with "at" in their names want; NULL is the working directory. */
int folder_fd(const struct folder *folder)
{
    return folder ? folder->fd : AT_FDCWD;
}

/* One stands in `folder`: closes the one that is too far up to stay open. */
static void close_above(struct folder *folder)
{
    for (int i = 0; folder && i < open_max; i++)
        folder = folder->up;
    if (folder && folder->fd >= 0 && !folder->pinned) {
        close(folder->fd);
        folder->fd = -1;
    }
}

/* Goes into `name`, which is in `up`, and through a link if `follow`; false with errno. */
bool folder_enter(struct folder *folder, struct folder *up, const char *name, bool follow)
{
    struct stat status, itself;
    int fd = openat(folder_fd(up), name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    if (fd < 0)
        return false;
    if (fstat(fd, &status) < 0 || fstatat(folder_fd(up), name, &itself, AT_SYMLINK_NOFOLLOW) < 0) {
        close(fd);
        return false;
    }
    if (up)
        up->pinned |= S_ISLNK(itself.st_mode);
    *folder = (struct folder){.up = up, .fd = fd, .device = status.st_dev, .inode = status.st_ino};
    close_above(folder);
    return true;
}

static bool open_again(struct folder *folder, int below)
{
    struct stat status;
    folder->fd = openat(below, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0 || fstat(folder->fd, &status) < 0)
        return false;
    errno = ENOENT;
    return status.st_dev == folder->device && status.st_ino == folder->inode;
}

/* Goes back to where one came from; false, with errno, when that is not there any more. */
bool folder_leave(struct folder *folder)
{
    struct folder *up = folder->up;
    bool found = !up || up->fd >= 0 || open_again(up, folder->fd);
    int error = errno;
    close(folder->fd);
    errno = error;
    return found;
}

/* Is this the folder or one above it? */
bool folder_is_above(const struct folder *folder, const struct stat *status)
{
    while (folder && (folder->device != status->st_dev || folder->inode != status->st_ino))
        folder = folder->up;
    return folder;
}

/* What is in it, for closedir(); NULL with errno. */
DIR *folder_read(const struct folder *folder)
{
    int fd = fcntl(folder->fd, F_DUPFD_CLOEXEC, 0);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory && fd >= 0)
        close(fd);
    return directory;
}
