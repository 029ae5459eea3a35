/*
 * copy.c - copying files and trees, for cp and for mv between file systems.
 *
 * The walk goes through the source; what it finds at SOURCE/x goes to TARGET/x, in the folder that the copy stands in
 * at that time.  A directory gets its mode and times when it is left, as both would stand in the way before.
 */
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "folder.h"
#include "util.h"
#include "walk.h"

struct copy {
    struct walk walk; /* first: the visitor is given this one */
    const struct copy_options *options;
    const char *from, *to;
    struct folder *folder; /* that the copy stands in; NULL: where `to` is */
    const char *name;      /* of the target there */
    struct stat target;    /* the directory made first: never copied into itself */
    bool target_made;
    mode_t umask;
};

static int target_stat(const struct copy *copy, struct stat *status, int flags)
{
    return fstatat(folder_fd(copy->folder), copy->name, status, flags);
}

static bool copy_bytes(int in, int out, const char *from, const char *to)
{
    static char buffer[65536];
    for (;;) {
        ssize_t got = read(in, buffer, sizeof(buffer));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            util_warn("error reading '%s'", from);
        if (got <= 0)
            return got == 0;
        if (!util_write_all(out, buffer, got)) {
            util_warn("error writing '%s'", to);
            return false;
        }
    }
}

/* Opens the target for writing, by force when that is wanted. */
static int open_target(struct copy *copy, const char *to, const struct stat *status, bool exists)
{
    mode_t mode = status->st_mode & (copy->options->preserve ? 0700 : 0777);
    int folder = folder_fd(copy->folder);
    int fd = openat(folder, copy->name, exists ? O_WRONLY | O_TRUNC : O_WRONLY | O_CREAT | O_EXCL, mode);
    if (fd < 0 && exists && copy->options->force && unlinkat(folder, copy->name, 0) == 0)
        fd = openat(folder, copy->name, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (fd < 0)
        util_warn("cannot create regular file '%s'", to);
    return fd;
}

static bool copy_regular(struct copy *copy, const char *from, const char *to, const struct stat *status, bool exists)
{
    int in = openat(copy->walk.directory, copy->walk.name, O_RDONLY);
    if (in < 0) {
        util_warn("cannot open '%s' for reading", from);
        return false;
    }
    int out = open_target(copy, to, status, exists);
    bool good = out >= 0 && copy_bytes(in, out, from, to);
    close(in);
    if (out >= 0 && close(out) < 0) {
        util_warn("error writing '%s'", to);
        good = false;
    }
    return good;
}

/* A link, FIFO or device: made anew. */
static bool copy_special(struct copy *copy, const char *to, const struct stat *status, bool exists)
{
    int folder = folder_fd(copy->folder), result;
    char target[4096];
    if (exists)
        unlinkat(folder, copy->name, 0);
    if (S_ISLNK(status->st_mode)) {
        ssize_t length = readlinkat(copy->walk.directory, copy->walk.name, target, sizeof(target) - 1);
        target[length < 0 ? 0 : length] = '\0';
        result = symlinkat(target, folder, copy->name);
    } else {
        result = mknodat(folder, copy->name, status->st_mode, status->st_rdev);
    }
    if (result < 0)
        util_warn("cannot create '%s'", to);
    return result == 0;
}

static void preserve(struct copy *copy, const char *to, const struct stat *status)
{
    int folder = folder_fd(copy->folder);
    const struct timespec times[2] = {status->st_atim, status->st_mtim};
    mode_t mode = status->st_mode & 07777;
    if (fchownat(folder, copy->name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
        mode &= ~(S_ISUID | S_ISGID); /* POSIX cp: not set on a file of another owner */
    if (!S_ISLNK(status->st_mode) && fchmodat(folder, copy->name, mode, 0) < 0)
        util_warn("preserving permissions for '%s'", to);
    utimensat(folder, copy->name, times, AT_SYMLINK_NOFOLLOW);
}

/* May what is at `to` be replaced by `from`?  Says why not. */
static bool may_replace(struct copy *copy, const char *from, const char *to, const struct stat *source,
                        const struct stat *target)
{
    if (source->st_dev == target->st_dev && source->st_ino == target->st_ino)
        util_warnx("'%s' and '%s' are the same file", from, to);
    else if (S_ISDIR(target->st_mode))
        util_warnx("cannot overwrite directory '%s' with non-directory", to);
    else if (copy->options->keep)
        return false;
    else if (copy->options->interactive)
        return util_confirm("cp: overwrite '%s'? ", to);
    else
        return true;
    copy->walk.failed = true;
    return false;
}

static void copy_file(struct copy *copy, const char *from, const char *to, const struct stat *status)
{
    const struct copy_options *options = copy->options;
    struct stat target;
    bool special = options->recursive && !S_ISREG(status->st_mode);
    bool exists = target_stat(copy, &target, special ? AT_SYMLINK_NOFOLLOW : 0) == 0;
    if (exists && !may_replace(copy, from, to, status, &target))
        return;
    bool good = special ? copy_special(copy, to, status, exists) : copy_regular(copy, from, to, status, exists);
    if (good && options->preserve)
        preserve(copy, to, status);
    if (good && options->verbose)
        printf("'%s' -> '%s'\n", from, to);
    copy->walk.failed |= !good;
}

/* The copy goes into the directory `to`; false after a message. */
static bool go_in(struct copy *copy, const char *to)
{
    struct folder *folder = util_alloc(sizeof(*folder));
    if (!folder_enter(folder, copy->folder, copy->name, true)) {
        util_warn("cannot access '%s'", to);
        free(folder);
        return false;
    }
    copy->folder = folder;
    return true;
}

/* And back to where it came from. */
static bool go_out(struct copy *copy)
{
    struct folder *folder = copy->folder;
    bool found = folder_leave(folder);
    copy->folder = folder->up;
    free(folder);
    return found;
}

/* Makes the directory; answers whether to go on inside. */
static bool enter_directory(struct copy *copy, const char *from, const char *to, const struct stat *status)
{
    struct stat target;
    if (!copy->options->recursive) {
        util_warnx("-r not specified; omitting directory '%s'", from);
    } else if (copy->target_made && status->st_dev == copy->target.st_dev && status->st_ino == copy->target.st_ino) {
        util_warnx("cannot copy a directory, '%s', into itself, '%s'", copy->from, copy->to);
    } else if (target_stat(copy, &target, 0) == 0 && !S_ISDIR(target.st_mode)) {
        util_warnx("cannot overwrite non-directory '%s' with directory '%s'", to, from);
    } else if (mkdirat(folder_fd(copy->folder), copy->name, (status->st_mode & 07777) | 0700) < 0 && errno != EEXIST) {
        util_warn("cannot create directory '%s'", to);
    } else {
        if (!copy->target_made)
            copy->target_made = target_stat(copy, &copy->target, 0) == 0;
        if (copy->options->verbose)
            printf("'%s' -> '%s'\n", from, to);
        if (go_in(copy, to))
            return true;
    }
    copy->walk.failed = true;
    return false;
}

static void leave_directory(struct copy *copy, const char *to, const struct stat *status)
{
    if (!go_out(copy)) {
        util_warn("cannot access '%s'", to);
        copy->walk.failed = true;
    } else if (copy->options->preserve) {
        preserve(copy, to, status);
    } else if ((status->st_mode & 0700) != 0700) {
        fchmodat(folder_fd(copy->folder), copy->name, status->st_mode & 0777 & ~copy->umask, 0);
    }
}

static bool visit(struct walk *walk, enum walk_when when, const char *path, const struct stat *status)
{
    struct copy *copy = (struct copy *)walk;
    bool inside = false;
    if (when == walk_error) {
        util_warn(status ? "cannot access '%s'" : "cannot stat '%s'", path);
        walk->failed = true;
        return false;
    }
    const char *rest = path + strlen(copy->from);
    copy->name = walk->depth ? walk->name : copy->to;
    char *to = *rest ? util_join(copy->to, rest + (*rest == '/')) : util_strdup(copy->to);
    if (when == walk_leave)
        leave_directory(copy, to, status);
    else if (S_ISDIR(status->st_mode))
        inside = enter_directory(copy, path, to, status);
    else
        copy_file(copy, path, to, status);
    free(to);
    return inside;
}

/* Copies `from` to the name `to`; false, after messages, when something was not copied. */
bool copy_tree(const char *from, const char *to, const struct copy_options *options)
{
    struct copy copy = {
        .walk = {.visit = visit, .follow = !options->recursive}, .options = options, .from = from, .to = to};
    umask(copy.umask = umask(0));
    walk_tree(&copy.walk, from);
    return !copy.walk.failed;
}
