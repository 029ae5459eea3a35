/*
 * group.c - the groups, in /etc/group: name:password:gid:member,member...
 */
#include "database.h"
#include <grp.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE 1024

static FILE *open_file; /* of getgrent() */
static struct group static_group;
static char static_line[2 * LINE_SIZE];

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

/* As __database_line. */
static int next_group(FILE *file, struct group *group, char *buffer, size_t size)
{
    char *f[4];
    int result;

    while ((result = __database_line(file, buffer, size, f, 4)) == 1) {
        long long gid = __database_number(f[2]);

        if (gid == -1)
            continue;
        *group = (struct group){.gr_name = f[0], .gr_passwd = f[1], .gr_gid = gid};
        if (list_members(group, f[3], f[3] + strlen(f[3]) + 1, buffer + size) == 0)
            return 1;
        errno = ERANGE; /* POSIX getgrgid_r: ERANGE */
        return -1;
    }
    return result;
}

/* Looks for a name, or for a gid where that is NULL.  Answers 0 (with *result NULL: none) or an error's number. */
static int find(const char *name, gid_t gid, struct group *group, char *buffer, size_t size, struct group **result)
{
    int saved = errno, found = 0, error = 0;
    FILE *file = fopen("/etc/group", "re");

    *result = NULL;
    if (file != NULL) {
        while ((found = next_group(file, group, buffer, size)) == 1) {
            if (name != NULL ? strcmp(name, group->gr_name) == 0 : group->gr_gid == gid)
                break;
        }
    } else if (errno != ENOENT) {
        found = -1;
    }
    if (found == 1)
        *result = group;
    if (found == -1)
        error = errno;
    if (file != NULL)
        fclose(file);
    errno = saved;
    return error;
}

int getgrnam_r(const char *name, struct group *group, char *buffer, size_t size, struct group **result)
{
    return find(name, 0, group, buffer, size, result);
}

int getgrgid_r(gid_t gid, struct group *group, char *buffer, size_t size, struct group **result)
{
    return find(NULL, gid, group, buffer, size, result);
}

static struct group *find_static(const char *name, gid_t gid)
{
    struct group *result;
    int error = find(name, gid, &static_group, static_line, sizeof static_line, &result);

    if (error != 0)
        errno = error;
    return result;
}

struct group *getgrnam(const char *name)
{
    return find_static(name, 0);
}

struct group *getgrgid(gid_t gid)
{
    return find_static(NULL, gid);
}

struct group *getgrent(void)
{
    if (open_file == NULL && (open_file = fopen("/etc/group", "re")) == NULL)
        return NULL;
    return next_group(open_file, &static_group, static_line, sizeof static_line) == 1 ? &static_group : NULL;
}

void endgrent(void)
{
    if (open_file != NULL)
        fclose(open_file);
    open_file = NULL;
}

void setgrent(void)
{
    endgrent();
}

/* Gives the process the groups that list `user`, and `gid`. */
int initgroups(const char *user, gid_t gid)
{
    gid_t list[NGROUPS_MAX] = {gid};
    int n = 1;
    struct group *group;

    setgrent();
    while ((group = getgrent()) != NULL && n < NGROUPS_MAX) {
        for (char **member = group->gr_mem; *member != NULL; member++) {
            if (group->gr_gid != gid && strcmp(*member, user) == 0) {
                list[n++] = group->gr_gid;
                break;
            }
        }
    }
    endgrent();
    return setgroups(n, list);
}
