/*
 * group.c - the groups, in /etc/group: name:password:gid:member,member...
 */
#include "database.h"
#include <grp.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Makes the list of members in `room`, which is what the line left of the buffer; -1: it does not fit. */
static int list_members(struct group *group, char *members, char *room, char *end)
{
    char **list = (char **)(((uintptr_t)room + sizeof *list - 1) & ~(sizeof *list - 1));

    group->gr_mem = list;
    for (char *comma; members != NULL && *members != '\0'; members = comma) {
        comma = strchr(members, ',');
        if (comma != NULL)
            *comma++ = '\0';
        if ((char *)(list + 2) > end)
            return -1;
        *list++ = members;
    }
    if ((char *)(list + 1) > end)
        return -1;
    *list = NULL;
    return 0;
}

static enum database_fill fill(void *entry, char **f, char *room, char *end)
{
    long long gid = __database_number(f[2]);
    struct group *group = entry;

    if (gid == -1)
        return DATABASE_SKIP;
    *group = (struct group){.gr_name = f[0], .gr_passwd = f[1], .gr_gid = gid};
    return list_members(group, f[3], room, end) == 0 ? DATABASE_FILLED : DATABASE_TOO_LONG;
}

static struct group entry;
static struct database groups = {.path = "/etc/group", .fields = 4, .fill = fill, .entry = &entry};

int getgrnam_r(const char *name, struct group *group, char *buffer, size_t size, struct group **result)
{
    return __database_find(&groups, name, 0, group, buffer, size, (void **)result);
}

int getgrgid_r(gid_t gid, struct group *group, char *buffer, size_t size, struct group **result)
{
    return __database_find(&groups, NULL, gid, group, buffer, size, (void **)result);
}

struct group *getgrnam(const char *name)
{
    return __database_find_static(&groups, name, 0);
}

struct group *getgrgid(gid_t gid)
{
    return __database_find_static(&groups, NULL, gid);
}

struct group *getgrent(void)
{
    return __database_next(&groups);
}

void endgrent(void)
{
    __database_end(&groups);
}

void setgrent(void)
{
    __database_end(&groups);
}

static int is_member(const struct group *group, const char *user)
{
    for (char **member = group->gr_mem; *member != NULL; member++) {
        if (strcmp(*member, user) == 0)
            return 1;
    }
    return 0;
}

/* `gid` and the groups that list `user`; -1 where they are more than *count.  *count becomes how many there are. */
int getgrouplist(const char *user, gid_t gid, gid_t *list, int *count)
{
    int n = 0, room = *count;
    struct group *group;

    if (n++ < room)
        list[0] = gid;
    setgrent();
    while ((group = getgrent()) != NULL) {
        if (group->gr_gid != gid && is_member(group, user) && n++ < room)
            list[n - 1] = group->gr_gid;
    }
    endgrent();
    *count = n;
    return n <= room ? n : -1;
}

/* Gives the process the groups that list `user`, and `gid`; no more than a process can have. */
int initgroups(const char *user, gid_t gid)
{
    gid_t list[NGROUPS_MAX];
    int n = NGROUPS_MAX;

    if (getgrouplist(user, gid, list, &n) == -1)
        n = NGROUPS_MAX;
    return setgroups(n, list);
}
