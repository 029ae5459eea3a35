/*
 * chown.c - changes owners: USER, USER:GROUP, :GROUP, USER: (that user's own group); called chgrp, the group alone.
 *
 * -R all below directories, -h links themselves, -f without messages.
 */
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "lib/names.h"
#include "lib/util.h"
#include "lib/walk.h"

static bool recursive, links, quiet, group_only;
static uid_t uid = -1;
static gid_t gid = -1;

static bool complain(struct walk *walk, const char *what, const char *path)
{
    if (!quiet)
        util_warn("%s '%s'", what, path);
    walk->failed = true;
    return false;
}

static bool visit(struct walk *walk, enum walk_when when, const char *path, const struct stat *status)
{
    if (when == walk_error)
        return complain(walk, status ? "cannot read directory" : "cannot access", path);
    if (when == walk_leave)
        return false;
    bool itself = links || (recursive && S_ISLNK(status->st_mode));
    if (fchownat(walk->directory, walk->name, uid, gid, itself ? AT_SYMLINK_NOFOLLOW : 0) < 0)
        complain(walk, group_only ? "changing group of" : "changing ownership of", path);
    return recursive;
}

static void parse_group(const char *text)
{
    if (!names_find_group(text, &gid))
        util_errx("invalid group: '%s'", text);
}

static void parse_owner(char *text)
{
    char *colon = strchr(text, ':');
    if (colon)
        *colon = '\0';
    if (*text && !names_find_user(text, &uid))
        util_errx("invalid user: '%s'", text);
    if (colon && colon[1])
        parse_group(colon + 1);
    else if (colon && *text) {
        struct passwd *entry = getpwuid(uid);
        if (!entry)
            util_errx("invalid spec: '%s:'", text);
        gid = entry->pw_gid;
    }
}

int main(int argc, char **argv)
{
    struct walk walk = {.visit = visit};
    group_only = strcmp(util_basename(argv[0]), "chgrp") == 0;
    if (group_only)
        util_start("chgrp", "[-fhR] GROUP FILE...", 1);
    else
        util_start("chown", "[-fhR] [USER][:GROUP] FILE...", 1);
    for (int option; (option = getopt(argc, argv, "fhR")) != -1;) {
        if (option == '?')
            util_usage();
        quiet |= option == 'f';
        links |= option == 'h';
        recursive |= option == 'R';
    }
    if (optind == argc)
        util_errx("missing operand");
    if (argc - optind == 1)
        util_errx("missing operand after '%s'", argv[optind]);
    if (group_only)
        parse_group(argv[optind]);
    else
        parse_owner(argv[optind]);
    for (int i = optind + 1; i < argc; i++)
        walk_tree(&walk, argv[i]);
    return util_finish(walk.failed ? 1 : 0);
}
