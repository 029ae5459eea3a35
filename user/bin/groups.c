/*
 * groups.c - the names of one's groups, or of each USER's.
 */
#include <grp.h>
#include <pwd.h>

#include "lib/names.h"
#include "lib/util.h"

enum { groups_max = 64 };

static void print(const gid_t *groups, int count)
{
    for (int i = 0; i < count; i++)
        printf("%s%s", i ? " " : "", names_group(groups[i]));
    putchar('\n');
}

static void print_own(void)
{
    gid_t groups[groups_max] = {getegid()}, more[groups_max];
    int count = 1;
    int got = getgroups(groups_max - 1, more);
    for (int i = 0; i < got; i++) {
        if (more[i] != groups[0])
            groups[count++] = more[i];
    }
    print(groups, count);
}

static bool print_user(const char *name)
{
    gid_t groups[groups_max];
    int count = groups_max;
    struct passwd *entry = getpwnam(name);
    if (!entry) {
        util_warnx("'%s': no such user", name);
        return false;
    }
    printf("%s : ", name);
    if (getgrouplist(name, entry->pw_gid, groups, &count) < 0)
        count = groups_max;
    print(groups, count);
    return true;
}

int main(int argc, char **argv)
{
    int status = 0;
    util_start("groups", "[USER]...", 1);
    util_no_options(argc, argv);
    if (optind == argc)
        print_own();
    for (; optind < argc; optind++)
        status |= !print_user(argv[optind]);
    return util_finish(status);
}
