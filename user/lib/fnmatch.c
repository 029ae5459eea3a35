/*
 * fnmatch.c - does a name match a shell pattern?
 *
 * A star first stands for nothing; when what follows does not fit, the last star takes one character more and all is
 * tried again from there.  Only the last one has to, so time grows with the product of both lengths at most.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

static int fold(int c, int flags)
{
    return flags & FNM_CASEFOLD ? tolower(c) : c;
}

/* `p` is behind "[:"; is c in the class?  *end becomes what follows ":]", or NULL if that is missing. */
static int is_in_class(const char *p, int c, const char **end)
{
    static const struct {
        const char *name;
        int (*is)(int);
    } classes[] = {{"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
                   {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
                   {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit}};
    const char *close = strstr(p, ":]");

    *end = close == NULL ? NULL : close + 2;
    for (size_t i = 0; close != NULL && i < sizeof classes / sizeof classes[0]; i++) {
        size_t length = strlen(classes[i].name);

        if ((size_t)(close - p) == length && memcmp(p, classes[i].name, length) == 0)
            return classes[i].is(c) != 0;
    }
    return 0;
}

/* One character of a bracket expression, perhaps as [.x.], [=x=] or escaped; -1 where the expression is broken. */
static int bracket_character(const char **pattern, int flags)
{
    const char *p = *pattern;
    int c = (unsigned char)*p++;

    if (c == '[' && (*p == '.' || *p == '=') && p[1] != '\0' && p[2] == *p && p[3] == ']') {
        c = (unsigned char)p[1];
        p += 4;
    } else if (c == '\\' && !(flags & FNM_NOESCAPE) && *p != '\0') {
        c = (unsigned char)*p++;
    }
    *pattern = p;
    return c == '\0' || (c == '/' && (flags & FNM_PATHNAME)) ? -1 : c;
}

/*
 * *pattern is behind a '['.  1: c is in the set, 0: it is not; *pattern moves behind the ']'.  -1: this is no set, so
 * the '[' is a plain character.
 */
static int match_bracket(const char **pattern, int c, int flags)
{
    const char *p = *pattern;
    int found = 0, invert = *p == '!' || *p == '^', first = 1, folded = fold(c, flags);

    for (p += invert; first || *p != ']'; first = 0) {
        int low, high;

        if (p[0] == '[' && p[1] == ':') {
            found |= is_in_class(p + 2, c, &p) | ((flags & FNM_CASEFOLD) && is_in_class(p + 2, toupper(c), &p));
            if (p == NULL)
                return -1;
            continue;
        }
        low = high = bracket_character(&p, flags);
        if (low != -1 && p[0] == '-' && p[1] != ']' && p[1] != '\0') {
            p++;
            high = bracket_character(&p, flags);
        }
        if (low == -1 || high == -1)
            return -1;
        found |= (c >= low && c <= high) || (folded >= fold(low, flags) && folded <= fold(high, flags));
    }
    *pattern = p + 1;
    return found != invert;
}

/* Does one character of the pattern other than '*' match c?  *pattern moves on. */
static int match_one(const char **pattern, int c, int flags)
{
    const char *p = *pattern;
    int wanted = (unsigned char)*p++, result = -1;

    if (wanted == '?') {
        result = !(c == '/' && (flags & FNM_PATHNAME));
    } else if (wanted == '[') {
        result = match_bracket(&p, c, flags);
        if (result == 1 && c == '/' && (flags & FNM_PATHNAME))
            result = 0;
    } else if (wanted == '\\' && !(flags & FNM_NOESCAPE) && *p != '\0') {
        wanted = (unsigned char)*p++;
    }
    *pattern = p;
    return result != -1 ? result : fold(wanted, flags) == fold(c, flags);
}

/* A period that stands where only a period of the pattern may match it. */
static int is_leading_period(const char *name, const char *start, int flags)
{
    return *name == '.' && (flags & FNM_PERIOD) && (name == start || (name[-1] == '/' && (flags & FNM_PATHNAME)));
}

int fnmatch(const char *pattern, const char *name, int flags)
{
    const char *start = name, *star = NULL, *star_name = NULL;

    for (;;) {
        const char *p = pattern;

        if (*pattern == '*' && !is_leading_period(name, start, flags)) {
            star = ++pattern;
            star_name = name;
            continue;
        }
        if (*pattern == '\0' && (*name == '\0' || (*name == '/' && (flags & FNM_LEADING_DIR))))
            return 0;
        if (*pattern != '\0' && *name != '\0' && (!is_leading_period(name, start, flags) || *pattern == '.') &&
            match_one(&p, (unsigned char)*name, flags)) {
            pattern = p;
            name++;
            continue;
        }
        if (star == NULL || *star_name == '\0' || (*star_name == '/' && (flags & FNM_PATHNAME)) ||
            is_leading_period(star_name, start, flags))
            return FNM_NOMATCH;
        pattern = star;
        name = ++star_name;
    }
}
