/*
 * realpath.c - the absolute path of a file, with no link, "." or ".." in it.
 *
 * `done` is the part that is resolved; `rest` is still to do.  One name after the other moves from rest to done; a
 * link's target is put in front of the rest.
 */
#include "libc.h"
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct resolution {
    char done[PATH_MAX], rest[PATH_MAX];
    size_t length; /* of done; 0 for the root */
    int links;
};

static int fail(int error)
{
    errno = error;
    return -1;
}

static void remove_last(struct resolution *r)
{
    while (r->length > 0 && r->done[--r->length] != '/')
        ;
    r->done[r->length] = '\0';
}

static int append(struct resolution *r, const char *name, size_t length)
{
    if (length > NAME_MAX || r->length + 1 + length >= sizeof r->done)
        return fail(ENAMETOOLONG); /* POSIX realpath: ENAMETOOLONG */
    r->done[r->length] = '/';
    memcpy(r->done + r->length + 1, name, length);
    r->length += 1 + length;
    r->done[r->length] = '\0';
    return 0;
}

/* done names a link to `target`, `length` bytes long. */
static int follow(struct resolution *r, char *target, size_t length)
{
    size_t rest = strlen(r->rest);

    if (++r->links > SYMLOOP_MAX)
        return fail(ELOOP); /* POSIX realpath: ELOOP */
    if (length + 1 + rest >= sizeof r->rest)
        return fail(ENAMETOOLONG);
    memmove(r->rest + length + 1, r->rest, rest + 1);
    memcpy(r->rest, target, length);
    r->rest[length] = '/';
    if (rest == 0)
        r->rest[length] = '\0';
    remove_last(r);
    if (*target == '/') {
        r->length = 0;
        r->done[0] = '\0';
    }
    return 0;
}

/* A name with something behind it must be a directory. */
static int check_directory(struct resolution *r)
{
    struct stat status;

    if (stat(r->done, &status) == -1)
        return -1;
    return S_ISDIR(status.st_mode) ? 0 : fail(ENOTDIR); /* POSIX realpath: ENOTDIR */
}

/* Takes the first name from the rest. */
static int step(struct resolution *r)
{
    char target[PATH_MAX], name[NAME_MAX + 1];
    size_t length = strcspn(r->rest, "/"), skip = length + strspn(r->rest + length, "/");
    int is_last = r->rest[length] == '\0';
    ssize_t n;

    if (length > NAME_MAX)
        return fail(ENAMETOOLONG);
    memcpy(name, r->rest, length);
    memmove(r->rest, r->rest + skip, strlen(r->rest + skip) + 1);
    if (length == 0 || (length == 1 && name[0] == '.'))
        return 0;
    if (length == 2 && name[0] == '.' && name[1] == '.') {
        remove_last(r);
        return 0;
    }
    if (append(r, name, length) == -1)
        return -1;
    n = readlink(r->done, target, sizeof target);
    if (n > 0)
        return follow(r, target, n);
    if (n == -1 && errno != EINVAL)
        return -1;
    return is_last ? 0 : check_directory(r);
}

static int resolve(struct resolution *r, const char *path)
{
    if (*path == '\0')
        return fail(ENOENT); /* POSIX realpath: ENOENT */
    if (strlen(path) >= sizeof r->rest)
        return fail(ENAMETOOLONG);
    strcpy(r->rest, path);
    r->links = 0;
    r->length = 0;
    r->done[0] = '\0';
    if (*path != '/') {
        if (__getcwd(r->done, sizeof r->done) == -1)
            return errno == ERANGE ? fail(ENAMETOOLONG) : -1;
        r->length = strlen(r->done);
        if (r->length == 1)
            r->length = 0;
    }
    while (*r->rest != '\0') {
        if (step(r) == -1)
            return -1;
    }
    if (r->length == 0)
        strcpy(r->done, "/");
    return 0;
}

/* Without `result` the answer is allocated. */
char *realpath(const char *restrict path, char *restrict result)
{
    struct resolution r;

    if (path == NULL) {
        errno = EINVAL; /* POSIX realpath: EINVAL */
        return NULL;
    }
    if (resolve(&r, path) == -1)
        return NULL;
    return result == NULL ? strdup(r.done) : strcpy(result, r.done);
}
