/*
 * passwd.c - the users, in /etc/passwd: name:password:uid:gid:comment:home:shell.
 */
#include "database.h"
#include <pwd.h>

static enum database_fill fill(void *entry, char **f, char *room, char *end)
{
    long long uid = __database_number(f[2]), gid = __database_number(f[3]);

    (void)room;
    (void)end;
    if (uid == -1 || gid == -1)
        return DATABASE_SKIP;
    *(struct passwd *)entry = (struct passwd){.pw_name = f[0],
                                              .pw_passwd = f[1],
                                              .pw_uid = uid,
                                              .pw_gid = gid,
                                              .pw_comment = f[4],
                                              .pw_gecos = f[4],
                                              .pw_dir = f[5],
                                              .pw_shell = f[6]};
    return DATABASE_FILLED;
}

static struct passwd entry;
static struct database users = {.path = "/etc/passwd", .fields = 7, .fill = fill, .entry = &entry};

int getpwnam_r(const char *name, struct passwd *user, char *buffer, size_t size, struct passwd **result)
{
    return __database_find(&users, name, 0, user, buffer, size, (void **)result);
}

int getpwuid_r(uid_t uid, struct passwd *user, char *buffer, size_t size, struct passwd **result)
{
    return __database_find(&users, NULL, uid, user, buffer, size, (void **)result);
}

struct passwd *getpwnam(const char *name)
{
    return __database_find_static(&users, name, 0);
}

struct passwd *getpwuid(uid_t uid)
{
    return __database_find_static(&users, NULL, uid);
}

struct passwd *getpwent(void)
{
    return __database_next(&users);
}

void endpwent(void)
{
    __database_end(&users);
}

void setpwent(void)
{
    __database_end(&users);
}
