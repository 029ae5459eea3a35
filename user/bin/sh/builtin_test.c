/*
 * builtin_test.c - test and [.
 *
 * POSIX test decides by the number of arguments, so that `test "$x" = y` is right whatever x holds; what has more than
 * four is read as an expression with ! ( ) -a -o.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

struct test {
    char **at, **end;
    bool failed;
};

static bool test_or(struct test *t);

static bool test_fail(struct test *t, const char *what, const char *message)
{
    if (!t->failed)
        error_say("test: %s: %s", what, message);
    t->failed = true;
    return false;
}

static bool is_unary(const char *text)
{
    return text[0] == '-' && text[1] && !text[2] && strchr("bcdefghLnprSstuwxzk", text[1]);
}

static bool is_binary(const char *text)
{
    static const char *const names[] = {"=",   "==",  "!=",  "<",   ">",   "-eq", "-ne", "-gt",
                                        "-ge", "-lt", "-le", "-nt", "-ot", "-ef", NULL};
    const char *const *name = names;
    while (*name && strcmp(*name, text) != 0)
        name++;
    return *name;
}

static bool test_terminal(struct test *t, const char *operand)
{
    intmax_t fd;
    if (!number_parse(operand, &fd))
        return test_fail(t, operand, "bad number");
    return isatty((int)fd);
}

static bool test_mode(char letter, const struct stat *status)
{
    switch (letter) {
    case 'b':
        return S_ISBLK(status->st_mode);
    case 'c':
        return S_ISCHR(status->st_mode);
    case 'd':
        return S_ISDIR(status->st_mode);
    case 'f':
        return S_ISREG(status->st_mode);
    case 'p':
        return S_ISFIFO(status->st_mode);
    case 'S':
        return S_ISSOCK(status->st_mode);
    case 'g':
        return status->st_mode & S_ISGID;
    case 'u':
        return status->st_mode & S_ISUID;
    case 'k':
        return status->st_mode & S_ISVTX;
    case 's':
        return status->st_size > 0;
    }
    return true;
}

static bool test_unary(struct test *t, char letter, const char *operand)
{
    struct stat status;
    switch (letter) {
    case 'n':
        return *operand;
    case 'z':
        return !*operand;
    case 't':
        return test_terminal(t, operand);
    case 'r':
        return access(operand, R_OK) == 0;
    case 'w':
        return access(operand, W_OK) == 0;
    case 'x':
        return access(operand, X_OK) == 0;
    case 'h':
    case 'L':
        return lstat(operand, &status) == 0 && S_ISLNK(status.st_mode);
    }
    return stat(operand, &status) == 0 && test_mode(letter, &status);
}

static bool test_files(const char *left, const char *op, const char *right)
{
    struct stat a, b;
    bool has_left = stat(left, &a) == 0, has_right = stat(right, &b) == 0;
    if (op[1] == 'e')
        return has_left && has_right && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    if (!has_left || !has_right)
        return op[1] == 'n' ? has_left && !has_right : !has_left && has_right;
    long long seconds = (long long)a.st_mtim.tv_sec - (long long)b.st_mtim.tv_sec;
    long long difference = seconds ? seconds : (long long)a.st_mtim.tv_nsec - b.st_mtim.tv_nsec;
    return op[1] == 'n' ? difference > 0 : difference < 0;
}

static bool test_numbers(struct test *t, const char *left, const char *op, const char *right)
{
    intmax_t a, b;
    if (!number_parse(left, &a))
        return test_fail(t, left, "bad number");
    if (!number_parse(right, &b))
        return test_fail(t, right, "bad number");
    switch (op[1]) {
    case 'e':
        return a == b;
    case 'n':
        return a != b;
    case 'g':
        return op[2] == 't' ? a > b : a >= b;
    }
    return op[2] == 't' ? a < b : a <= b;
}

static bool test_binary(struct test *t, const char *left, const char *op, const char *right)
{
    if (op[0] != '-') {
        int order = strcmp(left, right);
        return op[0] == '=' ? order == 0 : op[0] == '!' ? order != 0 : op[0] == '<' ? order < 0 : order > 0;
    }
    if (strcmp(op, "-nt") == 0 || strcmp(op, "-ot") == 0 || strcmp(op, "-ef") == 0)
        return test_files(left, op, right);
    return test_numbers(t, left, op, right);
}

static bool test_primary(struct test *t)
{
    size_t left = (size_t)(t->end - t->at);
    if (left == 0)
        return test_fail(t, "end", "an argument is missing");
    if (left >= 3 && is_binary(t->at[1])) {
        t->at += 3;
        return test_binary(t, t->at[-3], t->at[-2], t->at[-1]);
    }
    if (strcmp(t->at[0], "(") == 0 && left > 1) {
        t->at++;
        bool result = test_or(t);
        if (t->at == t->end || strcmp(*t->at++, ")") != 0)
            return test_fail(t, ")", "is missing");
        return result;
    }
    if (left >= 2 && is_unary(t->at[0])) {
        t->at += 2;
        return test_unary(t, t->at[-2][1], t->at[-1]);
    }
    return *t->at++[0];
}

static bool test_not(struct test *t)
{
    bool negated = false;
    while (t->end - t->at > 1 && strcmp(t->at[0], "!") == 0 && !(t->end - t->at > 2 && is_binary(t->at[1]))) {
        negated = !negated;
        t->at++;
    }
    return test_primary(t) != negated;
}

static bool test_and(struct test *t)
{
    bool result = test_not(t);
    while (t->at < t->end && strcmp(*t->at, "-a") == 0) {
        t->at++;
        result &= test_not(t);
    }
    return result;
}

static bool test_or(struct test *t)
{
    bool result = test_and(t);
    while (t->at < t->end && strcmp(*t->at, "-o") == 0) {
        t->at++;
        result |= test_and(t);
    }
    return result;
}

/* Up to four arguments, as POSIX lists the cases. */
static bool test_few(struct test *t, char **argv, int count)
{
    bool negated = count > 1 && strcmp(argv[0], "!") == 0;
    t->at = t->end;
    if (count == 0)
        return false;
    if (count == 1)
        return *argv[0];
    if (count == 3 && is_binary(argv[1]))
        return test_binary(t, argv[0], argv[1], argv[2]);
    if (count == 3 && (strcmp(argv[1], "-a") == 0 || strcmp(argv[1], "-o") == 0))
        return argv[1][1] == 'a' ? *argv[0] && *argv[2] : *argv[0] || *argv[2];
    if (negated)
        return !test_few(t, argv + 1, count - 1) && !t->failed;
    if (count > 2 && strcmp(argv[0], "(") == 0 && strcmp(argv[count - 1], ")") == 0)
        return test_few(t, argv + 1, count - 2);
    if (count == 2 && is_unary(argv[0]))
        return test_unary(t, argv[0][1], argv[1]);
    if (count < 4)
        return test_fail(t, argv[count == 3], "no such operator");
    t->at = argv;
    return test_or(t);
}

int builtin_test(int argc, char **argv)
{
    if (strcmp(argv[0], "[") == 0 && strcmp(argv[--argc], "]") != 0) {
        error_say("[: a ] is missing");
        return 2;
    }
    struct test t = {.at = argv + 1, .end = argv + argc};
    bool result = argc <= 5 ? test_few(&t, argv + 1, argc - 1) : test_or(&t);
    if (t.at < t.end)
        test_fail(&t, *t.at, "unexpected");
    return t.failed ? 2 : !result;
}
