/*
 * lex.c - text to tokens: operators, words (by lex_word.c), and the bodies of here-documents.
 *
 * The parser looks one token ahead.  A syntax error is sticky: it is reported once, and then the input seems to end,
 * so that every function of the parser comes to its end by itself.
 */
#include <string.h>

#include "sh.h"

enum { END = -1, DEPTH_LIMIT = 400 };

/* A here-document whose body has not been read. */
struct heredoc {
    struct heredoc *next;
    struct redirect *redirect;
    const char *delimiter;
    bool strip_tabs, quoted;
};

/* Reports a syntax error, the first one of a parser only. */
void parser_error(struct parser *p, const char *format, ...)
{
    if (p->failed)
        return;
    p->failed = true;
    p->have_token = false;
    if (trap_interrupted)
        return;
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_format(&text, format, arguments);
    va_end(arguments);
    sh.line = p->token.kind == TOKEN_NEWLINE ? p->token.line : p->source->line;
    error_set(2, "syntax error: %s", text.data);
    buffer_free(&text);
}

/* Counts one more level of nesting; false (and an error) when there are too many.  Undone by p->depth--. */
bool lex_enter(struct parser *p)
{
    if (++p->depth > DEPTH_LIMIT)
        parser_error(p, "nested too deeply");
    return !p->failed;
}

/* The next character, without the line continuations before it. */
int lex_get(struct parser *p)
{
    int c;
    while ((c = p->failed ? END : source_get(p->source)) == '\\') {
        int next = source_get(p->source);
        if (next != '\n') {
            source_unget(p->source, next);
            break;
        }
    }
    return c;
}

int lex_peek(struct parser *p)
{
    int c = lex_get(p);
    source_unget(p->source, c);
    return c;
}

/* c ends an unquoted word. */
bool token_is_meta(int c)
{
    return c == END || strchr(" \t\n;&|<>()", c);
}

static bool lex_accept(struct parser *p, int wanted)
{
    int c = lex_get(p);
    if (c == wanted)
        return true;
    source_unget(p->source, c);
    return false;
}

static enum token_kind lex_less(struct parser *p)
{
    if (lex_accept(p, '<'))
        return lex_accept(p, '-') ? TOKEN_HERE_TABS : TOKEN_HERE;
    if (lex_accept(p, '&'))
        return TOKEN_LESS_AMP;
    return lex_accept(p, '>') ? TOKEN_READ_WRITE : TOKEN_LESS;
}

static enum token_kind lex_great(struct parser *p)
{
    if (lex_accept(p, '>'))
        return TOKEN_APPEND;
    if (lex_accept(p, '&'))
        return TOKEN_GREAT_AMP;
    return lex_accept(p, '|') ? TOKEN_CLOBBER : TOKEN_GREAT;
}

static enum token_kind lex_operator(struct parser *p, int c)
{
    switch (c) {
    case '\n':
        return TOKEN_NEWLINE;
    case ';':
        return lex_accept(p, ';') ? TOKEN_SEMI_SEMI : TOKEN_SEMI;
    case '&':
        return lex_accept(p, '&') ? TOKEN_AND : TOKEN_AMP;
    case '|':
        return lex_accept(p, '|') ? TOKEN_OR : TOKEN_PIPE;
    case '(':
        return TOKEN_OPEN;
    case ')':
        return TOKEN_CLOSE;
    case '<':
        return lex_less(p);
    case '>':
        return lex_great(p);
    }
    return TOKEN_EOF;
}

/* Remembers to read a here-document after the next newline. */
void heredoc_expect(struct parser *p, struct redirect *redirect, struct word *delimiter, bool strip_tabs)
{
    struct heredoc *here = arena_get(p->arena, sizeof *here), **end = &p->heredocs;
    struct buffer text = {0};
    here->redirect = redirect;
    here->strip_tabs = strip_tabs;
    for (struct part *part = delimiter->parts; part; part = part->next) {
        if (part->kind != PART_TEXT)
            parser_error(p, "a here-document's delimiter is a plain word");
        else
            buffer_string(&text, part->text);
        here->quoted |= part->quoted;
    }
    here->delimiter = arena_copy(p->arena, text.data ? text.data : "", text.length);
    buffer_free(&text);
    while (*end)
        end = &(*end)->next;
    *end = here;
}

/* Appends one line with its newline; false at the end of the input. */
static bool heredoc_line(struct parser *p, bool strip_tabs, struct buffer *line)
{
    int c = p->failed ? END : source_get(p->source);
    while (strip_tabs && c == '\t')
        c = source_get(p->source);
    for (; c != END && c != '\n'; c = source_get(p->source))
        buffer_add(line, c);
    if (c == END && line->length == 0)
        return false;
    buffer_add(line, '\n');
    return true;
}

/* A document that is expanded ignores a newline behind an odd number of backslashes. */
static bool heredoc_continues(const struct buffer *body)
{
    size_t n = 0;
    while (n + 1 < body->length && body->data[body->length - 2 - n] == '\\')
        n++;
    return n % 2 == 1;
}

static void heredoc_read(struct parser *p, struct heredoc *here)
{
    struct buffer body = {0}, line = {0};
    bool continued = false;
    int first_line = p->source->line;
    buffer_string(&body, "");
    while (heredoc_line(p, here->strip_tabs, &line)) {
        size_t length = line.length - 1;
        if (!continued && strlen(here->delimiter) == length && memcmp(line.data, here->delimiter, length) == 0)
            break;
        buffer_append(&body, line.data, line.length);
        continued = !here->quoted && heredoc_continues(&body);
        line.length = 0;
    }
    buffer_free(&line);
    here->redirect->word = lex_text(p->arena, here->quoted ? "" : body.data, first_line);
    if (here->quoted) {
        struct part *part = arena_get(p->arena, sizeof *part);
        *part = (struct part){.quoted = true, .text = arena_copy(p->arena, body.data, body.length)};
        here->redirect->word->parts = part;
    }
    buffer_free(&body);
}

static void heredoc_read_all(struct parser *p)
{
    struct heredoc *here;
    while ((here = p->heredocs)) {
        p->heredocs = here->next;
        heredoc_read(p, here);
    }
}

static int lex_skip_blanks(struct parser *p)
{
    int c;
    do
        c = lex_get(p);
    while (c == ' ' || c == '\t');
    if (c == '#') {
        while (c != '\n' && c != END)
            c = source_get(p->source);
    }
    return c;
}

static bool is_number(const char *text)
{
    size_t digits = text ? strspn(text, "0123456789") : 0;
    return digits == 1 && !text[digits];
}

static void lex_word_token(struct parser *p, struct token *token)
{
    token->kind = TOKEN_WORD;
    token->word = lex_word(p);
    int next = lex_peek(p);
    if ((next == '<' || next == '>') && is_number(token->word->plain)) {
        intmax_t number = 0;
        number_parse(token->word->plain, &number);
        token->kind = TOKEN_IO_NUMBER;
        token->number = (int)number;
    }
}

static struct token lex_token(struct parser *p)
{
    p->source->alias_blank = false;
    int c = lex_skip_blanks(p);
    struct token token = {.line = p->source->line - (c == '\n'), .start = p->source->at - (c != END)};
    if (c == END)
        return token;
    if (token_is_meta(c)) {
        token.kind = lex_operator(p, c);
        if (c == '\n')
            heredoc_read_all(p);
    } else {
        source_unget(p->source, c);
        lex_word_token(p, &token);
    }
    if (p->failed)
        token.kind = TOKEN_EOF;
    return token;
}

/* The next token, which stays. */
struct token *token_peek(struct parser *p)
{
    if (!p->have_token) {
        p->token = lex_token(p);
        p->have_token = true;
    }
    return &p->token;
}

/* The next token, used up. */
struct token token_next(struct parser *p)
{
    struct token token = *token_peek(p);
    p->have_token = false;
    return token;
}
