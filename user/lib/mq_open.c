/*
 * mq_open.c - POSIX message queues by name: files of /dev/mqueue.
 *
 * A new one is made without a name and then linked, so nobody finds it before it has its shape.
 */
#include "libc.h"
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define DIRECTORY "/dev/mqueue"
#define PATH_SIZE (sizeof DIRECTORY + 1 + NAME_MAX)

/* The kernel's: a descriptor of a new queue without a name. */
int __mq_create(int flags, mode_t mode, const struct mq_attr *attributes);

/* "/name" as a path; 0, or -1 with errno. */
static int find_path(char *path, const char *name)
{
    const char *text = name + 1;

    errno = EINVAL; /* POSIX mq_open, mq_unlink: EINVAL */
    if (*name != '/')
        return -1;
    errno = ENOENT;
    if (*text == '\0')
        return -1;
    errno = EACCES; /* Linux mq_open, mq_unlink: EACCES for names that are none */
    if (strchr(text, '/') != NULL || strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
        return -1;
    errno = ENAMETOOLONG; /* POSIX mq_open, mq_unlink: ENAMETOOLONG */
    if (strlen(text) > NAME_MAX)
        return -1;
    stpcpy(stpcpy(path, DIRECTORY), name);
    return 0;
}

/* Make the queue and open it.  -1 with EEXIST: it is there. */
static mqd_t make(const char *path, int flags, mode_t mode, const struct mq_attr *attributes)
{
    mqd_t queue = __mq_create(flags, mode, attributes);
    int saved;

    if (queue == -1 || linkat(queue, "", AT_FDCWD, path, AT_EMPTY_PATH) == 0)
        return queue;
    saved = errno;
    close(queue);
    errno = saved;
    return -1;
}

static mqd_t open_or_make(const char *path, int flags, mode_t mode, const struct mq_attr *attributes)
{
    const int how = (flags & (O_ACCMODE | O_NONBLOCK)) | O_CLOEXEC | O_NOFOLLOW;
    mqd_t queue = -1;

    for (;;) {
        errno = ENOENT;
        if (!(flags & O_EXCL) || !(flags & O_CREAT))
            queue = open(path, how);
        if (queue != -1 || errno != ENOENT || !(flags & O_CREAT)) /* POSIX mq_open: ENOENT, EACCES */
            return queue;
        queue = make(path, how, mode, attributes);
        if (queue != -1 || errno != EEXIST || flags & O_EXCL) /* POSIX mq_open: EEXIST */
            return queue;
    }
}

mqd_t mq_open(const char *name, int flags, ...)
{
    const struct mq_attr *attributes = NULL;
    char path[PATH_SIZE];
    mode_t mode = 0;

    if (flags & O_CREAT) {
        va_list arguments;

        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        attributes = va_arg(arguments, const struct mq_attr *);
        va_end(arguments);
    }
    if ((flags & O_ACCMODE) == O_ACCMODE || flags & ~(O_ACCMODE | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC)) {
        errno = EINVAL; /* Linux mq_open: EINVAL */
        return -1;
    }
    return find_path(path, name) == 0 ? open_or_make(path, flags, mode, attributes) : -1;
}

int mq_unlink(const char *name)
{
    char path[PATH_SIZE];

    if (find_path(path, name) == -1)
        return -1;
    if (unlink(path) == 0)
        return 0;
    if (errno == EPERM)
        errno = EACCES; /* POSIX mq_unlink: EACCES; the directory is sticky */
    return -1;
}
