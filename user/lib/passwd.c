/*
 * passwd.c - the users, in /etc/passwd: name:password:uid:gid:comment:home:shell.
 */
#include "database.h"
#include <pwd.h>
#include <string.h>

#define LINE_SIZE 1024

static FILE *open_file; /* of getpwent() */
static struct passwd static_user;
static char static_line[LINE_SIZE];

/* As __database_line. */
static int next_user(FILE *file, struct passwd *user, char *buffer, size_t size)
{
    char *f[7];
    int result;

    while ((result = __database_line(file, buffer, size, f, 7)) == 1) {
        long long uid = __database_number(f[2]), gid = __database_number(f[3]);

        if (uid == -1 || gid == -1)
            continue;
        *user = (struct passwd){.pw_name = f[0],
                                .pw_passwd = f[1],
                                .pw_uid = uid,
                                .pw_gid = gid,
                                .pw_comment = f[4],
                                .pw_gecos = f[4],
                                .pw_dir = f[5],
                                .pw_shell = f[6]};
        return 1;
    }
    return result;
}

/* Looks for a name, or for a uid where that is NULL.  Answers 0 (with *result NULL: nobody) or an error's number. */
static int find(const char *name, uid_t uid, struct passwd *user, char *buffer, size_t size, struct passwd **result)
{
    int saved = errno, found = 0, error = 0;
    FILE *file = fopen("/etc/passwd", "re");

    *result = NULL;
    if (file != NULL) {
        while ((found = next_user(file, user, buffer, size)) == 1) {
            if (name != NULL ? strcmp(name, user->pw_name) == 0 : user->pw_uid == uid)
                break;
        }
    } else if (errno != ENOENT) {
        found = -1;
    }
    if (found == 1)
        *result = user;
    if (found == -1)
        error = errno;
    if (file != NULL)
        fclose(file);
    errno = saved;
    return error;
}

int getpwnam_r(const char *name, struct passwd *user, char *buffer, size_t size, struct passwd **result)
{
    return find(name, 0, user, buffer, size, result);
}

int getpwuid_r(uid_t uid, struct passwd *user, char *buffer, size_t size, struct passwd **result)
{
    return find(NULL, uid, user, buffer, size, result);
}

static struct passwd *find_static(const char *name, uid_t uid)
{
    struct passwd *result;
    int error = find(name, uid, &static_user, static_line, sizeof static_line, &result);

    if (error != 0)
        errno = error;
    return result;
}

struct passwd *getpwnam(const char *name)
{
    return find_static(name, 0);
}

struct passwd *getpwuid(uid_t uid)
{
    return find_static(NULL, uid);
}

struct passwd *getpwent(void)
{
    if (open_file == NULL && (open_file = fopen("/etc/passwd", "re")) == NULL)
        return NULL;
    return next_user(open_file, &static_user, static_line, sizeof static_line) == 1 ? &static_user : NULL;
}

void endpwent(void)
{
    if (open_file != NULL)
        fclose(open_file);
    open_file = NULL;
}

void setpwent(void)
{
    endpwent();
}
