/*
 * parse.c - reads sed's script.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/util.h"
#include "sed.h"

static const char *cursor; /* in the piece that is read */
static bool extended;

/* A text that grows. */
struct buffer {
    char *text;
    size_t length, room;
};

static void buffer_add(struct buffer *buffer, char c)
{
    buffer->text = util_grow(buffer->text, buffer->length + 1, &buffer->room, 1);
    buffer->text[buffer->length++] = c;
    buffer->text[buffer->length] = '\0';
}

static void skip_blanks(void)
{
    while (isblank((unsigned char)*cursor))
        cursor++;
}

/*
 * Reads up to an unescaped `end` and past it.  \n becomes a newline in a `regex`, \end the character itself; other
 * sequences stay as they are.  In a bracket expression of a `regex`, `end` is a character like others.
 */
static char *read_delimited(char end, bool regex, const char *what)
{
    struct buffer buffer = {0};
    bool bracket = false;
    for (; *cursor && (*cursor != end || bracket); cursor++) {
        if (*cursor == '\n' && regex)
            break;
        if (*cursor == '\\' && cursor[1] && !bracket) {
            cursor++;
            if (*cursor == 'n' && regex) {
                buffer_add(&buffer, '\n');
            } else {
                if (*cursor != end)
                    buffer_add(&buffer, '\\');
                buffer_add(&buffer, *cursor);
            }
            continue;
        }
        if (regex && !bracket && *cursor == '[') {
            bracket = true;
            buffer_add(&buffer, *cursor);
            for (int i = 0; i < 2 && cursor[1] && (cursor[1] == '^' || cursor[1] == ']'); i++) {
                buffer_add(&buffer, *++cursor); /* a ] that stands first ends nothing */
                if (*cursor == ']')
                    break;
            }
            continue;
        }
        bracket &= *cursor != ']';
        buffer_add(&buffer, *cursor);
    }
    if (*cursor++ != end)
        util_errx("unterminated %s", what);
    return buffer.text ? buffer.text : util_strdup("");
}

/* Compiles it; NULL for an empty one, which stands for the one used last. */
static regex_t *compile(char *text, bool fold)
{
    char why[128];
    regex_t *regex = NULL;
    if (*text) {
        regex = util_alloc(sizeof(*regex));
        int error = regcomp(regex, text, (extended ? REG_EXTENDED : 0) | (fold ? REG_ICASE : 0));
        if (error) {
            regerror(error, regex, why, sizeof(why));
            util_errx("%s: %s", text, why);
        }
    }
    free(text);
    return regex;
}

static bool parse_address(struct address *address)
{
    if (isdigit((unsigned char)*cursor)) {
        address->kind = address_line;
        address->line = strtoull(cursor, (char **)&cursor, 10);
        return true;
    }
    if (*cursor == '$') {
        cursor++;
        address->kind = address_last;
        return true;
    }
    if (*cursor != '/' && *cursor != '\\')
        return false;
    if (*cursor++ == '\\' && !*cursor)
        util_errx("unterminated address regex");
    char end = cursor[-1] == '/' ? '/' : *cursor++;
    char *text = read_delimited(end, true, "address regex");
    bool fold = *cursor == 'I';
    cursor += fold;
    address->kind = address_regex;
    address->regex = compile(text, fold);
    return true;
}

static void parse_addresses(struct command *command)
{
    if (parse_address(&command->from)) {
        skip_blanks();
        if (*cursor == ',') {
            cursor++;
            skip_blanks();
            bool offset = *cursor == '+';
            cursor += offset;
            if (!parse_address(&command->to) || (offset && command->to.kind != address_line))
                util_errx("unexpected `,'");
            if (offset)
                command->to.kind = address_offset;
        }
    }
    skip_blanks();
    for (; *cursor == '!' || isblank((unsigned char)*cursor); cursor++)
        command->negated |= *cursor == '!';
}

/* The text of a, i and c: "\", newline, lines each but the last ending in "\"; or the rest of the line at once. */
static char *parse_text(void)
{
    struct buffer buffer = {0};
    skip_blanks();
    if (*cursor == '\\') {
        cursor++;
        skip_blanks();
        cursor += *cursor == '\n';
    }
    if (!*cursor)
        util_errx("expected \\ after `a', `c' or `i'");
    for (; *cursor && *cursor != '\n'; cursor++) {
        if (*cursor == '\\' && cursor[1])
            cursor++;
        buffer_add(&buffer, *cursor);
    }
    buffer_add(&buffer, '\n');
    return buffer.text;
}

/* The rest of the line. */
static char *parse_rest(const char *what)
{
    skip_blanks();
    size_t length = strcspn(cursor, "\n");
    if (length == 0 && what)
        util_errx("missing %s", what);
    char *text = util_alloc(length + 1);
    memcpy(text, cursor, length);
    cursor += length;
    return text;
}

/* A label ends at a blank or a semicolon as well. */
static char *parse_label(void)
{
    skip_blanks();
    size_t length = strcspn(cursor, "\n; \t}");
    char *text = util_alloc(length + 1);
    memcpy(text, cursor, length);
    cursor += length;
    return text;
}

static FILE *open_output(char *path)
{
    FILE *file = strcmp(path, "/dev/stdout") == 0 ? stdout : fopen(path, "w");
    if (!file)
        util_err("couldn't open file %s", path);
    free(path);
    return file;
}

static void parse_substitution(struct command *command)
{
    char end = *cursor++;
    bool fold = false;
    if (!end || end == '\n' || end == '\\')
        util_errx("unterminated `s' command");
    char *pattern = read_delimited(end, true, "`s' command");
    command->text = read_delimited(end, false, "`s' command");
    command->occurrence = 1;
    for (;; cursor++) {
        if (*cursor == 'g')
            command->global = true;
        else if (*cursor == 'p')
            command->print = true;
        else if (*cursor == 'i' || *cursor == 'I')
            fold = true;
        else if (*cursor >= '1' && *cursor <= '9')
            command->occurrence = strtoul(cursor, (char **)&cursor, 10), cursor--;
        else
            break;
    }
    if (*cursor == 'w') {
        cursor++;
        command->output = open_output(parse_rest("filename in `s' command"));
    }
    command->regex = compile(pattern, fold);
}

/* One character of y's lists. */
static unsigned char next_of_list(const char **list)
{
    char c = *(*list)++;
    if (c != '\\' || !**list)
        return c;
    c = *(*list)++;
    return c == 'n' ? '\n' : c;
}

static void parse_map(struct command *command)
{
    char end = *cursor++;
    char *from = read_delimited(end, false, "`y' command"), *to = read_delimited(end, false, "`y' command");
    const char *a = from, *b = to;
    command->map = util_alloc(256);
    for (int c = 0; c < 256; c++)
        command->map[c] = c;
    while (*a && *b) {
        unsigned char c = next_of_list(&a);
        command->map[c] = next_of_list(&b);
    }
    if (*a || *b)
        util_errx("strings for `y' command are different lengths");
    free(from);
    free(to);
}

static void parse_arguments(struct command *command)
{
    switch (command->name) {
    case 'a':
    case 'i':
    case 'c':
        command->text = parse_text();
        break;
    case 'b':
    case 't':
    case ':':
        command->label = parse_label();
        break;
    case 'r':
        command->text = parse_rest("filename in r/w commands");
        break;
    case 'w':
        command->output = open_output(parse_rest("filename in r/w commands"));
        break;
    case 's':
        parse_substitution(command);
        break;
    case 'y':
        parse_map(command);
        break;
    case '\0':
        util_errx("missing command");
    default:
        if (!strchr("{}=dDgGhHlnNpPqQx", command->name))
            util_errx("unknown command: `%c'", command->name);
    }
}

/* Behind a command nothing may stand but its end. */
static void expect_end(const struct command *command)
{
    skip_blanks();
    if (*cursor && !strchr(";\n}#{", *cursor) && command->name != '{' && command->name != '}')
        util_errx("extra characters after command");
}

/* Adds the commands in `text`. */
void script_add(struct script *script, const char *text)
{
    cursor = text;
    extended = script->extended;
    if (script->count == 0 && strncmp(text, "#n\n", 3) == 0)
        script->quiet = true;
    for (;;) {
        struct command command = {0};
        while (isspace((unsigned char)*cursor) || *cursor == ';')
            cursor++;
        if (*cursor == '#')
            cursor += strcspn(cursor, "\n");
        else if (*cursor == '\0')
            return;
        if (isspace((unsigned char)*cursor) || *cursor == '\0')
            continue;
        parse_addresses(&command);
        command.name = *cursor;
        cursor += *cursor != '\0';
        parse_arguments(&command);
        expect_end(&command);
        script->commands = util_grow(script->commands, script->count, &script->room, sizeof(command));
        script->commands[script->count++] = command;
    }
}

static size_t find_label(const struct script *script, const char *label)
{
    for (size_t i = 0; i < script->count; i++) {
        if (script->commands[i].name == ':' && strcmp(script->commands[i].label, label) == 0)
            return i;
    }
    util_errx("can't find label for jump to `%s'", label);
}

/* The index behind the } that belongs to the { at `open`. */
static size_t find_close(const struct script *script, size_t open)
{
    int depth = 0;
    for (size_t i = open; i < script->count; i++) {
        depth += (script->commands[i].name == '{') - (script->commands[i].name == '}');
        if (depth == 0)
            return i + 1;
    }
    util_errx("unmatched `{'");
}

/* When all is added: finds where { and branches lead to. */
void script_finish(struct script *script)
{
    int depth = 0;
    for (size_t i = 0; i < script->count; i++) {
        struct command *command = &script->commands[i];
        depth += (command->name == '{') - (command->name == '}');
        if (depth < 0)
            util_errx("unexpected `}'");
        if (command->name == '{')
            command->target = find_close(script, i);
        else if (command->name == 'b' || command->name == 't')
            command->target = *command->label ? find_label(script, command->label) : script->count;
    }
}
