/*
 * ftw.c - walks through a tree of files: ftw() and nftw().
 *
 * One open directory stands for each level; when the caller's number of descriptors is used up, the rest of a directory
 * is read into memory and its descriptor closed.
 */
#include "libc.h"
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

struct walk {
    int (*visit)(const char *, const struct stat *, int, struct FTW *);
    int (*old_visit)(const char *, const struct stat *, int); /* ftw()'s, in place of visit */
    int flags, descriptors;
    dev_t device; /* FTW_MOUNT: of the start */
    char path[PATH_MAX];
};

/* The directories from the one that is read up to the start: so that links make no circle. */
struct level {
    const struct level *up;
    dev_t device;
    ino_t inode;
};

static int visit_tree(struct walk *walk, size_t base, int depth, const struct level *up);

static int report(struct walk *walk, const struct stat *status, int type, size_t base, int depth)
{
    struct FTW where = {.base = base, .level = depth};

    if (walk->old_visit != NULL)
        return walk->old_visit(walk->path, status, type == FTW_SLN ? FTW_NS : type);
    return walk->visit(walk->path, status, type, &where);
}

/* The path of an entry: one slash between. Answers where its name begins, 0: it is too long. */
static size_t append(struct walk *walk, size_t length, const char *name)
{
    size_t base = length > 0 && walk->path[length - 1] == '/' ? length : length + 1;

    if (base + strlen(name) >= sizeof walk->path) {
        errno = ENAMETOOLONG;
        return 0;
    }
    walk->path[base - 1] = '/';
    strcpy(walk->path + base, name);
    return base;
}

static int is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The names that are left in a directory, one behind another, an empty one behind the last; NULL: no memory. */
static char *read_names(DIR *directory)
{
    size_t used = 0, room = 256;
    char *names = malloc(room), *larger;
    struct dirent *entry;

    while (names != NULL && (entry = readdir(directory)) != NULL) {
        size_t size = strlen(entry->d_name) + 1;

        if (is_dot(entry->d_name))
            continue;
        while (names != NULL && used + size + 1 > room) {
            larger = realloc(names, room *= 2);
            if (larger == NULL)
                free(names);
            names = larger;
        }
        if (names != NULL)
            memcpy(names + used, entry->d_name, size);
        used += size;
    }
    if (names != NULL)
        names[used] = '\0';
    return names;
}

static int visit_entry(struct walk *walk, size_t length, const char *name, int depth, const struct level *here)
{
    size_t base = append(walk, length, name);
    int result = base > 0 ? visit_tree(walk, base, depth, here) : -1;

    walk->path[length] = '\0';
    return result;
}

static int visit_names(struct walk *walk, size_t length, const char *names, int depth, const struct level *here)
{
    int result = 0;

    for (const char *name = names; *name != '\0' && result == 0; name += strlen(name) + 1)
        result = visit_entry(walk, length, name, depth, here);
    return result;
}

static int visit_open(struct walk *walk, size_t length, DIR *directory, int depth, const struct level *here)
{
    struct dirent *entry;
    int result = 0;

    while (result == 0 && (errno = 0, entry = readdir(directory)) != NULL) {
        if (!is_dot(entry->d_name))
            result = visit_entry(walk, length, entry->d_name, depth, here);
    }
    return result == 0 && errno != 0 ? -1 : result;
}

/* All that is in the directory walk->path. */
static int visit_directory(struct walk *walk, DIR *directory, int depth, const struct level *here)
{
    size_t length = strlen(walk->path);
    char *names;
    int result, saved;

    if (walk->descriptors > 1) {
        walk->descriptors--;
        result = visit_open(walk, length, directory, depth, here);
        walk->descriptors++;
        saved = errno;
        closedir(directory);
    } else {
        names = read_names(directory);
        closedir(directory);
        result = names != NULL ? visit_names(walk, length, names, depth, here) : -1;
        saved = errno;
        free(names);
    }
    errno = saved;
    return result;
}

/* FTW_CHDIR: the visits of a directory's entries are made from there. */
static int enter(const struct walk *walk, DIR *directory, int *back)
{
    *back = -1;
    if (!(walk->flags & FTW_CHDIR))
        return 0;
    *back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *back == -1 ? -1 : fchdir(dirfd(directory));
}

static int leave(int back)
{
    int result = back == -1 ? 0 : fchdir(back), saved = errno;

    if (back != -1)
        close(back);
    errno = saved;
    return result;
}

static int visit_folder(struct walk *walk, const struct stat *status, size_t base, int depth, const struct level *up)
{
    struct level here = {.up = up, .device = status->st_dev, .inode = status->st_ino};
    DIR *directory = opendir(walk->flags & FTW_CHDIR && depth > 0 ? walk->path + base : walk->path);
    int result = 0, back;

    if (directory == NULL)
        return errno == EACCES ? report(walk, status, FTW_DNR, base, depth) : -1;
    if (!(walk->flags & FTW_DEPTH))
        result = report(walk, status, FTW_D, base, depth);
    if (result != 0) {
        closedir(directory);
        return result;
    }
    if (enter(walk, directory, &back) == -1) {
        closedir(directory);
        leave(back);
        return -1;
    }
    result = visit_directory(walk, directory, depth + 1, &here);
    if (leave(back) == -1)
        return -1;
    return result == 0 && walk->flags & FTW_DEPTH ? report(walk, status, FTW_DP, base, depth) : result;
}

static int is_above(const struct level *up, const struct stat *status)
{
    for (; up != NULL; up = up->up) {
        if (up->device == status->st_dev && up->inode == status->st_ino)
            return 1;
    }
    return 0;
}

/* Look at walk->path, whose name begins at `base`, and at all below it. */
static int visit_tree(struct walk *walk, size_t base, int depth, const struct level *up)
{
    const char *path = walk->flags & FTW_CHDIR && depth > 0 ? walk->path + base : walk->path;
    int flags = walk->flags & FTW_PHYS ? AT_SYMLINK_NOFOLLOW : 0;
    struct stat status;

    if (fstatat(AT_FDCWD, path, &status, flags) == -1) {
        if (flags == 0 && lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
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

    if (*path == '\0') {
        errno = ENOENT; /* POSIX ftw: ENOENT */
        return -1;
    }
    if (strlcpy(walk->path, path, sizeof walk->path) >= sizeof walk->path) {
        errno = ENAMETOOLONG; /* POSIX ftw: ENAMETOOLONG */
        return -1;
    }
    return visit_tree(walk, slash != NULL && slash[1] != '\0' ? (size_t)(slash + 1 - path) : 0, 0, NULL);
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
