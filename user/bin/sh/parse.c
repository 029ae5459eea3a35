/*
 * parse.c - tokens to a tree, by recursive descent: one function for each rule of the grammar (POSIX 2.10).
 *
 * A reserved word is one only where a command may begin, so the tokens do not know it; the functions here compare
 * the word's text.  An error is sticky (lex.c): after it every function sees the end of the input.  Trees may then
 * be incomplete, and are not run.
 */
#include <string.h>

#include "sh.h"

static struct node *parse_and_or(struct parser *p);
static struct node *parse_command(struct parser *p);

static const char *const openers[] = {"!", "{", "case", "for", "if", "until", "while", NULL};
static const char *const closers[] = {"}", "do", "done", "elif", "else", "esac", "fi", "then", NULL};

static bool is_among(const char *const *words, const char *text)
{
    while (*words && strcmp(*words, text) != 0)
        words++;
    return *words;
}

/* text has a meaning of its own where a command begins. */
bool word_is_reserved(const char *text)
{
    return is_among(openers, text) || is_among(closers, text);
}

static struct node *node_new(struct parser *p, enum node_kind kind)
{
    struct node *node = arena_get(p->arena, sizeof *node);
    node->kind = kind;
    node->line = token_peek(p)->line;
    return node;
}

static void parse_unexpected(struct parser *p)
{
    static const char *const texts[] = {
        "end of file", "newline", "",  "",   ";",  ";;", "&",  "&&", "|",   "||", "(",
        ")",           "<",       ">", ">>", ">|", "<&", ">&", "<<", "<<-", "<>",
    };
    struct token *token = token_peek(p);
    if (token->kind == TOKEN_WORD)
        parser_error(p, "'%s' unexpected", token->word->plain ? token->word->plain : "word");
    else
        parser_error(p, token->kind < TOKEN_SEMI ? "%s unexpected" : "'%s' unexpected", texts[token->kind]);
}

static bool token_is(struct parser *p, enum token_kind kind)
{
    return token_peek(p)->kind == kind;
}

static bool token_is_word(struct parser *p, const char *text)
{
    struct token *token = token_peek(p);
    return token->kind == TOKEN_WORD && token->word->plain && strcmp(token->word->plain, text) == 0;
}

static void skip_newlines(struct parser *p)
{
    while (token_is(p, TOKEN_NEWLINE))
        token_next(p);
}

static void expect(struct parser *p, enum token_kind kind)
{
    if (token_is(p, kind))
        token_next(p);
    else
        parse_unexpected(p);
}

static void expect_word(struct parser *p, const char *text)
{
    if (token_is_word(p, text))
        token_next(p);
    else
        parse_unexpected(p);
}

static bool accept_word(struct parser *p, const char *text)
{
    bool found = token_is_word(p, text);
    if (found)
        token_next(p);
    return found;
}

/* The token is a word that stands for an alias: the alias's text comes instead. */
static bool alias_substitute(struct parser *p)
{
    struct token *token = token_peek(p);
    if (token->kind != TOKEN_WORD || !token->word->plain || word_is_reserved(token->word->plain))
        return false;
    size_t start = token->start;
    if (!source_push_alias(p->source, token->word->plain))
        return false;
    p->have_token = false;
    token_peek(p)->start = start;
    return true;
}

/* Looks at a token where a command may begin. */
static struct token *peek_command(struct parser *p)
{
    while (alias_substitute(p))
        ;
    return token_peek(p);
}

static bool command_begins(struct parser *p)
{
    struct token *token = peek_command(p);
    if (token->kind == TOKEN_WORD && token->word->plain && is_among(closers, token->word->plain))
        return false;
    return token->kind == TOKEN_WORD || token->kind == TOKEN_IO_NUMBER || token->kind == TOKEN_OPEN ||
           token->kind >= TOKEN_LESS;
}

/* The source's text from start to the next token, for people to read. */
static const char *parse_text(struct parser *p, size_t start)
{
    size_t end = token_is(p, TOKEN_EOF) ? p->source->at : token_peek(p)->start;
    const char *text = p->source->text.data;
    while (end > start && strchr(" \t\n", text[end - 1]))
        end--;
    return end > start ? arena_copy(p->arena, text + start, end - start) : "";
}

static struct node *parse_background(struct parser *p, struct node *body, size_t start)
{
    struct node *node = node_new(p, NODE_BACKGROUND);
    node->block.body = body;
    node->block.text = parse_text(p, start);
    return node;
}

/* Commands separated by ; or &, and by newlines too in a compound list.  NULL when there is none. */
static struct node *parse_list(struct parser *p, bool newlines)
{
    struct node *list = NULL, **last = &list;
    bool more = true;
    while (more) {
        if (newlines)
            skip_newlines(p);
        if (!command_begins(p))
            break;
        size_t start = token_peek(p)->start;
        struct node *command = parse_and_or(p);
        if (token_is(p, TOKEN_AMP))
            command = parse_background(p, command, start);
        if (*last) {
            struct node *sequence = node_new(p, NODE_SEQUENCE);
            sequence->pair.left = *last;
            *last = sequence;
            last = &sequence->pair.right;
        }
        *last = command;
        more = token_is(p, TOKEN_AMP) || token_is(p, TOKEN_SEMI) || (newlines && token_is(p, TOKEN_NEWLINE));
        if (more)
            token_next(p);
    }
    return list;
}

/* A compound list, which has at least one command. */
static struct node *parse_body(struct parser *p)
{
    struct node *body = parse_list(p, true);
    if (!body)
        parse_unexpected(p);
    return body;
}

static bool is_redirection(struct parser *p)
{
    return token_is(p, TOKEN_IO_NUMBER) || token_peek(p)->kind >= TOKEN_LESS;
}

static struct redirect *parse_redirect(struct parser *p)
{
    struct redirect *redirect = arena_get(p->arena, sizeof *redirect);
    bool numbered = token_is(p, TOKEN_IO_NUMBER);
    if (numbered)
        redirect->fd = token_next(p).number;
    redirect->kind = token_next(p).kind;
    if (!numbered)
        redirect->fd = redirect->kind == TOKEN_GREAT || redirect->kind == TOKEN_APPEND ||
                       redirect->kind == TOKEN_CLOBBER || redirect->kind == TOKEN_GREAT_AMP;
    if (!token_is(p, TOKEN_WORD)) {
        parse_unexpected(p);
        return NULL;
    }
    redirect->word = token_next(p).word;
    if (redirect->kind == TOKEN_HERE || redirect->kind == TOKEN_HERE_TABS)
        heredoc_expect(p, redirect, redirect->word, redirect->kind == TOKEN_HERE_TABS);
    return redirect;
}

static void parse_redirects(struct parser *p, struct redirect **list)
{
    while (*list)
        list = &(*list)->next;
    while (is_redirection(p) && (*list = parse_redirect(p)))
        list = &(*list)->next;
}

/* name=value at the start of a word, if that is what it is. */
static struct assignment *parse_assignment(struct parser *p, struct word *word)
{
    struct part *part = word->parts;
    size_t length = part && part->kind == PART_TEXT && !part->quoted ? var_name_length(part->text) : 0;
    if (length == 0 || part->text[length] != '=')
        return NULL;
    struct assignment *assignment = arena_get(p->arena, sizeof *assignment);
    assignment->name = arena_copy(p->arena, part->text, length);
    assignment->value = word;
    part->text += length + 1;
    word->plain = NULL;
    return assignment;
}

static struct node *parse_function(struct parser *p, struct node *node, const char *name)
{
    token_next(p);
    expect(p, TOKEN_CLOSE);
    skip_newlines(p);
    node->kind = NODE_FUNCTION;
    struct node *body = parse_command(p);
    if (body && (body->kind == NODE_SIMPLE || body->kind == NODE_FUNCTION))
        parser_error(p, "a function's body is a compound command");
    node->function.name = name;
    node->function.body = body;
    node->function.arena = p->arena;
    return node;
}

static struct node *parse_simple(struct parser *p)
{
    struct node *node = node_new(p, NODE_SIMPLE);
    struct assignment **assignments = &node->simple.assignments;
    struct word **words = &node->simple.words;
    for (;;) {
        parse_redirects(p, &node->redirects);
        if (p->source->alias_blank && node->simple.words)
            peek_command(p);
        if (!token_is(p, TOKEN_WORD))
            break;
        struct word *word = token_next(p).word;
        struct assignment *assignment = node->simple.words ? NULL : parse_assignment(p, word);
        if (assignment) {
            *assignments = assignment;
            assignments = &assignment->next;
            continue;
        }
        *words = word;
        words = &word->next;
        bool may_define = word == node->simple.words && !node->simple.assignments && !node->redirects && word->plain;
        if (may_define && token_is(p, TOKEN_OPEN) && var_is_name(word->plain, strlen(word->plain)))
            return parse_function(p, node, word->plain);
    }
    return node;
}

static struct node *parse_block(struct parser *p, enum node_kind kind)
{
    struct node *node = node_new(p, kind);
    token_next(p);
    node->block.body = parse_body(p);
    if (kind == NODE_SUBSHELL)
        expect(p, TOKEN_CLOSE);
    else
        expect_word(p, "}");
    return node;
}

/* Behind `if` or `elif`, to the `fi`. */
static struct node *parse_if(struct parser *p)
{
    struct node *node = node_new(p, NODE_IF);
    token_next(p);
    node->test.test = parse_body(p);
    expect_word(p, "then");
    node->test.body = parse_body(p);
    if (token_is_word(p, "elif")) {
        if (lex_enter(p))
            node->test.otherwise = parse_if(p);
        p->depth--;
        return node;
    }
    if (accept_word(p, "else"))
        node->test.otherwise = parse_body(p);
    expect_word(p, "fi");
    return node;
}

static struct node *parse_do(struct parser *p)
{
    expect_word(p, "do");
    struct node *body = parse_body(p);
    expect_word(p, "done");
    return body;
}

static struct node *parse_while(struct parser *p, enum node_kind kind)
{
    struct node *node = node_new(p, kind);
    token_next(p);
    node->test.test = parse_body(p);
    node->test.body = parse_do(p);
    return node;
}

static struct node *parse_for(struct parser *p)
{
    struct node *node = node_new(p, NODE_FOR);
    struct word **end = &node->loop.words;
    token_next(p);
    struct token *name = token_peek(p);
    if (name->kind != TOKEN_WORD || !name->word->plain || !var_is_name(name->word->plain, strlen(name->word->plain))) {
        parser_error(p, "bad variable name in for");
        return node;
    }
    node->loop.name = token_next(p).word->plain;
    if (token_is(p, TOKEN_SEMI))
        token_next(p);
    skip_newlines(p);
    if (accept_word(p, "in")) {
        node->loop.has_words = true;
        for (; token_is(p, TOKEN_WORD); end = &(*end)->next)
            *end = token_next(p).word;
        if (!token_is(p, TOKEN_SEMI) && !token_is(p, TOKEN_NEWLINE))
            parse_unexpected(p);
        token_next(p);
        skip_newlines(p);
    }
    node->loop.body = parse_do(p);
    return node;
}

static struct case_item *parse_case_item(struct parser *p)
{
    struct case_item *item = arena_get(p->arena, sizeof *item);
    struct word **end = &item->patterns;
    if (token_is(p, TOKEN_OPEN))
        token_next(p);
    for (;;) {
        if (!token_is(p, TOKEN_WORD)) {
            parse_unexpected(p);
            return item;
        }
        *end = token_next(p).word;
        end = &(*end)->next;
        if (!token_is(p, TOKEN_PIPE))
            break;
        token_next(p);
    }
    expect(p, TOKEN_CLOSE);
    item->body = parse_list(p, true);
    if (token_is(p, TOKEN_SEMI_SEMI))
        token_next(p);
    else if (!token_is_word(p, "esac"))
        parse_unexpected(p);
    return item;
}

static struct node *parse_case(struct parser *p)
{
    struct node *node = node_new(p, NODE_CASE);
    struct case_item **end = &node->choice.items;
    token_next(p);
    if (!token_is(p, TOKEN_WORD))
        parse_unexpected(p);
    node->choice.word = token_next(p).word;
    skip_newlines(p);
    expect_word(p, "in");
    skip_newlines(p);
    while (!p->failed && !token_is_word(p, "esac")) {
        *end = parse_case_item(p);
        end = &(*end)->next;
        skip_newlines(p);
    }
    token_next(p);
    return node;
}

static struct node *parse_compound(struct parser *p)
{
    if (token_is(p, TOKEN_OPEN))
        return parse_block(p, NODE_SUBSHELL);
    if (token_is_word(p, "{"))
        return parse_block(p, NODE_GROUP);
    if (token_is_word(p, "while"))
        return parse_while(p, NODE_WHILE);
    if (token_is_word(p, "until"))
        return parse_while(p, NODE_UNTIL);
    if (token_is_word(p, "for"))
        return parse_for(p);
    if (token_is_word(p, "case"))
        return parse_case(p);
    return token_is_word(p, "if") ? parse_if(p) : NULL;
}

static struct node *parse_command(struct parser *p)
{
    struct node *node = NULL;
    if (lex_enter(p)) {
        if (!command_begins(p) || token_is_word(p, "!"))
            parse_unexpected(p);
        node = parse_compound(p);
        if (node)
            parse_redirects(p, &node->redirects);
        else
            node = parse_simple(p);
    }
    p->depth--;
    return node;
}

static struct node *parse_pipeline(struct parser *p)
{
    peek_command(p);
    size_t start = token_peek(p)->start;
    struct node *node = node_new(p, NODE_PIPE), **end = &node->pipe.commands;
    while (accept_word(p, "!")) {
        node->pipe.negated = !node->pipe.negated;
        peek_command(p);
    }
    while ((*end = parse_command(p))) {
        end = &(*end)->next;
        node->pipe.count++;
        if (!token_is(p, TOKEN_PIPE))
            break;
        token_next(p);
        skip_newlines(p);
    }
    node->pipe.text = parse_text(p, start);
    return node;
}

static struct node *parse_and_or(struct parser *p)
{
    struct node *left = parse_pipeline(p);
    while (token_is(p, TOKEN_AND) || token_is(p, TOKEN_OR)) {
        struct node *node = node_new(p, token_is(p, TOKEN_AND) ? NODE_AND : NODE_OR);
        token_next(p);
        skip_newlines(p);
        node->pair.left = left;
        node->pair.right = parse_pipeline(p);
        left = node;
    }
    return left;
}

/* What is on the next line (and as many more as it needs).  NULL for nothing, and after an error. */
struct node *parse_line(struct parser *p)
{
    struct node *list = parse_list(p, false);
    if (!token_is(p, TOKEN_NEWLINE) && !token_is(p, TOKEN_EOF))
        parse_unexpected(p);
    token_next(p);
    return p->failed ? NULL : list;
}

/* All up to the end of the source. */
struct node *parse_program(struct parser *p)
{
    struct node *list = parse_list(p, true);
    if (!token_is(p, TOKEN_EOF))
        parse_unexpected(p);
    return list;
}

/* The commands of $(...), with the parenthesis that ends it. */
struct node *parse_list_until_close(struct parser *p)
{
    struct node *list = NULL;
    if (lex_enter(p))
        list = parse_list(p, true);
    expect(p, TOKEN_CLOSE);
    p->depth--;
    return list;
}
