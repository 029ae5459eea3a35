/*
 * glob.c - file names for a pattern: component by component, a directory is read only where a pattern asks for it.
 */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "sh.h"

static void glob_walk(struct buffer *path, const char *pattern, struct fields *fields);

static void glob_continue(struct buffer *path, const char *name, const char *rest, struct fields *fields)
{
    struct stat status;
    size_t length = path->length;
    buffer_string(path, name);
    if (*rest)
        glob_walk(path, rest, fields);
    else if (lstat(path->data, &status) == 0)
        fields_add(fields, scratch_copy(path->data, path->length));
    path->length = length;
    path->data[length] = '\0';
}

static void glob_directory(struct buffer *path, const char *component, const char *rest, struct fields *fields)
{
    DIR *directory = opendir(path->length > 0 ? path->data : ".");
    struct dirent *entry;
    /* POSIX 2.13.3: a leading period is matched by a period only. */
    bool hidden = component[component[0] == '\\'] == '.';
    while (directory && (entry = readdir(directory))) {
        if ((entry->d_name[0] != '.' || hidden) && pattern_match(component, entry->d_name))
            glob_continue(path, entry->d_name, rest, fields);
    }
    if (directory)
        closedir(directory);
}

/* Adds the names that begin with path and go on as the pattern says. */
static void glob_walk(struct buffer *path, const char *pattern, struct fields *fields)
{
    for (; *pattern == '/'; pattern++)
        buffer_add(path, '/');
    size_t length = strcspn(pattern, "/");
    char *component = scratch_copy(pattern, length);
    if (length == 0 || pattern_is_plain(component))
        glob_continue(path, pattern_unescape(component), pattern + length, fields);
    else
        glob_directory(path, component, pattern + length, fields);
}

/* Appends the sorted names of the files that match; answers how many. */
int glob_expand(const char *pattern, struct fields *fields)
{
    struct buffer path = {0};
    int before = fields->count;
    buffer_string(&path, "");
    glob_walk(&path, pattern, fields);
    buffer_free(&path);
    int found = fields->count - before;
    fields_sort(fields, before);
    return found;
}
