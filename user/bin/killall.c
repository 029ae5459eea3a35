/*
 * killall.c - sends a signal to all processes of a name: killall [-SIGNAL | -s SIGNAL] [-q] NAME...; never to itself.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/proc.h"
#include "lib/signals.h"
#include "lib/util.h"

/* Sends to all called `name`; answers how many there were. */
static int send_to(const char *name, int number, const struct process *list, size_t count)
{
    int sent = 0;
    for (size_t i = 0; i < count; i++) {
        if (list[i].pid == getpid() || strcmp(list[i].name, name) != 0)
            continue;
        if (kill(list[i].pid, number) < 0)
            util_warn("%s(%d)", name, list[i].pid);
        else
            sent++;
    }
    return sent;
}

static int find_signal(const char *text)
{
    int number;
    if (!signals_find(text, &number))
        util_errx("%s: unknown signal", text);
    return number;
}

int main(int argc, char **argv)
{
    struct process *list;
    int number = SIGTERM, status = 0, i = 1;
    bool quiet = false;
    util_start("killall", "[-q] [-s SIGNAL | -SIGNAL] NAME...", 1);
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "-q") == 0)
            quiet = true;
        else if (strcmp(argv[i], "-s") == 0 && i + 1 < argc)
            number = find_signal(argv[++i]);
        else
            number = find_signal(argv[i] + 1);
    }
    if (i == argc)
        util_usage();
    size_t count = proc_list(&list);
    for (; i < argc; i++) {
        if (send_to(argv[i], number, list, count) > 0)
            continue;
        if (!quiet)
            util_warnx("%s: no process found", argv[i]);
        status = 1;
    }
    free(list);
    return util_finish(status);
}
