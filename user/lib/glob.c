/*
 * glob.c - the files whose paths match a pattern.
 *
 * The pattern is followed name by name.  A name without special characters is taken as it is; for another the
 * directory is read.  What is found so far stands in one buffer, which grows and shrinks as the search goes down and
 * comes back.
 */
#include "libc.h"
#include <dirent.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct search {
    int flags;
    int (*error)(const char *, int);
    glob_t *result;
    char path[PATH_MAX];
};

static int search(struct search *s, size_t length, const char *pattern);

/* Adds a name to the result; the list keeps room for the NULLs around it. */
static int add(struct search *s, const char *name, int mark)
{
    glob_t *g = s->result;
    size_t length = strlen(name);
    char *copy = malloc(length + 2);

    if (g->gl_offs + g->gl_pathc + 2 > g->__capacity) {
        size_t capacity = 2 * (g->gl_offs + g->gl_pathc) + 16;
        char **larger = realloc(g->gl_pathv, capacity * sizeof *larger);

        if (larger != NULL) {
            g->gl_pathv = larger;
            g->__capacity = capacity;
        } else {
            free(copy);
            copy = NULL;
        }
    }
    if (copy == NULL)
        return GLOB_NOSPACE;
    memcpy(copy, name, length + 1);
    if (mark)
        strcpy(copy + length, "/");
    g->gl_pathv[g->gl_offs + g->gl_pathc++] = copy;
    g->gl_pathv[g->gl_offs + g->gl_pathc] = NULL;
    return 0;
}

static int has_magic(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr("*?[", name[i]) != NULL)
            return 1;
    }
    return 0;
}

/* Copies a name of the pattern without its backslashes; answers its length, or -1 when it is too long. */
static int unescape(const struct search *s, char *to, size_t room, const char *name, size_t length)
{
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        if (name[i] == '\\' && i + 1 < length && !(s->flags & GLOB_NOESCAPE))
            i++;
        if (n + 1 >= room)
            return -1;
        to[n++] = name[i];
    }
    to[n] = '\0';
    return n;
}

/* The pattern is used up: the path counts if it is there. */
static int found(struct search *s)
{
    struct stat status;

    if (lstat(s->path, &status) == -1)
        return 0;
    if (S_ISLNK(status.st_mode) && stat(s->path, &status) == -1)
        return add(s, s->path, 0);
    return add(s, s->path, (s->flags & GLOB_MARK) && S_ISDIR(status.st_mode) && s->path[strlen(s->path) - 1] != '/');
}

/* POSIX glob: a directory that cannot be read ends the search only if GLOB_ERR or the caller's function says so. */
static int unreadable(struct search *s, const char *path)
{
    if ((s->error != NULL && s->error(path, errno) != 0) || (s->flags & GLOB_ERR))
        return GLOB_ABORTED;
    return 0;
}

/* All entries of the directory s->path (`length` bytes) that match `name`; `rest` is the pattern behind it. */
static int search_directory(struct search *s, size_t length, const char *name, const char *rest)
{
    int flags = FNM_PERIOD | (s->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0), result = 0;
    DIR *dir = opendir(length == 0 ? "." : s->path);
    struct dirent *entry;

    if (dir == NULL)
        return errno == ENOENT || errno == ENOTDIR ? 0 : unreadable(s, length == 0 ? "." : s->path);
    while (result == 0 && (errno = 0, entry = readdir(dir)) != NULL) {
        size_t n = strlen(entry->d_name);

        if (fnmatch(name, entry->d_name, flags) != 0 || length + n + 2 > sizeof s->path)
            continue;
        memcpy(s->path + length, entry->d_name, n + 1);
        result = search(s, length + n, rest);
    }
    if (entry == NULL && errno != 0) {
        s->path[length] = '\0';
        result = unreadable(s, s->path);
    }
    closedir(dir);
    return result;
}

/* s->path (`length` bytes) matches what came before `pattern`. */
static int search(struct search *s, size_t length, const char *pattern)
{
    char name[NAME_MAX + 1];
    size_t n;

    for (; *pattern == '/' && length + 1 < sizeof s->path; pattern++)
        s->path[length++] = '/';
    s->path[length] = '\0';
    n = strcspn(pattern, "/");
    if (n == 0)
        return found(s);
    if (has_magic(pattern, n)) {
        if (n >= sizeof name)
            return 0;
        memcpy(name, pattern, n);
        name[n] = '\0';
        return search_directory(s, length, name, pattern + n);
    } else {
        int taken = unescape(s, s->path + length, sizeof s->path - length - 1, pattern, n);

        return taken == -1 ? 0 : search(s, length + taken, pattern + n);
    }
}

static int compare(const void *a, const void *b)
{
    return strcoll(*(char *const *)a, *(char *const *)b);
}

/* Makes the list's NULLs in front. */
static int begin(struct search *s)
{
    glob_t *g = s->result;

    if (s->flags & GLOB_APPEND)
        return 0;
    g->gl_pathc = 0;
    if (!(s->flags & GLOB_DOOFFS))
        g->gl_offs = 0;
    g->__capacity = g->gl_offs + 16;
    g->gl_pathv = calloc(g->__capacity, sizeof *g->gl_pathv);
    return g->gl_pathv == NULL ? GLOB_NOSPACE : 0;
}

int glob(const char *restrict pattern, int flags, int (*error)(const char *, int), glob_t *restrict result)
{
    struct search s = {.flags = flags, .error = error, .result = result};
    int answer = begin(&s);
    size_t before = result->gl_pathc;

    if (answer == 0 && *pattern != '\0')
        answer = search(&s, 0, pattern);
    if (answer == 0 && result->gl_pathc == before)
        answer = flags & GLOB_NOCHECK ? add(&s, pattern, 0) : GLOB_NOMATCH;
    if (!(flags & GLOB_NOSORT) && result->gl_pathc > before + 1)
        qsort(result->gl_pathv + result->gl_offs + before, result->gl_pathc - before, sizeof(char *), compare);
    return answer;
}

void globfree(glob_t *result)
{
    for (size_t i = 0; i < result->gl_pathc; i++)
        free(result->gl_pathv[result->gl_offs + i]);
    free(result->gl_pathv);
    result->gl_pathv = NULL;
    result->gl_pathc = 0;
}
