/*
 * renice.c - changes how much running processes yield: renice [-n] N [-p PID... | -g GROUP... | -u USER...].
 *
 * With -n, N is added to the niceness (POSIX); without it, N is the new one, as it always was.
 */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/names.h"
#include "lib/util.h"

static bool find(const char *text, int which, id_t *who)
{
    long long number;
    uid_t uid;
    if (which == PRIO_USER && names_find_user(text, &uid)) {
        *who = uid;
        return true;
    }
    if (which == PRIO_USER || !util_parse(text, 10, &number) || number < 0) {
        util_warnx("bad value '%s'", text);
        return false;
    }
    *who = number;
    return true;
}

static bool renice(const char *text, int which, int value, bool added)
{
    id_t who;
    if (!find(text, which, &who))
        return false;
    errno = 0;
    int old = getpriority(which, who);
    if (old == -1 && errno) {
        util_warn("failed to get priority of %s", text);
        return false;
    }
    if (setpriority(which, who, added ? old + value : value) < 0) {
        util_warn("failed to set priority of %s", text);
        return false;
    }
    return true;
}

static bool parse_which(char letter, int *which)
{
    static const char letters[] = "pgu"; /* in the order of PRIO_PROCESS, PRIO_PGRP, PRIO_USER */
    const char *at = letter ? strchr(letters, letter) : NULL;
    if (at)
        *which = at - letters;
    return at != NULL;
}

int main(int argc, char **argv)
{
    int which = PRIO_PROCESS, status = 0, i = 1;
    util_start("renice", "[-n] N [-p | -g | -u] ID...", 1);
    while (i < argc && argv[i][0] == '-' && parse_which(argv[i][1], &which) && !argv[i][2])
        i++;
    bool added = i < argc && strcmp(argv[i], "-n") == 0;
    i += added;
    if (argc - i < 2)
        util_usage();
    int value = util_number(argv[i++], -1000, 1000, "priority");
    for (; i < argc; i++) {
        if (argv[i][0] == '-' && parse_which(argv[i][1], &which))
            continue;
        status |= !renice(argv[i], which, value, added);
    }
    return util_finish(status);
}
