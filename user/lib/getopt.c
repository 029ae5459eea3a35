/*
 * getopt.c - the options of a command line: getopt, getopt_long, getopt_long_only.
 *
 * newlib's own takes "-" for an option and drops the = from -d=, so these stand in its place.  As elsewhere on Linux,
 * operands that stand before options are moved behind them, unless the list of options begins with "+" or
 * POSIXLY_CORRECT is set; with "-" each operand is handed out as the argument of an option 1.  optind = 0 begins anew.
 *
 * Between calls only `letters` is kept: where in a word like -abc the next option stands.  getopt is not for threads.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *optarg;
int optind = 1, opterr = 1, optopt = '?';

static const char *letters; /* the rest of a word of short options; NULL between words */

struct options {
    int argc;
    char **argv;
    const char *list; /* behind the signs that it may begin with */
    const struct option *names;
    int *found;        /* where the index in `names` goes, or NULL */
    bool one_dash;     /* getopt_long_only: -name as well as --name */
    bool quiet, colon; /* ":" first in the list: no messages, and ':' for a missing argument */
};

static int complain(const struct options *options, const char *before, const char *word, size_t length,
                    const char *after)
{
    if (opterr && !options->quiet) {
        fputs(options->argv[0], stderr);
        fputs(before, stderr);
        fwrite(word, 1, length, stderr);
        fputs(after, stderr);
    }
    return '?';
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/* The word behind the one read last becomes the argument; false when there is none. */
static bool take_next(const struct options *options)
{
    optarg = optind < options->argc ? options->argv[optind] : NULL;
    optind += optarg != NULL;
    return optarg != NULL;
}

/* The next letter of a word such as -abc, where `b:` takes the rest as its argument and `c::` only that rest. */
static int short_option(const struct options *options)
{
    const char *here = letters++;
    const char *entry = *here != ':' ? strchr(options->list, *here) : NULL;

    if (*letters == '\0') {
        letters = NULL;
        optind++;
    }
    optopt = (unsigned char)*here;
    if (entry == NULL)
        return complain(options, ": invalid option -- '", here, 1, "'\n");
    if (entry[1] != ':')
        return optopt;
    if (letters != NULL) {
        optarg = (char *)letters;
        letters = NULL;
        optind++;
    } else if (entry[2] != ':' && !take_next(options)) {
        complain(options, ": option requires an argument -- '", here, 1, "'\n");
        return options->colon ? ':' : '?';
    }
    return optopt;
}

/* Which name the word means: all of it, or the only one that begins so.  -1: none, -2: several. */
static int find_name(const struct option *names, const char *word, size_t length)
{
    int match = -1;

    for (int i = 0; names[i].name != NULL; i++) {
        if (strncmp(names[i].name, word, length) != 0)
            continue;
        if (names[i].name[length] == '\0')
            return i;
        match = match == -1 ? i : -2;
    }
    return match;
}

/* The argument of a long option: behind "=", or the next word.  0, or what getopt_long answers when it is wrong. */
static int long_argument(const struct options *options, const struct option *name, const char *word, size_t length)
{
    optopt = name->val;
    if (word[length] == '=' && name->has_arg == no_argument)
        return complain(options, ": option '--", word, length, "' doesn't allow an argument\n");
    if (word[length] == '=')
        optarg = (char *)word + length + 1;
    else if (name->has_arg == required_argument && !take_next(options)) {
        complain(options, ": option '--", word, length, "' requires an argument\n");
        return options->colon ? ':' : '?';
    }
    return 0;
}

/* A word --name or --name=argument. */
static int long_option(const struct options *options, const char *word)
{
    size_t length = strcspn(word, "=");
    int found = find_name(options->names, word, length), wrong;
    const struct option *name;

    optind++;
    optopt = 0;
    if (found == -1)
        return complain(options, ": unrecognized option '--", word, length, "'\n");
    if (found == -2)
        return complain(options, ": option '--", word, length, "' is ambiguous\n");
    name = &options->names[found];
    wrong = long_argument(options, name, word, length);
    if (wrong != 0)
        return wrong;
    if (options->found != NULL)
        *options->found = found;
    if (name->flag == NULL)
        return name->val;
    *name->flag = name->val;
    return 0;
}

/* The option that the word at optind begins, or goes on with. */
static int parse_word(const struct options *options)
{
    const char *word = options->argv[optind];

    if (letters != NULL)
        return short_option(options);
    if (options->names != NULL && word[1] == '-')
        return long_option(options, word + 2);
    if (options->one_dash && (word[2] != '\0' || strchr(options->list, word[1]) == NULL) &&
        find_name(options->names, word + 1, strcspn(word + 1, "=")) != -1)
        return long_option(options, word + 1);
    letters = word + 1;
    return short_option(options);
}

/* Moves the words [from, to) in front of the operands that begin at `first`. */
static void move_before(char **argv, int first, int from, int to)
{
    for (; from < to; first++, from++) {
        char *word = argv[from];

        memmove(&argv[first + 1], &argv[first], (size_t)(from - first) * sizeof(*argv));
        argv[first] = word;
    }
}

/* The next option, with operands before it moved behind it when `permute` says so. */
static int next_option(const struct options *options, bool permute)
{
    int first = optind, start, result;

    while (permute && optind < options->argc && !is_option(options->argv[optind]))
        optind++;
    start = optind;
    if (optind >= options->argc || !is_option(options->argv[optind])) {
        optind = first;
        return -1;
    }
    if (letters == NULL && strcmp(options->argv[optind], "--") == 0) {
        optind++;
        result = -1;
    } else {
        result = parse_word(options);
    }
    move_before(options->argv, first, start, optind);
    optind -= start - first;
    return result;
}

static int parse(struct options *options)
{
    char sign = *options->list;
    bool in_order = sign == '+' || sign == '-' || getenv("POSIXLY_CORRECT") != NULL;

    if (optind == 0) {
        optind = 1;
        letters = NULL;
    }
    optarg = NULL;
    options->list += sign == '+' || sign == '-';
    options->colon = options->quiet = *options->list == ':';
    if (sign == '-' && letters == NULL && optind < options->argc && !is_option(options->argv[optind])) {
        take_next(options);
        return 1;
    }
    return next_option(options, !in_order);
}

/* POSIX getopt: the next option's letter, '?' or ':' when something is wrong with it, -1 behind the last. */
int getopt(int argc, char *const argv[], const char *list)
{
    struct options options = {.argc = argc, .argv = (char **)argv, .list = list};

    return parse(&options);
}

/* As getopt, with names too: their value, or 0 when that is stored by pointer; the name's index goes to `*found`. */
int getopt_long(int argc, char *const argv[], const char *list, const struct option *names, int *found)
{
    struct options options = {.argc = argc, .argv = (char **)argv, .list = list, .names = names, .found = found};

    return parse(&options);
}

/* As getopt_long, where one dash may stand before a name. */
int getopt_long_only(int argc, char *const argv[], const char *list, const struct option *names, int *found)
{
    struct options options = {
        .argc = argc, .argv = (char **)argv, .list = list, .names = names, .found = found, .one_dash = true};

    return parse(&options);
}
