/*
 * kill.c - sends signals: kill [-SIGNAL | -s SIGNAL] PID..., TERM when none is named; -l lists them, -l N names one.
 *
 * A negative PID is a process group.  As "-9 -123" looks like options twice, the arguments are read by hand.
 */
#include <signal.h>
#include <string.h>
#include <sys/types.h>

#include "lib/signals.h"
#include "lib/util.h"

/* The name of a number, of an exit status made by a signal (over 128), or the number of a name. */
static void translate(const char *text)
{
    char room[16];
    int number;
    long long value;
    const char *name = NULL;
    if (util_parse(text, 10, &value)) {
        name = signals_name(value > 128 ? value - 128 : value, room, sizeof(room));
        if (!name)
            util_errx("invalid signal '%s'", text);
        puts(name);
    } else if (signals_find(text, &number)) {
        printf("%d\n", number);
    } else {
        util_errx("invalid signal '%s'", text);
    }
}

static void list_all(void)
{
    char room[16];
    const char *blank = "";
    for (int number = 1; number <= SIGRTMAX; number++) {
        const char *name = signals_name(number, room, sizeof(room));
        if (name)
            printf("%s%s", blank, name);
        blank = number % 16 == 0 ? "\n" : name ? " " : blank;
    }
    putchar('\n');
}

static int find_signal(const char *text)
{
    int number;
    if (!signals_find(text, &number))
        util_errx("invalid signal '%s'", text);
    return number;
}

/* Sends to one; false after a message. */
static bool send(const char *text, int number)
{
    long long pid;
    if (!util_parse(text, 10, &pid) || pid != (pid_t)pid) {
        util_warnx("invalid process id '%s'", text);
        return false;
    }
    if (kill(pid, number) == 0)
        return true;
    util_warn("(%s)", text);
    return false;
}

int main(int argc, char **argv)
{
    int number = SIGTERM, i = 1, status = 0;
    util_start("kill", "[-s SIGNAL | -SIGNAL] PID... | -l [NUMBER]...", 1);
    const char *first = argc > 1 ? argv[1] : "";
    if (strcmp(first, "-l") == 0) {
        for (i = 2; i < argc; i++)
            translate(argv[i]);
        if (argc == 2)
            list_all();
        return util_finish(0);
    }
    if ((strcmp(first, "-s") == 0 || strcmp(first, "-n") == 0) && argc > 2) {
        number = find_signal(argv[2]);
        i = 3;
    } else if (first[0] == '-' && first[1] && strcmp(first, "--") != 0) {
        number = find_signal(first + 1);
        i = 2;
    }
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    if (i >= argc)
        util_usage();
    for (; i < argc; i++)
        status |= !send(argv[i], number);
    return util_finish(status);
}
