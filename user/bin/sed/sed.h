/*
 * sed.h - a script as parse.c makes it and run.c follows it.
 */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct address {
    enum { address_none, address_line, address_last, address_regex, address_offset } kind;
    unsigned long long line; /* or how many lines more */
    regex_t *regex;          /* NULL: the one used last */
};

struct command {
    struct address from, to;
    bool negated;
    char name;
    bool in_range;                /* between `from` and `to` */
    unsigned long long range_end; /* where a range by number ends */
    size_t target;                /* { b t: the command to go on from */
    char *label;                  /* b t : */
    char *text;                   /* a i c: with the newline; r w: the file's name; s: the replacement */
    regex_t *regex;               /* s */
    unsigned occurrence;          /* s: from which match on */
    bool global, print;           /* s */
    FILE *output;                 /* w, and s with w */
    unsigned char *map;           /* y: 256 characters */
};

struct script {
    struct command *commands;
    size_t count, room;
    bool quiet;    /* -n, or #n in the first line */
    bool extended; /* -E */
};

void script_add(struct script *script, const char *text);
void script_finish(struct script *script);

int sed_run(struct script *script, int count, char **paths, bool in_place);
