/*
 * names.c - the names of users and groups, from /etc/passwd and /etc/group.
 *
 * ls asks for the same few again and again, so the last answer of each kind is kept.  A number without a name is
 * printed as itself, and a name that is a number stands for that number.
 */
#include "names.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "util.h"

struct names_answer {
    bool known;
    unsigned number;
    char name[64];
};

static void answer_set(struct names_answer *answer, unsigned number, const char *name)
{
    answer->known = true;
    answer->number = number;
    if (name)
        snprintf(answer->name, sizeof(answer->name), "%s", name);
    else
        snprintf(answer->name, sizeof(answer->name), "%u", number);
}

/* The user's name, or the number in digits; valid until the next call. */
const char *names_user(uid_t uid)
{
    static struct names_answer last;
    if (!last.known || last.number != uid) {
        struct passwd *entry = getpwuid(uid);
        answer_set(&last, uid, entry ? entry->pw_name : NULL);
    }
    return last.name;
}

/* The group's name, or the number in digits; valid until the next call. */
const char *names_group(gid_t gid)
{
    static struct names_answer last;
    if (!last.known || last.number != gid) {
        struct group *entry = getgrgid(gid);
        answer_set(&last, gid, entry ? entry->gr_name : NULL);
    }
    return last.name;
}

static bool parse_id(const char *text, unsigned *id)
{
    long long value;
    if (!util_parse(text, 10, &value) || value < 0 || value >= 0xffffffff)
        return false;
    *id = value;
    return true;
}

/* The number of a user given by name or number; false when there is none. */
bool names_find_user(const char *text, uid_t *uid)
{
    struct passwd *entry = getpwnam(text);
    unsigned number = entry ? entry->pw_uid : 0;
    bool found = entry || parse_id(text, &number);
    *uid = number;
    return found;
}

/* The number of a group given by name or number; false when there is none. */
bool names_find_group(const char *text, gid_t *gid)
{
    struct group *entry = getgrnam(text);
    unsigned number = entry ? entry->gr_gid : 0;
    bool found = entry || parse_id(text, &number);
    *gid = number;
    return found;
}
