/*
 * pattern.c - the patterns of case, ${x%p} and file names (POSIX 2.13): * ? [...] and backslash.
 *
 * Matching needs no recursion: when it fails, it goes back to the last star and lets that take one more character.
 */
#include <ctype.h>
#include <string.h>

#include "sh.h"

static bool class_contains(const char *name, size_t length, int c)
{
    static const struct {
        const char *name;
        int (*test)(int);
    } classes[] = {
        {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
        {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
        {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
    };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (strlen(classes[i].name) == length && memcmp(classes[i].name, name, length) == 0)
            return classes[i].test(c);
    }
    return false;
}

static unsigned char bracket_char(const char **at)
{
    if (**at == '\\' && (*at)[1])
        ++*at;
    return (unsigned char)*(*at)++;
}

/* Matches c with the bracket expression behind a `[`.  Answers where it ends, or NULL if it is none. */
static const char *bracket_match(const char *at, unsigned char c, bool *matches)
{
    bool negated = *at == '!' || *at == '^', found = false;
    at += negated;
    const char *first = at;
    while (*at && (*at != ']' || at == first)) {
        const char *end = at[0] == '[' && at[1] == ':' ? strstr(at + 2, ":]") : NULL;
        if (end) {
            found |= class_contains(at + 2, (size_t)(end - at - 2), c);
            at = end + 2;
            continue;
        }
        unsigned char low = bracket_char(&at), high = low;
        if (at[0] == '-' && at[1] && at[1] != ']') {
            at++;
            high = bracket_char(&at);
        }
        found |= low <= c && c <= high;
    }
    *matches = found != negated;
    return *at == ']' ? at + 1 : NULL;
}

/* Matches one character with the element at *pattern, not a star, and steps over the element. */
static bool element_match(const char **pattern, char c)
{
    const char *at = *pattern;
    bool matches;
    if (*at == '[') {
        const char *end = bracket_match(at + 1, (unsigned char)c, &matches);
        if (end) {
            *pattern = end;
            return matches;
        }
    }
    if (*at == '?') {
        *pattern = at + 1;
        return true;
    }
    if (*at == '\\' && at[1])
        at++;
    *pattern = at + 1;
    return *at == c;
}

/* The pattern describes the whole of text. */
bool pattern_match(const char *pattern, const char *text)
{
    const char *star = NULL, *star_text = NULL;
    while (*text || *pattern) {
        if (*pattern == '*') {
            star = ++pattern;
            star_text = text;
            continue;
        }
        if (*pattern && *text && element_match(&pattern, *text)) {
            text++;
            continue;
        }
        if (!star || !*star_text)
            return false;
        pattern = star;
        text = ++star_text;
    }
    return true;
}

/* Nothing in the pattern is special, backslashes apart. */
bool pattern_is_plain(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        else if (strchr("*?[", *pattern))
            return false;
    }
    return true;
}

/* A plain pattern's text, in scratch memory. */
char *pattern_unescape(const char *pattern)
{
    char *text = scratch_get(strlen(pattern) + 1), *end = text;
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        *end++ = *pattern;
    }
    return text;
}
