/*
 * tree.h - tokens, words and commands, as the parser leaves them.
 *
 * All of a tree lies in the arena of the command line that it was read from, and goes with it; a function keeps the
 * arena of its definition.  Nothing in a tree changes once it is parsed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A word is a row of parts, each of them plain or quoted. */
enum part_kind { PART_TEXT, PART_PARAM, PART_COMMAND, PART_ARITH };

struct part {
    struct part *next;
    enum part_kind kind;
    bool quoted;          /* its result is neither split nor taken as a pattern */
    bool twice;           /* PARAM: the operator had a colon, or was ## or %% */
    char op;              /* PARAM: 0, one of - = + ? # %, or 'L' for the length */
    const char *text;     /* TEXT: the characters; PARAM: the name */
    struct word *word;    /* PARAM: what follows the operator; ARITH: the expression */
    struct node *command; /* COMMAND */
};

struct word {
    struct word *next;
    struct part *parts;
    const char *plain; /* the whole of it, when nothing in it was quoted or is expanded; else NULL */
};

enum token_kind {
    TOKEN_EOF,
    TOKEN_NEWLINE,
    TOKEN_WORD,
    TOKEN_IO_NUMBER,
    TOKEN_SEMI,
    TOKEN_SEMI_SEMI,
    TOKEN_AMP,
    TOKEN_AND,
    TOKEN_PIPE,
    TOKEN_OR,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_LESS, /* the redirections, up to TOKEN_READ_WRITE */
    TOKEN_GREAT,
    TOKEN_APPEND,
    TOKEN_CLOBBER,
    TOKEN_LESS_AMP,
    TOKEN_GREAT_AMP,
    TOKEN_HERE,
    TOKEN_HERE_TABS,
    TOKEN_READ_WRITE,
};

struct token {
    enum token_kind kind;
    int number;        /* IO_NUMBER */
    struct word *word; /* WORD */
    int line;
    size_t start; /* in the source's text */
};

struct redirect {
    struct redirect *next;
    enum token_kind kind;
    int fd;
    struct word *word; /* the file, or the here-document's body */
};

struct assignment {
    struct assignment *next;
    const char *name;
    struct word *value;
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    struct node *body; /* may be NULL */
};

enum node_kind {
    NODE_SIMPLE,
    NODE_PIPE,
    NODE_SEQUENCE,
    NODE_AND,
    NODE_OR,
    NODE_BACKGROUND,
    NODE_SUBSHELL,
    NODE_GROUP,
    NODE_IF,
    NODE_WHILE,
    NODE_UNTIL,
    NODE_FOR,
    NODE_CASE,
    NODE_FUNCTION,
};

struct node {
    enum node_kind kind;
    int line;
    struct node *next;          /* in a pipeline */
    struct redirect *redirects; /* of a simple or compound command */
    union {
        struct {
            struct assignment *assignments;
            struct word *words;
        } simple;
        struct {
            struct node *commands;
            int count;
            bool negated;
            const char *text; /* as typed, for the job's notices */
        } pipe;
        struct {
            struct node *left, *right; /* SEQUENCE, AND, OR */
        } pair;
        struct {
            struct node *body; /* BACKGROUND, SUBSHELL, GROUP */
            const char *text;
        } block;
        struct {
            struct node *test, *body, *otherwise; /* IF, WHILE, UNTIL */
        } test;
        struct {
            const char *name;
            bool has_words; /* without `in`: "$@" */
            struct word *words;
            struct node *body;
        } loop;
        struct {
            struct word *word;
            struct case_item *items;
        } choice;
        struct {
            const char *name;
            struct node *body;
            struct arena *arena;
        } function;
    };
};
