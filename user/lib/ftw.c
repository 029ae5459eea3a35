/*
 * ftw.c - walks through a tree of files: ftw() and nftw().
 *
 * What is in a directory is looked up by its name there, so a tree may be deeper than a path may be long.  The names in
 * a directory are read whole.  Of the directories above the one that is read as many stay open as the caller allows
 * (one at least); a further one is closed, and opened anew by ".." when the walk comes back.  Only where a link led
 * down, ".." leads elsewhere, and what stands above it stays open.
 */
#include "libc.h"
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

struct walk {
    int (*visit)(const char *, const struct stat *, int, struct FTW *);
    int (*old_visit)(const char *, const struct stat *, int); /* ftw()'s, in place of visit */
    int flags, descriptors;
    int start;    /* FTW_CHDIR: where the walk began */
    dev_t device; /* FTW_MOUNT: of the start */
    char *path;
    size_t room;
};

/* The directories from the one that is read up to the start. */
struct level {
    struct level *up;
    int fd;      /* -1: closed until the walk comes back */
    bool pinned; /* the walk went on through a link */
    dev_t device;
    ino_t inode;
};

static int visit_tree(struct walk *walk, size_t base, int depth, struct level *up);

static int report(struct walk *walk, const struct stat *status, int type, size_t base, int depth)
{
    struct FTW where = {.base = base, .level = depth};

    if (walk->old_visit != NULL)
        return walk->old_visit(walk->path, status, type == FTW_SLN ? FTW_NS : type);
    return walk->visit(walk->path, status, type, &where);
}

/* Put `text` at `at` of memory that grows.  0: no memory. */
static int put_text(char **memory, size_t *room, size_t at, const char *text)
{
    size_t size = strlen(text) + 1;

    while (at + size > *room) {
        char *larger = realloc(*memory, 2 * *room + 256);

        if (larger == NULL)
            return 0;
        *memory = larger;
        *room = 2 * *room + 256;
    }
    memcpy(*memory + at, text, size);
    return 1;
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The names in a directory, one behind another, an empty one behind the last; NULL with errno. */
static char *read_names(int fd)
{
    char buffer[1024] __attribute__((aligned(8))), *names = NULL;
    size_t used = 0, room = 0;
    int n = 0, good = 1;

    while (good && (n = __getdents(fd, buffer, sizeof buffer)) > 0) {
        for (int at = 0; at < n && good; at += ((struct dirent *)(buffer + at))->d_reclen) {
            const char *name = ((struct dirent *)(buffer + at))->d_name;

            if (is_dot(name))
                continue;
            good = put_text(&names, &room, used, name);
            used += strlen(name) + 1;
        }
    }
    if (good && n == 0 && put_text(&names, &room, used, ""))
        return names;
    free(names);
    return NULL;
}

/* All that is in the directory `here`, whose path is walk->path. */
static int visit_entries(struct walk *walk, int depth, struct level *here)
{
    size_t length = strlen(walk->path), base = length;
    char *names = read_names(here->fd);
    int result = names != NULL ? 0 : -1;

    if (walk->path[length - 1] != '/')
        base++;
    for (const char *name = names; result == 0 && *name != '\0'; name += strlen(name) + 1) {
        if (put_text(&walk->path, &walk->room, base - 1, "/") && put_text(&walk->path, &walk->room, base, name))
            result = visit_tree(walk, base, depth, here);
        else
            result = -1;
        walk->path[length] = '\0';
    }
    free(names);
    return result;
}

/* One more level comes below `up`: close the one that is too far up. */
static void close_above(const struct walk *walk, struct level *up)
{
    for (int i = 0; up != NULL && (i < 1 || i < walk->descriptors - 1); i++)
        up = up->up;
    if (up != NULL && up->fd != -1 && !up->pinned) {
        close(up->fd);
        up->fd = -1;
    }
}

static int open_again(struct level *level, int below)
{
    struct stat status;

    level->fd = openat(below, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (level->fd == -1 || fstat(level->fd, &status) == -1)
        return -1;
    if (status.st_dev == level->device && status.st_ino == level->inode)
        return 0;
    errno = ENOENT; /* it was moved */
    return -1;
}

/* Back from `here` to where it was entered from. */
static int leave(const struct walk *walk, struct level *here)
{
    struct level *up = here->up;
    int result = up != NULL && up->fd == -1 ? open_again(up, here->fd) : 0;

    if (result == 0 && walk->flags & FTW_CHDIR)
        result = fchdir(up != NULL ? up->fd : walk->start);
    return result;
}

static int visit_folder(struct walk *walk, const struct stat *status, size_t base, int depth, struct level *up)
{
    struct level here = {.up = up, .device = status->st_dev, .inode = status->st_ino};
    const char *name = up != NULL ? walk->path + base : walk->path;
    int where = up != NULL ? up->fd : AT_FDCWD, result = 0, saved;
    struct stat itself;

    if (up != NULL && fstatat(where, name, &itself, AT_SYMLINK_NOFOLLOW) == 0)
        up->pinned |= S_ISLNK(itself.st_mode);
    close_above(walk, up);
    here.fd = openat(where, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (here.fd == -1)
        return errno == EACCES ? report(walk, status, FTW_DNR, base, depth) : -1;
    if (!(walk->flags & FTW_DEPTH))
        result = report(walk, status, FTW_D, base, depth);
    if (result == 0 && walk->flags & FTW_CHDIR)
        result = fchdir(here.fd);
    if (result == 0)
        result = visit_entries(walk, depth + 1, &here);
    saved = errno;
    if (leave(walk, &here) == -1 && result == 0) {
        result = -1;
        saved = errno;
    }
    close(here.fd);
    errno = saved;
    return result == 0 && walk->flags & FTW_DEPTH ? report(walk, status, FTW_DP, base, depth) : result;
}

static bool is_above(const struct level *up, const struct stat *status)
{
    while (up != NULL && (up->device != status->st_dev || up->inode != status->st_ino))
        up = up->up;
    return up != NULL;
}

/* Look at walk->path, whose name in `up` begins at `base`, and at all below it. */
static int visit_tree(struct walk *walk, size_t base, int depth, struct level *up)
{
    const char *name = up != NULL ? walk->path + base : walk->path;
    int where = up != NULL ? up->fd : AT_FDCWD, flags = walk->flags & FTW_PHYS ? AT_SYMLINK_NOFOLLOW : 0;
    struct stat status;

    if (fstatat(where, name, &status, flags) == -1) {
        if (flags == 0 && fstatat(where, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode))
            return report(walk, &status, FTW_SLN, base, depth);
        return errno == EACCES && depth > 0 ? report(walk, &status, FTW_NS, base, depth) : -1;
    }
    if (depth == 0)
        walk->device = status.st_dev;
    if (walk->flags & FTW_MOUNT && status.st_dev != walk->device)
        return 0;
    if (S_ISLNK(status.st_mode))
        return report(walk, &status, FTW_SL, base, depth);
    if (!S_ISDIR(status.st_mode))
        return report(walk, &status, FTW_F, base, depth);
    return is_above(up, &status) ? 0 : visit_folder(walk, &status, base, depth, up);
}

static int start(struct walk *walk, const char *path)
{
    const char *slash = strrchr(path, '/');
    int result = -1, saved;

    if (*path == '\0') {
        errno = ENOENT; /* POSIX ftw: ENOENT */
        return -1;
    }
    walk->start = walk->flags & FTW_CHDIR ? open(".", O_SEARCH | O_DIRECTORY | O_CLOEXEC) : AT_FDCWD;
    if (walk->start != -1 && put_text(&walk->path, &walk->room, 0, path))
        result = visit_tree(walk, slash != NULL && slash[1] != '\0' ? (size_t)(slash + 1 - path) : 0, 0, NULL);
    saved = errno;
    if (walk->start >= 0)
        close(walk->start);
    free(walk->path);
    errno = saved;
    return result;
}

int ftw(const char *path, int (*visit)(const char *, const struct stat *, int), int descriptors)
{
    struct walk walk = {.old_visit = visit, .descriptors = descriptors};

    return start(&walk, path);
}

int nftw(const char *path, int (*visit)(const char *, const struct stat *, int, struct FTW *), int descriptors,
         int flags)
{
    struct walk walk = {.visit = visit, .descriptors = descriptors, .flags = flags};

    return start(&walk, path);
}
