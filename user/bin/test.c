/*
 * test.c - evaluates a condition: 0 true, 1 false, 2 not understood; called [ it wants a ] at the end.
 *
 * With up to four arguments their number decides what they mean (POSIX test); with more, or where that leaves it open,
 * they are read as an expression with ( ) ! -a -o.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/util.h"

static char **words, **words_end;

static bool or_expression(void);

static long long integer(const char *text)
{
    long long value;
    text += strspn(text, " \t\n");
    if (!util_parse(text, 10, &value))
        util_errx("%s: integer expression expected", text);
    return value;
}

static bool is_unary(const char *word)
{
    return word[0] == '-' && word[1] && !word[2] && strchr("bcdefghkLnprSstuwxzO", word[1]);
}

static bool file_test(char test, const char *path)
{
    struct stat status;
    if ((test == 'h' || test == 'L' ? lstat : stat)(path, &status) < 0)
        return false;
    switch (test) {
    case 'b':
        return S_ISBLK(status.st_mode);
    case 'c':
        return S_ISCHR(status.st_mode);
    case 'd':
        return S_ISDIR(status.st_mode);
    case 'f':
        return S_ISREG(status.st_mode);
    case 'h':
    case 'L':
        return S_ISLNK(status.st_mode);
    case 'p':
        return S_ISFIFO(status.st_mode);
    case 'S':
        return S_ISSOCK(status.st_mode);
    case 'g':
        return status.st_mode & S_ISGID;
    case 'k':
        return status.st_mode & S_ISVTX;
    case 'u':
        return status.st_mode & S_ISUID;
    case 's':
        return status.st_size > 0;
    case 'O':
        return status.st_uid == geteuid();
    default:
        return true; /* -e */
    }
}

static bool unary(char test, const char *word)
{
    switch (test) {
    case 'n':
        return *word != '\0';
    case 'z':
        return *word == '\0';
    case 't':
        return isatty(integer(word));
    case 'r':
        return access(word, R_OK) == 0;
    case 'w':
        return access(word, W_OK) == 0;
    case 'x':
        return access(word, X_OK) == 0;
    default:
        return file_test(test, word);
    }
}

static bool text_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}
static bool text_differs(const char *a, const char *b)
{
    return strcmp(a, b) != 0;
}
static bool text_before(const char *a, const char *b)
{
    return strcmp(a, b) < 0;
}
static bool text_after(const char *a, const char *b)
{
    return strcmp(a, b) > 0;
}
static bool number_eq(const char *a, const char *b)
{
    return integer(a) == integer(b);
}
static bool number_ne(const char *a, const char *b)
{
    return integer(a) != integer(b);
}
static bool number_lt(const char *a, const char *b)
{
    return integer(a) < integer(b);
}
static bool number_le(const char *a, const char *b)
{
    return integer(a) <= integer(b);
}
static bool number_gt(const char *a, const char *b)
{
    return integer(a) > integer(b);
}
static bool number_ge(const char *a, const char *b)
{
    return integer(a) >= integer(b);
}

static bool file_newer(const char *a, const char *b)
{
    struct stat x, y;
    if (stat(a, &x) < 0)
        return false;
    if (stat(b, &y) < 0)
        return true;
    if (x.st_mtim.tv_sec != y.st_mtim.tv_sec)
        return x.st_mtim.tv_sec > y.st_mtim.tv_sec;
    return x.st_mtim.tv_nsec > y.st_mtim.tv_nsec;
}

static bool file_older(const char *a, const char *b)
{
    return file_newer(b, a);
}

static bool file_same(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static const struct binary {
    const char *name;
    bool (*holds)(const char *a, const char *b);
} binaries[] = {
    {"=", text_equal},  {"==", text_equal},  {"!=", text_differs}, {"<", text_before}, {">", text_after},
    {"-eq", number_eq}, {"-ne", number_ne},  {"-lt", number_lt},   {"-le", number_le}, {"-gt", number_gt},
    {"-ge", number_ge}, {"-nt", file_newer}, {"-ot", file_older},  {"-ef", file_same},
};

static const struct binary *find_binary(const char *word)
{
    for (size_t i = 0; i < UTIL_COUNT(binaries); i++) {
        if (strcmp(binaries[i].name, word) == 0)
            return &binaries[i];
    }
    return NULL;
}

static bool at(const char *word)
{
    return words < words_end && strcmp(*words, word) == 0;
}

static bool primary(void)
{
    long left = words_end - words;
    if (left == 0)
        util_errx("argument expected");
    const struct binary *binary = left >= 3 ? find_binary(words[1]) : NULL;
    if (binary) {
        words += 3;
        return binary->holds(words[-3], words[-1]);
    }
    if (at("(") && left >= 3) {
        words++;
        bool value = or_expression();
        if (!at(")"))
            util_errx("')' expected");
        words++;
        return value;
    }
    if (left >= 2 && is_unary(*words)) {
        words += 2;
        return unary(words[-2][1], words[-1]);
    }
    words++;
    return *words[-1] != '\0';
}

static bool not_expression(void)
{
    if (at("!") && words_end - words > 1) {
        words++;
        return !not_expression();
    }
    return primary();
}

static bool and_expression(void)
{
    bool value = not_expression();
    while (at("-a")) {
        words++;
        value = not_expression() && value;
    }
    return value;
}

static bool or_expression(void)
{
    bool value = and_expression();
    while (at("-o")) {
        words++;
        value = and_expression() || value;
    }
    return value;
}

/* POSIX test: what 1 to 4 arguments mean, whatever they look like; false in `*decided` when that is left open. */
static bool by_count(int count, char **argument, bool *decided)
{
    *decided = true;
    if (count == 0)
        return false;
    if (count == 1)
        return **argument != '\0';
    if (count == 2 && is_unary(argument[0]))
        return unary(argument[0][1], argument[1]);
    if (count == 3 && find_binary(argument[1]))
        return find_binary(argument[1])->holds(argument[0], argument[2]);
    if (count <= 4 && strcmp(argument[0], "!") == 0)
        return !by_count(count - 1, argument + 1, decided);
    if (count <= 4 && count >= 3 && strcmp(argument[0], "(") == 0 && strcmp(argument[count - 1], ")") == 0)
        return by_count(count - 2, argument + 1, decided);
    *decided = false;
    return false;
}

int main(int argc, char **argv)
{
    bool bracket = strcmp(util_basename(argv[0]), "[") == 0, decided;
    util_start(bracket ? "[" : "test", "EXPRESSION", 2);
    if (bracket && strcmp(argv[argc - 1], "]") != 0)
        util_errx("missing ']'");
    words = argv + 1;
    words_end = argv + argc - bracket;
    bool value = by_count(words_end - words, words, &decided);
    if (!decided)
        value = or_expression();
    if (!decided && words < words_end)
        util_errx("extra argument '%s'", *words);
    return value ? 0 : 1;
}
