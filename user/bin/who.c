/*
 * who.c - who is logged in, where and since when; -b: since when the machine is up.
 */
#include <string.h>
#include <time.h>
#include <utmpx.h>

#include "lib/util.h"

static void print(const char *user, const char *line, const struct utmpx *record)
{
    char when[32];
    time_t time = record->ut_tv.tv_sec;
    strftime(when, sizeof(when), "%Y-%m-%d %H:%M", localtime(&time));
    printf("%-12s %-12s %s\n", user, line, when);
}

/* Is the record of the terminal that is standard input? */
static bool is_here(const struct utmpx *record)
{
    const char *terminal = ttyname(0);
    return terminal && strncmp(util_basename(terminal), record->ut_line, sizeof(record->ut_line)) == 0;
}

int main(int argc, char **argv)
{
    bool boot = false, here = false, names_only = false;
    unsigned users = 0;
    util_start("who", "[-bHmqs] [am i]", 1);
    for (int option; (option = getopt(argc, argv, "bHmqs")) != -1;) {
        if (option == '?')
            util_usage();
        boot |= option == 'b';
        here |= option == 'm';
        names_only |= option == 'q';
        if (option == 'H')
            printf("%-12s %-12s %s\n", "NAME", "LINE", "TIME");
    }
    here |= argc - optind == 2; /* POSIX who: "am i" */
    if (argc - optind == 1 || argc - optind > 2)
        util_usage();
    for (struct utmpx *record; (record = getutxent());) {
        char user[sizeof(record->ut_user) + 1] = "", line[sizeof(record->ut_line) + 1] = "";
        memcpy(user, record->ut_user, sizeof(record->ut_user));
        memcpy(line, record->ut_line, sizeof(record->ut_line));
        if (boot && record->ut_type == BOOT_TIME)
            print("", "system boot", record);
        if (boot || record->ut_type != USER_PROCESS || (here && !is_here(record)))
            continue;
        if (names_only)
            printf("%s%s", users ? " " : "", user);
        else
            print(user, line, record);
        users++;
    }
    if (names_only)
        printf("\n# users=%u\n", users);
    return util_finish(0);
}
