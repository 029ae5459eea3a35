/*
 * run.c - sed's cycles: a line is read into the pattern space, the commands work on it, it is printed.
 *
 * Input is read one line ahead, so that $ is known.  With -i each file is written to a new one beside it, which then
 * takes its name.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/lines.h"
#include "../lib/util.h"
#include "sed.h"

/* A text that grows; ends in a 0. */
struct space {
    char *text;
    size_t length, room;
};

static struct script *script;
static char **paths;
static int path_count;
static bool in_place;
static FILE *input, *output;
static const char *input_path;
static struct line ahead;
static bool has_ahead;

static struct space pattern, hold;
static bool newline;          /* the line in the pattern space had one */
static struct space appended; /* a and r: printed when the cycle ends */
static unsigned long long line_number;
static bool substituted; /* for t */
static regex_t *last_regex;
static int status;

/* Texts */

static void space_append(struct space *space, const char *text, size_t length)
{
    while (space->length + length + 1 > space->room)
        space->text = util_grow(space->text, space->room, &space->room, 1);
    memcpy(space->text + space->length, text, length);
    space->length += length;
    space->text[space->length] = '\0';
}

static void space_set(struct space *space, const char *text, size_t length)
{
    space->length = 0;
    space_append(space, text, length);
}

static void print_space(FILE *file, const struct space *space, bool with_newline)
{
    fwrite(space->text, 1, space->length, file);
    if (with_newline)
        putc('\n', file);
}

/* Input */

static void start_output(const char *path)
{
    struct stat file;
    char *name = util_alloc(strlen(path) + 5);
    sprintf(name, "%s.sed", path);
    output = fopen(name, "w");
    if (!output)
        util_err("couldn't open temporary file %s", name);
    if (stat(path, &file) == 0)
        chmod(name, file.st_mode & 07777);
    free(name);
}

static void end_output(const char *path)
{
    char *name = util_alloc(strlen(path) + 5);
    sprintf(name, "%s.sed", path);
    if (fclose(output) != 0 || rename(name, path) < 0)
        util_err("cannot rename %s", name);
    output = stdout;
    free(name);
}

static void close_input(void)
{
    if (!input)
        return;
    if (ferror(input)) {
        util_warn("read error on %s", input_path);
        status = 1;
    }
    if (input != stdin)
        fclose(input);
    input = NULL;
}

/* Opens the next file that can be opened; false when there is none. */
static bool open_next(void)
{
    while (path_count > 0) {
        input_path = *paths++;
        path_count--;
        input = strcmp(input_path, "-") == 0 ? stdin : fopen(input_path, "r");
        if (input && util_is_directory(input_path) && input != stdin) {
            util_warnx("couldn't edit %s: not a regular file", input_path);
            fclose(input);
            input = NULL;
            status = 1;
        } else if (input) {
            return true;
        } else {
            util_warn("can't read %s", input_path);
            status = 2;
        }
    }
    return false;
}

/* Fills the line read ahead. */
static void read_ahead(void)
{
    has_ahead = input && line_read(input, &ahead);
    while (!has_ahead && !in_place) {
        close_input();
        if (!open_next())
            return;
        has_ahead = line_read(input, &ahead);
    }
}

/* Is this the last line? */
static bool at_last(void)
{
    return !has_ahead;
}

/* Moves the line read ahead to the pattern space, or behind what is in it; false when there is none. */
static bool next_line(bool append)
{
    if (!has_ahead)
        return false;
    if (append)
        space_append(&pattern, "\n", 1);
    else
        pattern.length = 0;
    space_append(&pattern, ahead.text, ahead.length);
    newline = ahead.newline;
    line_number++;
    read_ahead();
    newline |= has_ahead;
    return true;
}

/* Addresses */

static bool matches(regex_t *regex, const char *text, regmatch_t *places, size_t count, int flags)
{
    if (!regex)
        regex = last_regex;
    if (!regex)
        util_errx("no previous regular expression");
    last_regex = regex;
    return regexec(regex, text, count, places, flags) == 0;
}

static bool address_holds(const struct address *address)
{
    switch (address->kind) {
    case address_line:
        return line_number == address->line;
    case address_last:
        return at_last();
    case address_regex:
        return matches(address->regex, pattern.text, NULL, 0, 0);
    default:
        return true;
    }
}

/* POSIX sed: a range that ends by number before it begins is one line. */
static bool range_holds(struct command *command)
{
    const struct address *to = &command->to;
    if (!command->in_range) {
        if (!address_holds(&command->from))
            return false;
        command->range_end = to->kind == address_offset ? line_number + to->line : to->line;
        bool by_number = to->kind == address_line || to->kind == address_offset;
        command->in_range = by_number ? command->range_end > line_number : !(to->kind == address_last && at_last());
        return true;
    }
    if (to->kind == address_regex || to->kind == address_last)
        command->in_range = !address_holds(to);
    else
        command->in_range = line_number < command->range_end;
    return to->kind != address_line || line_number <= command->range_end;
}

static bool is_selected(struct command *command)
{
    bool holds = command->to.kind == address_none ? address_holds(&command->from) : range_holds(command);
    return holds != command->negated;
}

/* Commands */

/* Adds the replacement for one match: & and \1 to \9 stand for parts of it. */
static void add_replacement(struct space *out, const char *replacement, const char *text, const regmatch_t *places)
{
    for (const char *c = replacement; *c; c++) {
        bool escaped = *c == '\\' && c[1];
        c += escaped;
        int group = escaped && isdigit((unsigned char)*c) ? *c - '0' : !escaped && *c == '&' ? 0 : -1;
        if (group < 0)
            space_append(out, escaped && *c == 'n' ? "\n" : c, 1);
        else if (places[group].rm_so >= 0)
            space_append(out, text + places[group].rm_so, places[group].rm_eo - places[group].rm_so);
    }
}

static bool substitute(struct command *command)
{
    regmatch_t places[10];
    struct space out = {0};
    const char *text = pattern.text;
    unsigned found = 0;
    bool changed = false, after_match = false;
    space_append(&out, "", 0);
    while (matches(command->regex, text, places, 10, text > pattern.text ? REG_NOTBOL : 0)) {
        bool empty = places[0].rm_eo == places[0].rm_so;
        bool skipped = empty && places[0].rm_so == 0 && after_match; /* right behind a match there is no empty one */
        space_append(&out, text, places[0].rm_so);
        if (!skipped && ++found >= command->occurrence && (!changed || command->global)) {
            add_replacement(&out, command->text, text, places);
            changed = true;
        } else {
            space_append(&out, text + places[0].rm_so, places[0].rm_eo - places[0].rm_so);
        }
        text += places[0].rm_eo;
        after_match = !empty;
        if (empty && *text)
            space_append(&out, text++, 1);
        else if (empty)
            break;
        if (changed && !command->global)
            break;
    }
    if (changed) {
        space_append(&out, text, strlen(text));
        space_set(&pattern, out.text, out.length);
    }
    free(out.text);
    return changed;
}

static void run_substitution(struct command *command)
{
    if (!substitute(command))
        return;
    substituted = true;
    if (command->print)
        print_space(output, &pattern, true);
    if (command->output)
        print_space(command->output, &pattern, true);
}

/* l: so that all can be seen. */
static void print_visible(void)
{
    static const char letters[] = "\\\a\b\f\r\t\v\n", names[] = "\\abfrtvn";
    for (size_t i = 0; i < pattern.length; i++) {
        unsigned char c = pattern.text[i];
        const char *found = c ? strchr(letters, c) : NULL;
        if (found)
            fprintf(output, "\\%c", names[found - letters]);
        else if (isprint(c))
            putc(c, output);
        else
            fprintf(output, "\\%03o", c);
    }
    fputs("$\n", output);
}

static void append_file(const char *path)
{
    size_t size;
    char *text = util_read_file(path, &size);
    if (text)
        space_append(&appended, text, size);
    free(text);
}

static void end_cycle(void)
{
    if (!script->quiet)
        print_space(output, &pattern, newline);
    fwrite(appended.text, 1, appended.length, output);
    appended.length = 0;
    if (output == stdout && isatty(1))
        fflush(output);
}

static _Noreturn void quit(bool print)
{
    if (print)
        end_cycle();
    while (in_place && has_ahead) { /* the rest of the file stays */
        line_write(output, &ahead);
        has_ahead = line_read(input, &ahead);
    }
    if (in_place)
        end_output(input_path);
    exit(util_finish(status));
}

/* n and N: what happens to this line before the next one is there. */
static void take_next(bool append)
{
    if (at_last())
        quit(true); /* N too prints the pattern space, as GNU's does */
    if (!append)
        end_cycle();
    else if (appended.length) {
        fwrite(appended.text, 1, appended.length, output);
        appended.length = 0;
    }
    next_line(append);
}

enum after { go_on, next_cycle, next_cycle_without_print, restart_without_read };

static void exchange(void)
{
    struct space old = pattern;
    pattern = hold;
    hold = old;
}

/* D: deletes up to the first newline and begins again with the rest. */
static enum after delete_first(void)
{
    char *end = memchr(pattern.text, '\n', pattern.length);
    if (!end)
        return next_cycle_without_print;
    size_t first = end + 1 - pattern.text;
    memmove(pattern.text, pattern.text + first, pattern.length - first + 1);
    pattern.length -= first;
    return restart_without_read;
}

/* The commands that move text between the two spaces. */
static void run_hold(char name)
{
    if (name == 'x') {
        exchange();
        return;
    }
    struct space *to = name == 'g' || name == 'G' ? &pattern : &hold, *from = to == &pattern ? &hold : &pattern;
    if (name == 'g' || name == 'h')
        to->length = 0;
    else
        space_append(to, "\n", 1);
    space_append(to, from->text, from->length);
}

static enum after run_command(struct command *command)
{
    switch (command->name) {
    case '=':
        fprintf(output, "%llu\n", line_number);
        break;
    case 'a':
        space_append(&appended, command->text, strlen(command->text));
        break;
    case 'c':
        if (command->to.kind == address_none || command->negated || !command->in_range)
            fputs(command->text, output);
        return next_cycle_without_print;
    case 'd':
        return next_cycle_without_print;
    case 'D':
        return delete_first();
    case 'g':
    case 'G':
    case 'h':
    case 'H':
    case 'x':
        run_hold(command->name);
        break;
    case 'i':
        fputs(command->text, output);
        break;
    case 'l':
        print_visible();
        break;
    case 'n':
    case 'N':
        take_next(command->name == 'N');
        break;
    case 'p':
        print_space(output, &pattern, true);
        break;
    case 'P':
        fprintf(output, "%.*s\n", (int)strcspn(pattern.text, "\n"), pattern.text);
        break;
    case 'q':
    case 'Q':
        quit(command->name == 'q');
    case 'r':
        append_file(command->text);
        break;
    case 's':
        run_substitution(command);
        break;
    case 'w':
        print_space(command->output, &pattern, true);
        break;
    case 'y':
        for (size_t i = 0; i < pattern.length; i++)
            pattern.text[i] = command->map[(unsigned char)pattern.text[i]];
    }
    return go_on;
}

/* All commands on the pattern space. */
static enum after run_script(void)
{
    for (size_t i = 0; i < script->count;) {
        struct command *command = &script->commands[i++];
        bool selected = is_selected(command);
        if (command->name == '{') {
            i = selected ? i : command->target;
            continue;
        }
        if (!selected || command->name == '}' || command->name == ':')
            continue;
        if (command->name == 'b' || (command->name == 't' && substituted)) {
            i = command->target;
            substituted &= command->name == 'b';
            continue;
        }
        enum after after = run_command(command);
        if (after != go_on)
            return after;
    }
    return next_cycle;
}

static void run_cycles(void)
{
    bool kept = false;
    while (kept || next_line(false)) {
        bool quiet = script->quiet;
        if (!kept)
            substituted = false;
        enum after after = run_script();
        kept = after == restart_without_read;
        script->quiet |= after != next_cycle;
        end_cycle();
        script->quiet = quiet;
    }
}

/* Runs the script on the files, or on standard input; answers the exit status. */
int sed_run(struct script *the_script, int count, char **the_paths, bool edit_in_place)
{
    static char *standard_input[] = {"-"};
    script = the_script;
    path_count = count ? count : 1;
    paths = count ? the_paths : standard_input;
    in_place = edit_in_place && count;
    output = stdout;
    space_append(&pattern, "", 0);
    space_append(&hold, "", 0);
    space_append(&appended, "", 0);
    if (!in_place) {
        read_ahead();
        run_cycles();
        return status;
    }
    while (open_next()) {
        line_number = 0;
        start_output(input_path);
        read_ahead();
        run_cycles();
        close_input();
        end_output(input_path);
    }
    return status;
}
