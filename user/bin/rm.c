/*
 * rm.c - removes files: -r, -R directories with all in them, -d empty directories, -f without questions or complaints
 * about what is not there, -i with a question for each, -v tells.
 *
 * What may not be written is asked about when a person sits at the terminal (POSIX rm).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "lib/mode.h"
#include "lib/util.h"
#include "lib/walk.h"

static bool recursive, empty_directories, force, ask, verbose;

static bool complain(struct walk *walk, const char *path)
{
    util_warn("cannot remove '%s'", path);
    walk->failed = true;
    return false;
}

/* Asks where a question is due. */
static bool agreed(const struct walk *walk, const char *path, const struct stat *status)
{
    bool protected = !S_ISLNK(status->st_mode) && faccessat(walk->directory, walk->name, W_OK, 0) < 0;
    if (!ask && (force || !protected || !isatty(0)))
        return true;
    const char *kind =
        S_ISREG(status->st_mode) && status->st_size == 0 ? "regular empty file" : mode_type_name(status->st_mode);
    return util_confirm("rm: remove %s%s '%s'? ", protected ? "write-protected " : "", kind, path);
}

static bool remove_now(struct walk *walk, const char *path, bool is_directory)
{
    if (unlinkat(walk->directory, walk->name, is_directory ? AT_REMOVEDIR : 0) < 0)
        return complain(walk, path);
    if (verbose)
        printf("removed %s'%s'\n", is_directory ? "directory " : "", path);
    return false;
}

static bool visit(struct walk *walk, enum walk_when when, const char *path, const struct stat *status)
{
    bool is_directory = status && S_ISDIR(status->st_mode);
    if (when == walk_error)
        return force && errno == ENOENT ? false : complain(walk, path);
    if (when == walk_leave)
        return agreed(walk, path, status) && remove_now(walk, path, true);
    if (!is_directory)
        return agreed(walk, path, status) && remove_now(walk, path, false);
    if (recursive)
        return !ask || util_confirm("rm: descend into directory '%s'? ", path);
    if (empty_directories)
        return agreed(walk, path, status) && remove_now(walk, path, true);
    errno = EISDIR;
    return complain(walk, path);
}

/* Never the tree one stands in, nor all there is. */
static bool is_allowed(const char *path)
{
    const char *name = util_basename(path);
    size_t length = strcspn(name, "/");
    if (length == 0 && recursive)
        util_warnx("it is dangerous to operate recursively on '%s'", path);
    else if ((length == 1 || length == 2) && strncmp(name, "..", length) == 0)
        util_warnx("refusing to remove '.' or '..' directory: skipping '%s'", path);
    else
        return true;
    return false;
}

int main(int argc, char **argv)
{
    struct walk walk = {.visit = visit};
    util_start("rm", "[-dfirRv] FILE...", 1);
    for (int option; (option = getopt(argc, argv, "dfirRv")) != -1;) {
        if (option == '?')
            util_usage();
        recursive |= option == 'r' || option == 'R';
        empty_directories |= option == 'd';
        verbose |= option == 'v';
        if (option == 'f' || option == 'i') {
            force = option == 'f'; /* the last one holds */
            ask = option == 'i';
        }
    }
    if (optind == argc && !force)
        util_errx("missing operand");
    for (int i = optind; i < argc; i++) {
        if (is_allowed(argv[i]))
            walk_tree(&walk, argv[i]);
        else
            walk.failed = true;
    }
    return util_finish(walk.failed ? 1 : 0);
}
