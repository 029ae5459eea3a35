/*
 * lex_word.c - one word: its quotes, and all that begins with a dollar sign or a backquote.
 *
 * A word becomes a row of parts.  One function, lex_parts, reads them in every context; the character that ends the
 * context tells which it is: 0 for a word between blanks, '"', '}' behind ${name:-, ')' for $((...)), and END for a
 * whole text (here-document, prompt).  The commands in $(...) are parsed on the spot, so the closing parenthesis is
 * found by grammar and not by counting.
 */
#include <string.h>

#include "sh.h"

enum { END = -1 };

struct builder {
    struct parser *parser;
    struct part *first, **end;
    struct buffer text; /* the characters of a part to be */
    bool text_quoted;
};

static void lex_parts(struct builder *b, bool quoted, int end);

static bool is_name_start(int c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static void builder_part(struct builder *b, struct part part)
{
    struct part *copy = arena_get(b->parser->arena, sizeof *copy);
    *copy = part;
    *b->end = copy;
    b->end = &copy->next;
}

/* Ends the part of text that is being collected. */
static void builder_flush(struct builder *b)
{
    if (b->text.length == 0)
        return;
    char *text = arena_copy(b->parser->arena, b->text.data, b->text.length);
    builder_part(b, (struct part){.kind = PART_TEXT, .quoted = b->text_quoted, .text = text});
    b->text.length = 0;
}

static void builder_char(struct builder *b, int c, bool quoted)
{
    if (b->text_quoted != quoted)
        builder_flush(b);
    b->text_quoted = quoted;
    buffer_add(&b->text, c);
}

static void builder_add(struct builder *b, struct part part)
{
    builder_flush(b);
    builder_part(b, part);
}

static void builder_start(struct builder *b, struct parser *p)
{
    *b = (struct builder){.parser = p};
    b->end = &b->first;
}

static struct word *builder_word(struct builder *b)
{
    builder_flush(b);
    buffer_free(&b->text);
    struct word *word = arena_get(b->parser->arena, sizeof *word);
    word->parts = b->first;
    if (b->first && !b->first->next && b->first->kind == PART_TEXT && !b->first->quoted)
        word->plain = b->first->text;
    return word;
}

static struct word *lex_inner(struct parser *p, bool quoted, int end)
{
    struct builder b;
    builder_start(&b, p);
    if (lex_enter(p))
        lex_parts(&b, quoted, end);
    p->depth--;
    return builder_word(&b);
}

/* Appends the name of a parameter, if one begins here: a name, a number (one digit without braces), or one sign. */
static void lex_param_name(struct parser *p, struct buffer *name, bool braces)
{
    int c = lex_get(p);
    if (is_name_start(c)) {
        for (; is_name_start(c) || is_digit(c); c = lex_get(p))
            buffer_add(name, c);
    } else if (is_digit(c)) {
        do {
            buffer_add(name, c);
            c = lex_get(p);
        } while (braces && is_digit(c));
    } else if (c != END && strchr("@*#?-$!", c)) {
        buffer_add(name, c);
        return;
    }
    source_unget(p->source, c);
}

/* Behind "${#": is this the length of a parameter, and not $# itself? */
static bool lex_is_length(struct parser *p)
{
    int c = lex_get(p), next = lex_peek(p);
    source_unget(p->source, c);
    return is_name_start(c) || is_digit(c) || (c != '}' && c != END && strchr("@*#?-$!", c) && next == '}');
}

static void lex_param_operator(struct parser *p, struct part *part, bool quoted)
{
    int c = lex_get(p);
    if (c == '}')
        return;
    if (c == ':') {
        part->twice = true;
        c = lex_get(p);
    }
    bool trims = c == '%' || c == '#';
    if (c == END || !strchr(part->twice ? "-=+?" : "-=+?%#", c)) {
        parser_error(p, "bad substitution");
        return;
    }
    part->op = (char)c;
    if (trims && lex_peek(p) == c) {
        part->twice = true;
        lex_get(p);
    }
    /* POSIX 2.6.2: quotes around "${x%pattern}" do not quote the pattern. */
    part->word = lex_inner(p, quoted && !trims, '}');
}

static void lex_braces(struct builder *b, bool quoted)
{
    struct parser *p = b->parser;
    struct part part = {.kind = PART_PARAM, .quoted = quoted};
    struct buffer name = {0};
    if (lex_peek(p) == '#') {
        lex_get(p);
        if (lex_is_length(p))
            part.op = 'L';
        else
            buffer_add(&name, '#');
    }
    if (name.length == 0)
        lex_param_name(p, &name, true);
    if (name.length == 0)
        parser_error(p, "bad substitution");
    else if (part.op != 'L')
        lex_param_operator(p, &part, quoted);
    else if (lex_get(p) != '}')
        parser_error(p, "bad substitution");
    part.text = arena_copy(p->arena, name.data ? name.data : "", name.length);
    buffer_free(&name);
    builder_add(b, part);
}

static void lex_dollar(struct builder *b, bool quoted)
{
    struct parser *p = b->parser;
    int c = lex_get(p);
    if (c == '(' && lex_peek(p) == '(') {
        lex_get(p);
        builder_add(b, (struct part){.kind = PART_ARITH, .quoted = quoted, .word = lex_inner(p, true, ')')});
    } else if (c == '(') {
        struct node *command = parse_list_until_close(p);
        builder_add(b, (struct part){.kind = PART_COMMAND, .quoted = quoted, .command = command});
    } else if (c == '{') {
        lex_braces(b, quoted);
    } else {
        struct buffer name = {0};
        source_unget(p->source, c);
        lex_param_name(p, &name, false);
        if (name.length > 0) {
            char *text = arena_copy(p->arena, name.data, name.length);
            builder_add(b, (struct part){.kind = PART_PARAM, .quoted = quoted, .text = text});
        } else {
            builder_char(b, '$', quoted);
        }
        buffer_free(&name);
    }
}

/* `...`: backslashes are taken out first, then the text is a program of its own. */
static void lex_backquote(struct builder *b, bool quoted)
{
    struct parser *p = b->parser;
    struct buffer text = {0};
    int c, line = p->source->line;
    buffer_string(&text, "");
    while ((c = lex_get(p)) != '`' && c != END) {
        if (c == '\\') {
            c = lex_get(p);
            if (c == END)
                break;
            if (!strchr(quoted ? "$`\\\"" : "$`\\", c))
                buffer_add(&text, '\\');
        }
        buffer_add(&text, c);
    }
    if (c == END)
        parser_error(p, "unterminated `");
    struct source source;
    source_string(&source, text.data, line);
    buffer_free(&text);
    struct parser inner = {.source = &source, .arena = p->arena, .depth = p->depth, .failed = p->failed};
    struct node *command = lex_enter(&inner) ? parse_program(&inner) : NULL;
    source_close(&source);
    if (inner.failed)
        parser_error(p, "in `...`");
    builder_add(b, (struct part){.kind = PART_COMMAND, .quoted = quoted, .command = command});
}

static void lex_single_quotes(struct builder *b)
{
    struct parser *p = b->parser;
    int c, count = 0;
    while ((c = p->failed ? END : source_get(p->source)) != '\'' && c != END) {
        builder_char(b, c, true);
        count++;
    }
    if (c == END)
        parser_error(p, "unterminated '");
    if (count == 0)
        builder_add(b, (struct part){.kind = PART_TEXT, .quoted = true, .text = ""});
}

static void lex_double_quotes(struct builder *b)
{
    struct part **before = b->end;
    builder_flush(b);
    before = b->end;
    lex_parts(b, true, '"');
    /* "" is a field although it is empty. */
    if (b->end == before && b->text.length == 0)
        builder_add(b, (struct part){.kind = PART_TEXT, .quoted = true, .text = ""});
}

static void lex_backslash(struct builder *b, bool quoted, int end)
{
    int c = lex_get(b->parser);
    if (c == END) {
        builder_char(b, '\\', quoted);
        return;
    }
    /* POSIX 2.2.3: between double quotes the backslash is special before these alone. */
    bool special = strchr("$`\\", c) || (c == '"' && end != END && end != ')') || (c == '}' && end == '}');
    if (quoted && !special)
        builder_char(b, '\\', true);
    builder_char(b, c, true);
}

/* Any character that is not the end of its context. */
static void lex_part(struct builder *b, int c, bool quoted, int end)
{
    if (c == '\\')
        lex_backslash(b, quoted, end);
    else if (c == '$')
        lex_dollar(b, quoted);
    else if (c == '`')
        lex_backquote(b, quoted);
    else if (c == '\'' && !quoted)
        lex_single_quotes(b);
    else if (c == '"' && (!quoted || end == '}'))
        lex_double_quotes(b);
    else
        builder_char(b, c, quoted);
}

/* In $((...)): `)` ends it only with no `(` open, and then needs a second one. */
static bool lex_arith_ends(struct parser *p, int c, int *open)
{
    if (c == '(')
        ++*open;
    if (c != ')' || --*open >= 0)
        return false;
    if (lex_get(p) != ')')
        parser_error(p, "missing '))'");
    return true;
}

static void lex_parts(struct builder *b, bool quoted, int end)
{
    struct parser *p = b->parser;
    int open = 0;
    for (;;) {
        int c = lex_get(p);
        if (end == 0 && token_is_meta(c)) {
            source_unget(p->source, c);
            return;
        }
        if (c == END) {
            if (end != END)
                parser_error(p, "unterminated %s", end == '"' ? "\"" : end == '}' ? "${" : "$((");
            return;
        }
        if (end == ')' ? lex_arith_ends(p, c, &open) : c == end)
            return;
        lex_part(b, c, quoted, end);
    }
}

/* The word that begins at the next character. */
struct word *lex_word(struct parser *p)
{
    return lex_inner(p, false, 0);
}

/* A whole text as between double quotes: a here-document or a prompt. */
struct word *lex_text(struct arena *arena, const char *text, int line)
{
    struct source source;
    source_string(&source, text, line);
    struct parser p = {.source = &source, .arena = arena};
    struct word *word = lex_inner(&p, true, END);
    source_close(&source);
    return word;
}
