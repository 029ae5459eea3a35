/*
 * id.c - who one is, or who USER is: numbers and names of user and groups.
 *
 * -u, -g, -G only the user, the group, all groups; -n names in place of numbers, -r the real ones, not the effective.
 */
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "lib/names.h"
#include "lib/util.h"

enum { groups_max = 64 };

struct identity {
    uid_t uid, effective_uid;
    gid_t gid, effective_gid;
    gid_t groups[groups_max];
    int group_count;
};

static struct identity own_identity(void)
{
    struct identity who = {getuid(), geteuid(), getgid(), getegid(), {0}, 0};
    gid_t *groups = who.groups;
    groups[0] = who.effective_gid;
    int got = getgroups(groups_max - 1, groups + 1);
    who.group_count = 1;
    for (int i = 1; i <= got; i++) {
        if (groups[i] != who.effective_gid)
            groups[who.group_count++] = groups[i];
    }
    return who;
}

static struct identity identity_of(const char *name)
{
    struct identity who = {0};
    uid_t uid;
    struct passwd *entry = names_find_user(name, &uid) ? getpwuid(uid) : NULL;
    if (!entry)
        util_errx("'%s': no such user", name);
    who.uid = who.effective_uid = entry->pw_uid;
    who.gid = who.effective_gid = entry->pw_gid;
    who.group_count = groups_max;
    if (getgrouplist(entry->pw_name, entry->pw_gid, who.groups, &who.group_count) < 0)
        who.group_count = groups_max;
    return who;
}

static void print_one(unsigned number, const char *name, bool as_name)
{
    if (as_name)
        fputs(name, stdout);
    else
        printf("%u", number);
}

static void print_both(const char *what, unsigned number, const char *name)
{
    long long value;
    printf("%s%u", what, number);
    if (!util_parse(name, 10, &value)) /* else it has none */
        printf("(%s)", name);
}

static void print_all(const struct identity *who)
{
    print_both("uid=", who->uid, names_user(who->uid));
    print_both(" gid=", who->gid, names_group(who->gid));
    if (who->effective_uid != who->uid)
        print_both(" euid=", who->effective_uid, names_user(who->effective_uid));
    if (who->effective_gid != who->gid)
        print_both(" egid=", who->effective_gid, names_group(who->effective_gid));
    for (int i = 0; i < who->group_count; i++)
        print_both(i ? "," : " groups=", who->groups[i], names_group(who->groups[i]));
}

static void print_part(const struct identity *who, char part, bool as_name, bool real)
{
    uid_t uid = real ? who->uid : who->effective_uid;
    gid_t gid = real ? who->gid : who->effective_gid;
    if (part == 'u')
        print_one(uid, names_user(uid), as_name);
    else if (part == 'g')
        print_one(gid, names_group(gid), as_name);
    for (int i = 0; i < who->group_count && part == 'G'; i++) {
        if (i)
            putchar(' ');
        print_one(who->groups[i], names_group(who->groups[i]), as_name);
    }
}

int main(int argc, char **argv)
{
    char part = '\0';
    bool as_name = false, real = false;
    util_start("id", "[-G | -g | -u] [-nr] [USER]", 1);
    for (int option; (option = getopt(argc, argv, "Ggunr")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'n')
            as_name = true;
        else if (option == 'r')
            real = true;
        else if (part && part != option)
            util_errx("cannot print \"only\" of more than one choice");
        else
            part = option;
    }
    if (argc - optind > 1)
        util_usage();
    if (!part && (as_name || real))
        util_errx("cannot print only names or real IDs in default format");
    struct identity who = optind < argc ? identity_of(argv[optind]) : own_identity();
    if (part)
        print_part(&who, part, as_name, real);
    else
        print_all(&who);
    putchar('\n');
    return util_finish(0);
}
