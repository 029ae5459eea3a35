/*
 * members.c - which groups a user is a member of, from /etc/group.
 */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "util.h"

static bool is_member(char *members, const char *user)
{
    for (char *member; (member = strsep(&members, ","));) {
        if (strcmp(member, user) == 0)
            return true;
    }
    return false;
}

/* Writes `first` and the groups that list `user` to `groups`, at most `room`; answers how many. */
size_t names_groups_of(const char *user, gid_t first, gid_t *groups, size_t room)
{
    size_t count = 1;
    char *text = util_read_file("/etc/group", NULL), *rest = text;
    groups[0] = first;
    for (char *line; text && (line = strsep(&rest, "\n")) && count < room;) {
        long long gid;
        strsep(&line, ":"); /* the name */
        strsep(&line, ":"); /* the password */
        char *number = strsep(&line, ":");
        if (number && line && util_parse(number, 10, &gid) && (gid_t)gid != first && is_member(line, user))
            groups[count++] = gid;
    }
    free(text);
    return count;
}
