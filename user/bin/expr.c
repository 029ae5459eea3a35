/*
 * expr.c - evaluates an expression: integers, comparisons, | and &, and TEXT : RE (POSIX expr).
 *
 * Also length TEXT, substr TEXT POS LENGTH, index TEXT CHARS, match TEXT RE.  Values are texts; where numbers are
 * wanted they are read as such.  Status 0, or 1 when the result is empty or 0, 2 for a bad expression, 3 otherwise.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

static char **words;

static char *or_expression(void);

/* Texts are never freed: the program is short. */
static char *number_text(long long value)
{
    char text[32];
    snprintf(text, sizeof(text), "%lld", value);
    return util_strdup(text);
}

static bool is_integer(const char *text, long long *value)
{
    return util_parse(text, 10, value);
}

static bool is_false(const char *text)
{
    long long value;
    return *text == '\0' || (is_integer(text, &value) && value == 0);
}

static long long integer(const char *text)
{
    long long value;
    if (!is_integer(text, &value))
        util_errx("non-integer argument");
    return value;
}

static bool take(const char *word)
{
    if (!*words || strcmp(*words, word) != 0)
        return false;
    words++;
    return true;
}

static char *next_word(void)
{
    if (!*words)
        util_errx("syntax error: missing argument after '%s'", words[-1]);
    return *words++;
}

/* What \(...\) matched, or how much was; the expression is anchored at the start. */
static char *match(const char *text, const char *pattern)
{
    regex_t regex;
    regmatch_t places[2];
    char why[128];
    int error = regcomp(&regex, pattern, 0);
    if (error) {
        regerror(error, &regex, why, sizeof(why));
        util_errx("%s", why);
    }
    bool found = regexec(&regex, text, 2, places, 0) == 0 && places[0].rm_so == 0;
    bool group = regex.re_nsub > 0;
    regfree(&regex);
    if (!found)
        return group ? util_strdup("") : number_text(0);
    if (!group)
        return number_text(places[0].rm_eo);
    char *part = util_strdup(places[1].rm_so < 0 ? "" : text + places[1].rm_so);
    if (places[1].rm_so >= 0)
        part[places[1].rm_eo - places[1].rm_so] = '\0';
    return part;
}

static char *substring(const char *text, long long from, long long count)
{
    long long length = strlen(text);
    if (from < 1 || from > length || count < 1)
        return util_strdup("");
    char *part = util_strdup(text + from - 1);
    if (count < length - from + 1)
        part[count] = '\0';
    return part;
}

static char *primary(void)
{
    if (take("(")) {
        char *value = or_expression();
        if (!take(")"))
            util_errx("syntax error: expecting ')'");
        return value;
    }
    if (take("+"))
        return next_word();
    if (take("length"))
        return number_text(strlen(primary()));
    if (take("match")) {
        char *text = primary();
        return match(text, primary());
    }
    if (take("index")) {
        char *text = primary(), *characters = primary();
        size_t place = strcspn(text, characters);
        return number_text(text[place] ? place + 1 : 0);
    }
    if (take("substr")) {
        char *text = primary(), *from = primary();
        return substring(text, integer(from), integer(primary()));
    }
    return next_word();
}

static char *match_expression(void)
{
    char *left = primary();
    while (take(":"))
        left = match(left, primary());
    return left;
}

static char *product_expression(void)
{
    char *left = match_expression();
    for (;;) {
        char sign = take("*") ? '*' : take("/") ? '/' : take("%") ? '%' : '\0';
        if (!sign)
            return left;
        long long a = integer(left), b = integer(match_expression()), result;
        if (sign != '*' && b == 0)
            util_errx("division by zero");
        if (sign == '*' ? __builtin_mul_overflow(a, b, &result) : b == -1 && __builtin_sub_overflow(0, a, &result))
            util_errx("integer result too large");
        if (sign != '*' && b != -1)
            result = sign == '/' ? a / b : a % b;
        left = number_text(sign == '%' && b == -1 ? 0 : result);
    }
}

static char *sum_expression(void)
{
    char *left = product_expression();
    for (;;) {
        char sign = take("+") ? '+' : take("-") ? '-' : '\0';
        if (!sign)
            return left;
        long long a = integer(left), b = integer(product_expression()), result;
        if (sign == '+' ? __builtin_add_overflow(a, b, &result) : __builtin_sub_overflow(a, b, &result))
            util_errx("integer result too large");
        left = number_text(result);
    }
}

/* As numbers when both are, else as texts. */
static int compare(const char *left, const char *right)
{
    long long a, b;
    if (is_integer(left, &a) && is_integer(right, &b))
        return (a > b) - (a < b);
    return strcmp(left, right);
}

static char *compare_expression(void)
{
    static const char *const signs[] = {"=", "==", "!=", "<", "<=", ">", ">="};
    char *left = sum_expression();
    for (;;) {
        size_t i = 0;
        while (i < UTIL_COUNT(signs) && !take(signs[i]))
            i++;
        if (i == UTIL_COUNT(signs))
            return left;
        int order = compare(left, sum_expression());
        bool results[] = {order == 0, order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
        left = number_text(results[i]);
    }
}

static char *and_expression(void)
{
    char *left = compare_expression();
    while (take("&")) {
        char *right = compare_expression();
        if (is_false(left) || is_false(right))
            left = number_text(0);
    }
    return left;
}

static char *or_expression(void)
{
    char *left = and_expression();
    while (take("|")) {
        char *right = and_expression();
        if (is_false(left))
            left = is_false(right) ? number_text(0) : right;
    }
    return left;
}

int main(int argc, char **argv)
{
    util_start("expr", "EXPRESSION", 2);
    words = argv + 1;
    if (argc > 1 && strcmp(*words, "--") == 0)
        words++;
    if (!*words)
        util_errx("missing operand");
    char *value = or_expression();
    if (*words)
        util_errx("syntax error: unexpected argument '%s'", *words);
    puts(value);
    return util_finish(is_false(value) ? 1 : 0);
}
