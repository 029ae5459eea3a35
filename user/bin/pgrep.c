/*
 * pgrep.c - pgrep prints the processes whose name matches an extended regular expression, pkill sends them a signal.
 *
 * -f the whole command line, -x all of it, -v those that do not match, -l names as well, -c how many, -n the newest,
 * -o the oldest, -u USER, -P PARENT; pkill: -SIGNAL.  Neither means itself.
 */
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/names.h"
#include "lib/proc.h"
#include "lib/signals.h"
#include "lib/util.h"

static bool whole_line, exact, inverted, with_names, count_only, newest, oldest, any_user = true, any_parent = true;
static uid_t wanted_user;
static int wanted_parent;
static regex_t pattern;

static bool matches(const struct process *process)
{
    if (process->pid == getpid() || (!any_user && process->uid != wanted_user) ||
        (!any_parent && process->parent != wanted_parent))
        return false;
    regmatch_t match;
    char *line = whole_line ? proc_command_line(process) : NULL;
    const char *text = line && *line ? line : process->name;
    bool found = regexec(&pattern, text, 1, &match, 0) == 0;
    if (found && exact)
        found = match.rm_so == 0 && text[match.rm_eo] == '\0';
    free(line);
    return found != inverted;
}

/* Keeps those that match in front; answers how many. */
static size_t choose(struct process *list, size_t count)
{
    size_t chosen = 0;
    for (size_t i = 0; i < count; i++) {
        if (!matches(&list[i]))
            continue;
        if ((newest || oldest) && chosen == 1) {
            bool younger = list[i].start_time >= list[0].start_time;
            if (younger == newest)
                list[0] = list[i];
        } else {
            list[chosen++] = list[i];
        }
    }
    return chosen;
}

static void compile(const char *text)
{
    int error = regcomp(&pattern, text, REG_EXTENDED);
    char message[128];
    if (error == 0)
        return;
    regerror(error, &pattern, message, sizeof(message));
    util_errx("%s: %s", text, message);
}

static void parse(int argc, char **argv, bool kills)
{
    for (int option; (option = getopt(argc, argv, kills ? "fxvnou:P:" : "fxvlcnou:P:")) != -1;) {
        if (option == '?')
            util_usage();
        whole_line |= option == 'f';
        exact |= option == 'x';
        inverted |= option == 'v';
        with_names |= option == 'l';
        count_only |= option == 'c';
        newest |= option == 'n';
        oldest |= option == 'o';
        any_user &= option != 'u';
        any_parent &= option != 'P';
        if (option == 'u' && !names_find_user(optarg, &wanted_user))
            util_errx("invalid user name: %s", optarg);
        if (option == 'P')
            wanted_parent = util_number(optarg, 0, 0x7fffffff, "process id");
    }
}

static void print(const struct process *list, size_t count)
{
    if (count_only)
        printf("%zu\n", count);
    for (size_t i = 0; i < count && !count_only; i++) {
        if (with_names)
            printf("%d %s\n", list[i].pid, list[i].name);
        else
            printf("%d\n", list[i].pid);
    }
}

int main(int argc, char **argv)
{
    bool kills = strcmp(util_basename(argv[0]), "pkill") == 0;
    int number = SIGTERM, status = 0;
    struct process *list;
    util_start(kills ? "pkill" : "pgrep", "[-fxvlcno] [-u USER] [-P PARENT] [PATTERN]", 2);
    if (kills && argc > 1 && argv[1][0] == '-' && signals_find(argv[1] + 1, &number)) {
        argv++;
        argc--;
    }
    parse(argc, argv, kills);
    if (argc - optind > 1 || (optind == argc && any_user && any_parent))
        util_usage();
    compile(optind < argc ? argv[optind] : "");
    size_t count = proc_list(&list);
    count = choose(list, count);
    if (!kills)
        print(list, count);
    for (size_t i = 0; i < count && kills; i++) {
        if (kill(list[i].pid, number) < 0) {
            util_warn("killing pid %d failed", list[i].pid);
            status = 1;
        }
    }
    free(list);
    return util_finish(count == 0 ? 1 : status);
}
