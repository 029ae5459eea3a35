/*
 * option.c - the options of `sh` and `set`.
 */
#include <string.h>

#include "sh.h"

static const struct {
    char letter;
    const char *name;
} options[] = {
    {'a', "allexport"}, {'b', "notify"},    {'C', "noclobber"}, {'e', "errexit"}, {'f', "noglob"},
    {'h', "hashall"},   {'I', "ignoreeof"}, {'i', ""},          {'m', "monitor"}, {'n', "noexec"},
    {'u', "nounset"},   {'v', "verbose"},   {'x', "xtrace"},    {'s', ""},        {'c', ""},
};

enum { OPTION_COUNT = sizeof options / sizeof *options };

/* $-: the letters of the options that are on, in scratch memory. */
const char *option_letters(void)
{
    char *letters = scratch_get(OPTION_COUNT + 1), *end = letters;
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (sh.option[(int)options[i].letter] && options[i].letter != 'I')
            *end++ = options[i].letter;
    }
    return letters;
}

static int option_by_name(const char *name)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (*name && strcmp(options[i].name, name) == 0)
            return options[i].letter;
    }
    return 0;
}

/* What `set -o` prints, or `set +o`. */
void option_print(bool as_commands)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        bool on = sh.option[(int)options[i].letter];
        if (!*options[i].name)
            continue;
        if (as_commands)
            out_format("set %co %s\n", on ? '-' : '+', options[i].name);
        else
            out_format("%s%s%s\n", options[i].name, "                " + strlen(options[i].name), on ? "on" : "off");
    }
}

static bool option_set(int letter, bool on)
{
    bool before = sh.option[letter];
    sh.option[letter] = on;
    if (letter == 'm' && on != before && sh.started) {
        if (on)
            job_control_start();
        else
            job_control_stop();
    }
    return true;
}

static bool option_letter(int letter, bool on, const char *allowed)
{
    if (!letter || !strchr(allowed, letter)) {
        error_special("set: %c: no such option", letter ? letter : 'o');
        return false;
    }
    return option_set(letter, on);
}

/* -o and +o, with the name that may follow; false after an error. */
static bool option_named(char **arguments, int *used, bool on)
{
    const char *name = arguments[*used];
    if (!name) {
        option_print(!on);
        return true;
    }
    ++*used;
    int letter = option_by_name(name);
    if (!letter) {
        error_special("set: %s: no such option", name);
        return false;
    }
    return option_set(letter, on);
}

/*
 * Sets the options at the start of arguments, of which only the letters of allowed may be given.  Answers how many
 * arguments they took, or -1 after an error; *ended tells that a "--" or "-" was there.
 */
int option_parse(char **arguments, const char *allowed, bool *ended)
{
    int used = 0;
    *ended = false;
    while (arguments[used] && (arguments[used][0] == '-' || (arguments[used][0] == '+' && arguments[used][1]))) {
        const char *argument = arguments[used++];
        bool on = *argument++ == '-';
        if (!*argument || strcmp(argument, "-") == 0) {
            if (!*argument)
                sh.option['x'] = sh.option['v'] = false;
            *ended = true;
            break;
        }
        for (; *argument; argument++) {
            if (!(*argument == 'o' ? option_named(arguments, &used, on) : option_letter(*argument, on, allowed)))
                return -1;
        }
    }
    return used;
}
