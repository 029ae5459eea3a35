/*
 * xargs.c - runs a command with arguments read from standard input, as many at once as fit.
 *
 * -n N at most, -L N from so many lines, -I TEXT once for each line, put in place of TEXT, -0 with 0 bytes between the
 * arguments, -d CHAR with that, -r not at all without arguments, -t prints each command.  Otherwise blanks and newlines
 * part them, and quotes and backslashes hold them together.  Status 123 when a command failed, 124 when it said 255,
 * 125 when a signal ended it, 126 and 127 when it could not be run.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "lib/util.h"

enum { bytes_max = 32768, command_failed = 123 };

struct arguments {
    char **words;
    size_t count, room, fixed;
    size_t bytes;
};

static const char *replace;
static int delimiter = -1; /* none: blanks, with quoting */
static bool trace;
static long long most = -1, most_lines = -1;
static int status;

static void arguments_add(struct arguments *list, char *word)
{
    list->words = util_grow(list->words, list->count + 1, &list->room, sizeof(*list->words));
    list->words[list->count++] = word;
    list->words[list->count] = NULL;
    list->bytes += strlen(word) + 1;
}

static void arguments_reset(struct arguments *list)
{
    while (list->count > list->fixed) {
        list->bytes -= strlen(list->words[list->count - 1]) + 1;
        free(list->words[--list->count]);
    }
    list->words[list->count] = NULL;
}

/* Runs the command and waits; fatal ends leave through exit. */
static void run(char **words)
{
    int result;
    if (trace) {
        for (char **word = words; *word; word++)
            fprintf(stderr, "%s%c", *word, word[1] ? ' ' : '\n');
    }
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        util_err("fork");
    if (child == 0)
        util_exec(words);
    while (waitpid(child, &result, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(result)) {
        util_warnx("%s: terminated by signal %d", words[0], WTERMSIG(result));
        exit(125);
    }
    if (WEXITSTATUS(result) == 255) {
        util_warnx("%s: exited with status 255; aborting", words[0]);
        exit(124);
    }
    if (WEXITSTATUS(result) == 126 || WEXITSTATUS(result) == 127)
        exit(WEXITSTATUS(result));
    if (WEXITSTATUS(result) != 0)
        status = command_failed;
}

/* `template` with each `replace` in it turned into `word`; the caller's to free. */
static char *substitute(const char *template, const char *word)
{
    size_t length = 0, room = 0;
    char *out = NULL;
    while (*template) {
        bool here = strncmp(template, replace, strlen(replace)) == 0;
        const char *piece = here ? word : template;
        size_t size = here ? strlen(word) : 1;
        for (size_t i = 0; i < size; i++) {
            out = util_grow(out, length, &room, 1);
            out[length++] = piece[i];
        }
        template += here ? strlen(replace) : 1;
    }
    out = util_grow(out, length, &room, 1);
    out[length] = '\0';
    return out;
}

static void run_replaced(const struct arguments *command, const char *word)
{
    struct arguments list = {0};
    for (size_t i = 0; i < command->fixed; i++)
        arguments_add(&list, substitute(command->words[i], word));
    run(list.words);
    arguments_reset(&list);
    free(list.words);
}

/* Reads what stands between quotes; `quote` is the one that ends it. */
static void read_quoted(int quote, char **word, size_t *length, size_t *room)
{
    int c;
    while ((c = getchar()) != quote) {
        if (c == EOF || c == '\n')
            util_errx("unmatched %s quote", quote == '"' ? "double" : "single");
        *word = util_grow(*word, *length, room, 1);
        (*word)[(*length)++] = c;
    }
}

/* Reads the next argument; NULL at the end.  `*line_ended`: a newline stood behind it. */
static char *read_word(bool *line_ended)
{
    char *word = NULL;
    size_t length = 0, room = 0;
    int c = getchar();
    bool started = false;
    *line_ended = false;
    while (delimiter < 0 && c != EOF && (replace ? isblank(c) || c == '\n' : isspace(c)))
        c = getchar();
    for (; c != EOF && c != delimiter; c = getchar()) {
        if (delimiter < 0 && (c == '\n' || (isblank(c) && !replace)))
            break;
        started = true;
        word = util_grow(word, length, &room, 1);
        if (delimiter < 0 && (c == '"' || c == '\'')) {
            read_quoted(c, &word, &length, &room);
            continue;
        }
        if (delimiter < 0 && c == '\\' && (c = getchar()) == EOF)
            break;
        word[length++] = c;
    }
    *line_ended = c == '\n';
    if (!started && c == EOF)
        return NULL;
    word = util_grow(word, length, &room, 1);
    word[length] = '\0';
    return word;
}

static void run_all(struct arguments *list, bool even_without)
{
    long long lines = 0;
    bool line_ended, ran = false;
    for (char *word; (word = read_word(&line_ended));) {
        if (replace) {
            run_replaced(list, word);
            free(word);
            continue;
        }
        if (list->bytes + strlen(word) + 1 > bytes_max && list->count > list->fixed) {
            run(list->words);
            arguments_reset(list);
            lines = 0;
        }
        arguments_add(list, word);
        lines += line_ended;
        if ((most > 0 && list->count - list->fixed >= (size_t)most) || (most_lines > 0 && lines >= most_lines)) {
            run(list->words);
            arguments_reset(list);
            lines = 0;
            ran = true;
        }
    }
    if (!replace && (list->count > list->fixed || (even_without && !ran)))
        run(list->words);
    arguments_reset(list);
}

int main(int argc, char **argv)
{
    static char *echo = "echo";
    struct arguments list = {0};
    bool even_without = true;
    util_start("xargs", "[-0rt] [-d CHAR] [-I TEXT] [-L LINES] [-n ARGUMENTS] [COMMAND [ARGUMENT]...]", 1);
    for (int option; (option = getopt(argc, argv, "+0rtd:I:L:n:")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == '0')
            delimiter = 0;
        else if (option == 'd')
            delimiter = strcmp(optarg, "\\n") == 0 ? '\n' : (unsigned char)optarg[0];
        else if (option == 'I')
            replace = optarg;
        else if (option == 'n')
            most = util_number(optarg, 1, bytes_max, "number for -n option");
        else if (option == 'L')
            most_lines = util_number(optarg, 1, bytes_max, "number for -L option");
        even_without &= option != 'r';
        trace |= option == 't';
    }
    if (optind == argc)
        arguments_add(&list, echo);
    for (int i = optind; i < argc; i++)
        arguments_add(&list, argv[i]);
    list.fixed = list.count;
    run_all(&list, even_without);
    free(list.words);
    return status;
}
