/*
 * walk.c - visiting all files below a directory, for rm, cp, chmod, chown, find, du.
 *
 * A directory is read whole and closed before anything in it is visited: so visitors may remove what they see, and one
 * descriptor is enough however deep the tree.
 */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

struct name_list {
    char **names;
    size_t count, room;
};

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Reads the names in a directory; false with errno. */
static bool read_names(const char *path, struct name_list *list)
{
    DIR *directory = opendir(path);
    if (!directory)
        return false;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (is_dots(entry->d_name))
            continue;
        list->names = util_grow(list->names, list->count, &list->room, sizeof(*list->names));
        list->names[list->count++] = util_strdup(entry->d_name);
    }
    closedir(directory);
    return true;
}

static void walk_inside(struct walk *walk, const char *path, const struct stat *status)
{
    struct name_list list = {0};
    if (!read_names(path, &list))
        walk->visit(walk, walk_error, path, status);
    walk->depth++;
    for (size_t i = 0; i < list.count; i++) {
        char *child = util_join(path, list.names[i]);
        walk_tree(walk, child);
        free(child);
        free(list.names[i]);
    }
    walk->depth--;
    free(list.names);
}

/* Visits `path` and all that is below it. */
void walk_tree(struct walk *walk, const char *path)
{
    struct stat status;
    bool follow = walk->follow || (walk->follow_first && walk->depth == 0);
    int result = follow ? stat(path, &status) : lstat(path, &status);
    if (result < 0 && follow && errno == ENOENT)
        result = lstat(path, &status); /* a link that leads nowhere is visited itself */
    if (result < 0) {
        walk->visit(walk, walk_error, path, NULL);
        return;
    }
    if (walk->visit(walk, walk_enter, path, &status) && S_ISDIR(status.st_mode)) {
        walk_inside(walk, path, &status);
        walk->visit(walk, walk_leave, path, &status);
    }
}
