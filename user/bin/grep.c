/*
 * grep.c - prints the lines that match: 0 when there was one, 1 when none, 2 for trouble.
 *
 * Patterns: basic regular expressions, extended (-E) or plain text (-F), one to a line; more with -e, -f FILE.
 * -i regardless of case, -v those that do not match, -w whole words, -x whole lines; -c counts, -l -L names of files,
 * -n with numbers, -o only what matched, -q nothing, -m N at most, -h -H without and with names, -s no complaints,
 * -A -B -C N lines after, before, around; -r all files below directories.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/lines.h"
#include "lib/util.h"
#include "lib/walk.h"

struct pattern {
    char *text;
    regex_t regex;
};

static struct pattern *patterns;
static size_t pattern_count, pattern_room;

static struct {
    bool extended, fixed, fold, invert, words, whole, count, names, names_without, numbers, only, quiet, silent,
        recursive;
    int with_name; /* -1: when there is more than one file */
    long long most, before, after;
} options = {.with_name = -1, .most = -1};

static bool any_selected, any_error;

/* Patterns */

static void add_pattern(const char *text, size_t length)
{
    patterns = util_grow(patterns, pattern_count, &pattern_room, sizeof(*patterns));
    char *copy = util_alloc(length + 1);
    memcpy(copy, text, length);
    patterns[pattern_count++].text = copy;
}

/* POSIX grep: a pattern list, one to a line. */
static void add_patterns(const char *list)
{
    for (const char *end; (end = strchr(list, '\n')); list = end + 1)
        add_pattern(list, end - list);
    add_pattern(list, strlen(list));
}

static void add_patterns_from(const char *path)
{
    struct line line = {0};
    FILE *file = util_open(path);
    if (!file)
        exit(2);
    while (line_read(file, &line))
        add_pattern(line.text, line.length);
    free(line.text);
    util_close(file, path);
}

static void compile_patterns(void)
{
    int flags = (options.extended ? REG_EXTENDED : 0) | (options.fold ? REG_ICASE : 0);
    for (size_t i = 0; i < pattern_count && !options.fixed; i++) {
        char why[128];
        int error = regcomp(&patterns[i].regex, patterns[i].text, flags);
        if (!error)
            continue;
        regerror(error, &patterns[i].regex, why, sizeof(why));
        util_errx("%s", why);
    }
}

/* Matching */

/* The first place in `text` where the pattern is, as offsets in `match`; `start`: the line begins here. */
static bool find_fixed(const struct pattern *pattern, const char *text, regmatch_t *match)
{
    size_t length = strlen(pattern->text);
    for (const char *c = text;; c++) {
        if ((options.fold ? strncasecmp : strncmp)(c, pattern->text, length) == 0) {
            match->rm_so = c - text;
            match->rm_eo = match->rm_so + length;
            return true;
        }
        if (!*c)
            return false;
    }
}

static bool find_once(const struct pattern *pattern, const char *text, bool start, regmatch_t *match)
{
    if (options.fixed)
        return find_fixed(pattern, text, match);
    return regexec(&pattern->regex, text, 1, match, start ? 0 : REG_NOTBOL) == 0;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Does the match stand as -w and -x want it? */
static bool is_placed(const char *line, const char *from, const regmatch_t *match)
{
    const char *first = from + match->rm_so, *end = from + match->rm_eo;
    if (options.whole)
        return first == line && *end == '\0';
    return !options.words || ((first == line || !is_word(first[-1])) && !is_word(*end));
}

/* The first place, from `from` on in `line`, where one pattern is; offsets from the line's start. */
static bool find_pattern(const struct pattern *pattern, const char *line, const char *from, regmatch_t *match)
{
    while (find_once(pattern, from, from == line, match)) {
        if (is_placed(line, from, match)) {
            match->rm_so += from - line;
            match->rm_eo += from - line;
            return true;
        }
        from += match->rm_so;
        if (!*from++)
            return false;
    }
    return false;
}

/* The leftmost place where any pattern is, the longest of those that begin there. */
static bool find_any(const char *line, const char *from, regmatch_t *match)
{
    bool found = false;
    regmatch_t next;
    for (size_t i = 0; i < pattern_count; i++) {
        if (!find_pattern(&patterns[i], line, from, &next))
            continue;
        if (!found || next.rm_so < match->rm_so || (next.rm_so == match->rm_so && next.rm_eo > match->rm_eo))
            *match = next;
        found = true;
    }
    return found;
}

/* Output */

struct search {
    const char *name;
    bool binary;
    unsigned long long number, selected;
    unsigned long long last_printed; /* number of the line last printed */
    long long after_left;
    struct line *before; /* ring of the last lines */
};

static void print_prefix(const struct search *search, unsigned long long number, char mark)
{
    if (options.with_name)
        printf("%s%c", search->name, mark);
    if (options.numbers)
        printf("%llu%c", number, mark);
}

static void print_line(struct search *search, const struct line *line, unsigned long long number, char mark)
{
    static bool any_printed;
    bool context = options.before || options.after;
    if (context && any_printed && number != search->last_printed + 1)
        puts("--");
    any_printed = true;
    search->last_printed = number;
    print_prefix(search, number, mark);
    line_write(stdout, line);
}

static void print_matches(const struct search *search, const struct line *line)
{
    regmatch_t match;
    const char *from = line->text, *end = line->text + line->length;
    while (from <= end && !options.invert && find_any(line->text, from, &match)) {
        from = line->text + match.rm_eo;
        if (match.rm_eo == match.rm_so) {
            from++;
            continue;
        }
        print_prefix(search, search->number, ':');
        printf("%.*s\n", (int)(match.rm_eo - match.rm_so), line->text + match.rm_so);
    }
}

static void print_before(struct search *search)
{
    unsigned long long first =
        search->number > (unsigned long long)options.before ? search->number - options.before : 1;
    if (first <= search->last_printed)
        first = search->last_printed + 1;
    for (; first < search->number; first++)
        print_line(search, &search->before[first % options.before], first, '-');
}

static void print_selected(struct search *search, const struct line *line)
{
    if (options.count || options.names || options.names_without || options.quiet || search->binary)
        return;
    if (options.only) {
        print_matches(search, line);
        return;
    }
    if (options.before)
        print_before(search);
    print_line(search, line, search->number, ':');
    search->after_left = options.after;
}

/* A line that is not selected: printed after one that was, or kept for one that will be. */
static void pass_line(struct search *search, struct line *line)
{
    if (search->after_left > 0) {
        search->after_left--;
        print_line(search, line, search->number, '-');
    }
    if (options.before) {
        struct line *slot = &search->before[search->number % options.before], old = *slot;
        *slot = *line;
        *line = old;
    }
}

static bool is_enough(const struct search *search)
{
    bool one_is_enough = options.quiet || options.names || options.names_without || (search->binary && !options.count);
    return (one_is_enough && search->selected) ||
           (options.most >= 0 && search->selected >= (unsigned long long)options.most);
}

static void print_summary(const struct search *search)
{
    if (options.quiet)
        return;
    if (options.names || options.names_without) {
        if (options.names ? search->selected > 0 : search->selected == 0)
            puts(search->name);
        return;
    }
    if (options.count) {
        if (options.with_name)
            printf("%s:", search->name);
        printf("%llu\n", search->selected);
    } else if (search->binary && search->selected) {
        printf("grep: %s: binary file matches\n", search->name);
    }
}

static int search_file(FILE *file, const char *path)
{
    struct search search = {.name = file == stdin ? "(standard input)" : path};
    struct line line = {0};
    regmatch_t match;
    search.before = util_alloc(options.before * sizeof(*search.before));
    while (!is_enough(&search) && line_read(file, &line)) {
        search.number++;
        search.binary |= memchr(line.text, '\0', line.length) != NULL;
        for (size_t i = 0; i < line.length && search.binary; i++)
            line.text[i] |= line.text[i] == '\0'; /* the line is not printed: let what is behind be found */
        if (find_any(line.text, line.text, &match) != options.invert) {
            search.selected++;
            print_selected(&search, &line);
        } else {
            pass_line(&search, &line);
        }
    }
    while (search.after_left-- > 0 && line_read(file, &line)) {
        search.number++;
        print_line(&search, &line, search.number, '-');
    }
    any_selected |= search.selected > 0;
    print_summary(&search);
    for (long long i = 0; i < options.before; i++)
        free(search.before[i].text);
    free(search.before);
    free(line.text);
    return 0;
}

static void trouble(const char *path)
{
    any_error = true;
    if (!options.silent)
        util_warn("%s", path);
}

/* `path` is for people, `name` is looked up in the open directory. */
static void search_path(int directory, const char *name, const char *path)
{
    bool input = strcmp(path, "-") == 0;
    int fd = input ? 0 : openat(directory, name, O_RDONLY);
    FILE *file = input ? stdin : fd >= 0 ? fdopen(fd, "r") : NULL;
    struct stat status;
    if (!file) {
        trouble(path);
        return;
    }
    if (!input && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        util_warnx("%s: Is a directory", path);
        any_error = true;
    } else {
        search_file(file, path);
    }
    any_error |= ferror(file) != 0;
    if (!input)
        fclose(file);
}

static bool visit(struct walk *walk, enum walk_when when, const char *path, const struct stat *status)
{
    if (when == walk_error) {
        trouble(path);
    } else if (when == walk_enter && (S_ISREG(status->st_mode) || (walk->depth == 0 && !S_ISDIR(status->st_mode)))) {
        search_path(walk->directory, walk->name, path);
    }
    return true;
}

static void set_option(int option)
{
    struct {
        char letter;
        bool *flag;
    } letters[] = {
        {'E', &options.extended}, {'F', &options.fixed},     {'i', &options.fold},          {'v', &options.invert},
        {'w', &options.words},    {'x', &options.whole},     {'c', &options.count},         {'l', &options.names},
        {'n', &options.numbers},  {'o', &options.only},      {'L', &options.names_without}, {'q', &options.quiet},
        {'s', &options.silent},   {'r', &options.recursive}, {'R', &options.recursive},
    };
    for (size_t i = 0; i < UTIL_COUNT(letters); i++) {
        if (letters[i].letter == option)
            *letters[i].flag = true;
    }
    if (option == 'h' || option == 'H')
        options.with_name = option == 'H';
    else if (option == 'e')
        add_patterns(optarg);
    else if (option == 'f')
        add_patterns_from(optarg);
    else if (option == 'm')
        options.most = util_number(optarg, 0, 0x7fffffff, "max count");
    if (option == 'A' || option == 'C')
        options.after = util_number(optarg, 0, 65535, "context length argument");
    if (option == 'B' || option == 'C')
        options.before = util_number(optarg, 0, 65535, "context length argument");
}

int main(int argc, char **argv)
{
    static char *here[] = {".", NULL}, *standard_input[] = {"-", NULL};
    struct walk walk = {.visit = visit, .follow_first = true};
    bool given = false;
    util_start("grep", "[-EFHLchilnoqrsvwx] [-m N] [-A N] [-B N] [-C N] [-e PATTERN | -f FILE]... [PATTERN] [FILE]...",
               2);
    for (int option; (option = getopt(argc, argv, "EFGivwxclnoLqsrRhHe:f:m:A:B:C:")) != -1;) {
        if (option == '?')
            util_usage();
        set_option(option);
        given |= option == 'e' || option == 'f';
    }
    if (!given && optind == argc)
        util_usage();
    if (!given)
        add_patterns(argv[optind++]);
    compile_patterns();
    if (options.with_name < 0)
        options.with_name = argc - optind > 1 || options.recursive;
    for (char **path = optind < argc ? argv + optind : options.recursive ? here : standard_input; *path; path++) {
        if (options.recursive && strcmp(*path, "-") != 0)
            walk_tree(&walk, *path);
        else
            search_path(AT_FDCWD, *path, *path);
    }
    int status = any_error && !(options.quiet && any_selected) ? 2 : !any_selected;
    return util_finish(status);
}
