/*
 * tr.c - translates (SET1 SET2), deletes (-d) and squeezes (-s) characters; -c means all but SET1.
 *
 * A set is characters, backslash sequences, ranges a-z, classes [:alpha:] and repeats [x*n], [x*], written out into an
 * array; the work is then done through tables of 256.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

struct set {
    unsigned char *bytes;
    size_t count, room;
    size_t fill_at; /* where [x*] stands */
    bool fills;
};

static void set_add(struct set *set, unsigned char byte)
{
    set->bytes = util_grow(set->bytes, set->count, &set->room, 1);
    set->bytes[set->count++] = byte;
}

static unsigned char read_byte(const char **cursor)
{
    char bytes[2] = {*(*cursor)++};
    bool stop = false;
    if (bytes[0] == '\\' && **cursor && util_escape(cursor, bytes, false, &stop) == 2)
        return bytes[1];
    return bytes[0];
}

/* "[:name:]" at the cursor; false when there is none. */
static bool add_class(struct set *set, const char **cursor)
{
    static const struct {
        const char *name;
        int (*is)(int);
    } classes[] = {
        {"alpha", isalpha}, {"digit", isdigit}, {"alnum", isalnum}, {"upper", isupper},
        {"lower", islower}, {"space", isspace}, {"blank", isblank}, {"punct", ispunct},
        {"print", isprint}, {"graph", isgraph}, {"cntrl", iscntrl}, {"xdigit", isxdigit},
    };
    const char *start = *cursor + 2, *end = strstr(start, ":]");
    if (strncmp(*cursor, "[:", 2) != 0 || !end)
        return false;
    for (size_t i = 0; i < UTIL_COUNT(classes); i++) {
        if (strlen(classes[i].name) != (size_t)(end - start) || strncmp(classes[i].name, start, end - start) != 0)
            continue;
        for (int c = 0; c < 256; c++) {
            if (classes[i].is(c))
                set_add(set, c);
        }
        *cursor = end + 2;
        return true;
    }
    util_errx("invalid character class '%.*s'", (int)(end - start), start);
}

/* "[x*n]" at the cursor; false when there is none. */
static bool add_repeat(struct set *set, const char **cursor)
{
    const char *after = *cursor + 1;
    if (**cursor != '[' || !*after)
        return false;
    unsigned char byte = read_byte(&after);
    char *end;
    if (*after != '*')
        return false;
    unsigned long count = strtoul(after + 1, &end, after[1] == '0' ? 8 : 10);
    if (*end != ']')
        return false;
    if (count == 0) {
        set->fills = true;
        set->fill_at = set->count;
        set_add(set, byte);
    }
    for (unsigned long i = 0; i < count; i++)
        set_add(set, byte);
    *cursor = end + 1;
    return true;
}

static void add_range(struct set *set, const char **cursor)
{
    unsigned first = read_byte(cursor), last = first;
    if ((*cursor)[0] == '-' && (*cursor)[1]) {
        ++*cursor;
        last = read_byte(cursor);
    }
    if (last < first)
        util_errx("range-endpoints of '%c-%c' are in reverse collating sequence order", first, last);
    for (unsigned c = first; c <= last; c++)
        set_add(set, c);
}

static void set_parse(struct set *set, const char *text)
{
    while (*text) {
        if (!add_class(set, &text) && !add_repeat(set, &text))
            add_range(set, &text);
    }
}

static void set_complement(struct set *set)
{
    bool in[256] = {false};
    for (size_t i = 0; i < set->count; i++)
        in[set->bytes[i]] = true;
    set->count = 0;
    for (int c = 0; c < 256; c++) {
        if (!in[c])
            set_add(set, c);
    }
}

/* Makes SET2 as long as SET1: at its [x*], or by repeating its last character. */
static void set_extend(struct set *set, size_t count)
{
    if (set->count == 0)
        util_errx("when not truncating set1, string2 must be non-empty");
    while (set->count < count) {
        size_t at = set->fills ? set->fill_at : set->count - 1;
        set_add(set, 0);
        memmove(set->bytes + at + 1, set->bytes + at, set->count - at - 1);
    }
}

static void translate(const unsigned char map[256], const bool drop[256], const bool squeeze[256])
{
    int last = EOF;
    for (int c; (c = getchar_unlocked()) != EOF;) {
        if (drop[c])
            continue;
        c = map[c];
        if (c != last || !squeeze[c])
            putchar_unlocked(c);
        last = c;
    }
}

static void mark(bool table[256], const struct set *set)
{
    for (size_t i = 0; i < set->count; i++)
        table[set->bytes[i]] = true;
}

int main(int argc, char **argv)
{
    bool complement = false, remove = false, squeeze = false;
    bool dropped[256] = {false}, squeezed[256] = {false};
    unsigned char map[256];
    struct set set1 = {0}, set2 = {0};
    util_start("tr", "[-cCds] SET1 [SET2]", 1);
    for (int option; (option = getopt(argc, argv, "+cCds")) != -1;) {
        if (option == '?')
            util_usage();
        complement |= option == 'c' || option == 'C';
        remove |= option == 'd';
        squeeze |= option == 's';
    }
    int sets = argc - optind, least = remove == squeeze ? 2 : 1, most = remove && !squeeze ? 1 : 2;
    if (sets < least || sets > most)
        util_usage();
    set_parse(&set1, argv[optind]);
    if (complement)
        set_complement(&set1);
    if (sets == 2)
        set_parse(&set2, argv[optind + 1]);
    for (int c = 0; c < 256; c++)
        map[c] = c;
    if (remove)
        mark(dropped, &set1);
    else if (sets == 2)
        set_extend(&set2, set1.count);
    for (size_t i = 0; i < set1.count && sets == 2 && !remove; i++)
        map[set1.bytes[i]] = set2.bytes[i];
    if (squeeze)
        mark(squeezed, sets == 2 ? &set2 : &set1);
    translate(map, dropped, squeezed);
    free(set1.bytes);
    free(set2.bytes);
    if (ferror(stdin))
        util_err("read error");
    return util_finish(0);
}
