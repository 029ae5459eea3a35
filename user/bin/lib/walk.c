/*
 * walk.c - visiting all files below a directory, for rm, cp, chmod, chown, find, grep, du.
 *
 * The names in a directory are read whole before anything in it is visited: so visitors may remove what they see.  What
 * is under way stands in a chain of levels, one for each directory from the innermost up; no recursion, so a tree may
 * be as deep as there is memory.
 */
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "util.h"

struct level {
    struct level *up;
    struct folder folder;
    bool entered; /* it could be */
    struct stat status;
    size_t name_at, length; /* where its name begins in the path, and where that ends */
    char *names;            /* in the directory: one behind another, an empty one last */
    char *next;             /* to be visited */
};

struct tour {
    struct walk *walk;
    char *path;
    size_t room;
    struct level *level; /* the innermost */
};

static struct folder *level_folder(struct level *level)
{
    return level ? &level->folder : NULL;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Puts `text` at `at` in memory that grows; answers the memory. */
static char *put_text(char *memory, size_t *room, size_t at, const char *text)
{
    size_t size = strlen(text) + 1;
    while (at + size > *room)
        memory = util_grow(memory, *room, room, 1);
    memcpy(memory + at, text, size);
    return memory;
}

/* Reads the names in a directory; false with errno. */
static bool read_names(struct level *level)
{
    size_t length = 0, room = 0;
    DIR *directory = folder_read(&level->folder);
    if (!directory)
        return false;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (is_dots(entry->d_name))
            continue;
        level->names = put_text(level->names, &room, length, entry->d_name);
        length += strlen(entry->d_name) + 1;
    }
    level->next = level->names = put_text(level->names, &room, length, "");
    closedir(directory);
    return true;
}

/* Calls the visitor for the file at the end of the path. */
static bool visit(struct tour *tour, enum walk_when when, size_t name_at, const struct stat *status)
{
    struct walk *walk = tour->walk;
    walk->directory = folder_fd(level_folder(tour->level));
    walk->name = tour->path + name_at;
    return walk->visit(walk, when, tour->path, status);
}

/* Goes into the directory at the end of the path. */
static void enter(struct tour *tour, size_t name_at, const struct stat *status, bool follow)
{
    struct level *level = util_alloc(sizeof(*level)), *up = tour->level;
    *level = (struct level){.up = up, .status = *status, .name_at = name_at, .length = strlen(tour->path), .next = ""};
    level->entered = folder_enter(&level->folder, level_folder(up), tour->path + name_at, follow);
    if (!level->entered || !read_names(level))
        visit(tour, walk_error, name_at, status);
    tour->level = level;
    tour->walk->depth++;
}

/* Back from the innermost directory.  Where the one above is not found any more, the tour ends. */
static void leave(struct tour *tour)
{
    struct level *level = tour->level;
    bool found = !level->entered || folder_leave(&level->folder);
    tour->level = level->up;
    tour->walk->depth--;
    tour->path[level->length] = '\0';
    visit(tour, found ? walk_leave : walk_error, level->name_at, &level->status);
    free(level->names);
    free(level);
    while (!found && (level = tour->level)) {
        tour->level = level->up;
        if (level->entered)
            close(level->folder.fd);
        free(level->names);
        free(level);
    }
}

/* Visits the file at the end of the path. */
static void visit_file(struct tour *tour, size_t name_at)
{
    struct folder *folder = level_folder(tour->level);
    const char *name = tour->path + name_at;
    bool follow = tour->walk->follow || (tour->walk->follow_first && !folder);
    struct stat status;
    int result = fstatat(folder_fd(folder), name, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    if (result < 0 && follow && errno == ENOENT)
        result = fstatat(folder_fd(folder), name, &status, AT_SYMLINK_NOFOLLOW); /* a link that leads nowhere */
    if (result == 0 && follow && S_ISDIR(status.st_mode) && folder_is_above(folder, &status)) {
        errno = ELOOP;
        result = -1;
    }
    if (result < 0)
        visit(tour, walk_error, name_at, NULL);
    else if (visit(tour, walk_enter, name_at, &status) && S_ISDIR(status.st_mode))
        enter(tour, name_at, &status, follow);
}

/* Visits `path` and all that is below it. */
void walk_tree(struct walk *walk, const char *path)
{
    struct tour tour = {.walk = walk};
    tour.path = put_text(NULL, &tour.room, 0, path);
    walk->depth = 0;
    visit_file(&tour, 0);
    while (tour.level) {
        struct level *level = tour.level;
        size_t at = level->length;
        if (!*level->next) {
            leave(&tour);
            continue;
        }
        if (at == 0 || tour.path[at - 1] != '/')
            tour.path = put_text(tour.path, &tour.room, at++, "/");
        tour.path = put_text(tour.path, &tour.room, at, level->next);
        level->next += strlen(level->next) + 1;
        visit_file(&tour, at);
    }
    free(tour.path);
}
