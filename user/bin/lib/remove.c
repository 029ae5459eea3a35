/*
 * remove.c - removing a file, or a directory with all that is in it, for mv between file systems.
 */
#include "remove.h"

#include <fcntl.h>

#include "util.h"
#include "walk.h"

static bool visit(struct walk *walk, enum walk_when when, const char *path, const struct stat *status)
{
    bool is_directory = status && S_ISDIR(status->st_mode);
    if (when == walk_enter && is_directory)
        return true;
    if (when == walk_error || unlinkat(walk->directory, walk->name, is_directory ? AT_REMOVEDIR : 0) < 0) {
        util_warn("cannot remove '%s'", path);
        walk->failed = true;
    }
    return false;
}

/* Removes all of it; false, after messages, when something stays. */
bool remove_tree(const char *path)
{
    struct walk walk = {.visit = visit};
    walk_tree(&walk, path);
    return !walk.failed;
}
