/*
 * arith.c - $((...)): the integer expressions of C, on intmax_t.
 *
 * Precedence climbing: arith_binary reads operators that bind at least as tightly as it was told.  What must not be
 * evaluated (behind a decided && || or ?:) is read with `skip` above zero.  Overflow wraps.
 */
#include <string.h>

#include "sh.h"

struct arith {
    const char *at;
    int skip, depth;
    const char *error;
};

struct arith_op {
    char text[4];
    int precedence;
};

/* Longer ones before their prefixes. */
static const struct arith_op operators[] = {
    {"||", 1}, {"&&", 2}, {"<<", 8}, {">>", 8}, {"<=", 7}, {">=", 7}, {"==", 6}, {"!=", 6}, {"|", 3}, {"^", 4},
    {"&", 5},  {"<", 7},  {">", 7},  {"+", 9},  {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10}, {"", 0},
};

static intmax_t arith_assignment(struct arith *a);

static void arith_blanks(struct arith *a)
{
    a->at += strspn(a->at, " \t\n");
}

static bool arith_accept(struct arith *a, char c)
{
    arith_blanks(a);
    if (*a->at != c)
        return false;
    a->at++;
    return true;
}

static intmax_t arith_fail(struct arith *a, const char *message)
{
    if (!a->error)
        a->error = message;
    a->at = "";
    return 0;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* Reads a constant: decimal, 0octal, 0xhexadecimal.  Answers where it ends, text itself when there is none. */
static const char *number_read(const char *text, intmax_t *number)
{
    uintmax_t value = 0;
    int base = 10;
    if (text[0] == '0' && (text[1] | 0x20) == 'x' && digit_value(text[2]) < 16) {
        base = 16;
        text += 2;
    } else if (text[0] == '0') {
        base = 8;
    }
    for (; digit_value(*text) < base; text++)
        value = value * (uintmax_t)base + (uintmax_t)digit_value(*text);
    *number = (intmax_t)value;
    return text;
}

/* The whole text is a number, perhaps with a sign and blanks around it. */
bool number_parse(const char *text, intmax_t *number)
{
    text += strspn(text, " \t\n");
    bool minus = *text == '-';
    text += minus || *text == '+';
    const char *end = number_read(text, number);
    if (minus)
        *number = (intmax_t)(0 - (uintmax_t)*number);
    return end != text && end[strspn(end, " \t\n")] == '\0';
}

static intmax_t arith_variable(struct arith *a, const char *name)
{
    intmax_t number = 0;
    const char *value = a->skip ? NULL : var_get(name);
    if (!value && !a->skip && sh.option['u'])
        return arith_fail(a, "parameter not set");
    if (value && *value && !number_parse(value, &number))
        return arith_fail(a, "a variable is not a number");
    return number;
}

static intmax_t arith_primary(struct arith *a)
{
    intmax_t number = 0;
    if (++a->depth > 200)
        return arith_fail(a, "nested too deeply");
    arith_blanks(a);
    size_t length = var_name_length(a->at);
    const char *end = number_read(a->at, &number);
    if (length > 0) {
        number = arith_variable(a, scratch_copy(a->at, length));
        a->at += a->error ? 0 : length;
    } else if (end != a->at) {
        a->at = end;
    } else if (arith_accept(a, '(')) {
        number = arith_assignment(a);
        if (!arith_accept(a, ')'))
            arith_fail(a, "missing )");
    } else if (arith_accept(a, '-')) {
        number = (intmax_t)(0 - (uintmax_t)arith_primary(a));
    } else if (arith_accept(a, '+')) {
        number = arith_primary(a);
    } else if (arith_accept(a, '!')) {
        number = !arith_primary(a);
    } else if (arith_accept(a, '~')) {
        number = ~arith_primary(a);
    } else {
        arith_fail(a, "a number or name is missing");
    }
    a->depth--;
    return number;
}

static intmax_t arith_divide(struct arith *a, char op, intmax_t left, intmax_t right)
{
    if (right == 0)
        return a->skip ? 0 : arith_fail(a, "division by zero");
    if (right == -1)
        return op == '/' ? (intmax_t)(0 - (uintmax_t)left) : 0;
    return op == '/' ? left / right : left % right;
}

static intmax_t arith_apply(struct arith *a, const char *op, intmax_t left, intmax_t right)
{
    uintmax_t x = (uintmax_t)left, y = (uintmax_t)right;
    bool doubled = op[1] == op[0], equal = op[1] == '=';
    switch (op[0]) {
    case '|':
        return doubled ? left || right : (intmax_t)(x | y);
    case '&':
        return doubled ? left && right : (intmax_t)(x & y);
    case '^':
        return (intmax_t)(x ^ y);
    case '=':
        return left == right;
    case '!':
        return left != right;
    case '<':
        return doubled ? (intmax_t)(x << (y & 63)) : equal ? left <= right : left < right;
    case '>':
        return doubled ? left >> (y & 63) : equal ? left >= right : left > right;
    case '+':
        return (intmax_t)(x + y);
    case '-':
        return (intmax_t)(x - y);
    case '*':
        return (intmax_t)(x * y);
    }
    return arith_divide(a, op[0], left, right);
}

static const struct arith_op *arith_operator(struct arith *a)
{
    const struct arith_op *o = operators;
    arith_blanks(a);
    while (o->text[0] && strncmp(o->text, a->at, strlen(o->text)) != 0)
        o++;
    return o;
}

static intmax_t arith_binary(struct arith *a, int least)
{
    intmax_t left = arith_primary(a);
    for (;;) {
        const struct arith_op *o = arith_operator(a);
        if (o->precedence < least || o->precedence == 0)
            return left;
        a->at += strlen(o->text);
        bool decided = (o->precedence == 1 && left) || (o->precedence == 2 && !left);
        a->skip += decided;
        intmax_t right = arith_binary(a, o->precedence + 1);
        a->skip -= decided;
        left = arith_apply(a, o->text, left, right);
    }
}

static intmax_t arith_ternary(struct arith *a)
{
    intmax_t test = arith_binary(a, 1);
    if (!arith_accept(a, '?'))
        return test;
    a->skip += !test;
    intmax_t yes = arith_assignment(a);
    a->skip -= !test;
    if (!arith_accept(a, ':'))
        return arith_fail(a, "missing :");
    a->skip += test != 0;
    intmax_t no = arith_ternary(a);
    a->skip -= test != 0;
    return test ? yes : no;
}

/* The length of an assignment operator at text (= or *= and kin), else 0. */
static size_t assignment_length(const char *text)
{
    size_t length = strncmp(text, "<<", 2) == 0 || strncmp(text, ">>", 2) == 0 ? 2 : *text && strchr("*/%+-&^|", *text);
    return text[length] == '=' && text[length + 1] != '=' ? length + 1 : 0;
}

static intmax_t arith_assignment(struct arith *a)
{
    arith_blanks(a);
    const char *start = a->at;
    size_t length = var_name_length(start);
    a->at += length;
    arith_blanks(a);
    const char *op = a->at;
    size_t size = length > 0 ? assignment_length(op) : 0;
    if (size == 0) {
        a->at = start;
        return arith_ternary(a);
    }
    a->at += size;
    char *name = scratch_copy(start, length);
    intmax_t value = arith_assignment(a);
    if (size > 1) {
        char text[3] = {op[0], size > 2 ? op[0] : '\0', '\0'};
        value = arith_apply(a, text, arith_variable(a, name), value);
    }
    if (!a->skip && !a->error)
        var_set(name, number_text(value));
    return value;
}

/* Evaluates an expression; false after an error, which ends the command. */
bool arith_eval(const char *text, intmax_t *result)
{
    struct arith a = {.at = text};
    *result = arith_assignment(&a);
    arith_blanks(&a);
    if (!a.error && *a.at)
        a.error = "an operator is missing";
    if (a.error)
        error_set(2, "arithmetic: %s: %s", a.error, text);
    return !a.error && !sh.skip;
}
