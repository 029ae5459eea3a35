/*
 * param.c - $name and ${name...}: variables, positional and special parameters, and what may follow the name.
 */
#include <stdlib.h>
#include <string.h>

#include "sh.h"

static char *param_number(intmax_t number)
{
    char *text = number_text(number);
    return scratch_copy(text, strlen(text));
}

static const char *param_positional(const char *name)
{
    int number = atoi(name);
    if (number == 0)
        return sh.name;
    return number <= sh.params.count ? sh.params.values[number - 1] : NULL;
}

/* The value of any parameter but $@ and $*; NULL when it is unset.  It may lie in scratch memory. */
const char *param_get(const char *name)
{
    switch (name[0]) {
    case '?':
        return param_number(sh.status);
    case '#':
        return param_number(sh.params.count);
    case '$':
        return param_number(sh.pid);
    case '!':
        return sh.last_bg ? param_number(sh.last_bg) : NULL;
    case '-':
        return option_letters();
    }
    if (name[0] >= '0' && name[0] <= '9')
        return param_positional(name);
    return var_get(name);
}

static bool is_all(const char *name)
{
    return name[0] == '@' || name[0] == '*';
}

/* What stands between the positional parameters when they become one string. */
static const char *all_separator(const char *name, char separator[2])
{
    const char *ifs = var_get("IFS");
    separator[0] = name[0] == '@' || !ifs ? ' ' : ifs[0];
    separator[1] = '\0';
    return separator;
}

static char *all_joined(const char *name)
{
    struct buffer b = {0};
    char separator[2];
    all_separator(name, separator);
    buffer_string(&b, "");
    for (int i = 0; i < sh.params.count; i++) {
        if (i > 0)
            buffer_string(&b, separator);
        buffer_string(&b, sh.params.values[i]);
    }
    char *text = scratch_copy(b.data, b.length);
    buffer_free(&b);
    return text;
}

/* $@ and $*: a field for each parameter, except in "$*" and where there are no fields. */
static void expand_all(struct expansion *x, struct part *part)
{
    int mask = part->quoted ? MASK_QUOTED : MASK_EXPANDED;
    if (!x->split || (part->quoted && part->text[0] == '*')) {
        expansion_add(x, all_joined(part->text), mask);
        return;
    }
    for (int i = 0; i < sh.params.count; i++) {
        if (i > 0)
            expansion_add(x, " ", MASK_BREAK);
        expansion_add(x, sh.params.values[i], mask);
    }
}

/* ${x%p} and kin: the value without its shortest or longest start or end that matches the pattern. */
static char *param_trim(const char *value, struct part *part)
{
    char *pattern = expand_pattern(part->word);
    size_t length = strlen(value);
    char *text = scratch_copy(value, length);
    bool from_end = part->op == '%';
    for (size_t i = 0; i <= length; i++) {
        size_t taken = part->twice ? length - i : i;
        size_t cut = from_end ? length - taken : taken;
        char kept = text[cut];
        if (!from_end)
            text[cut] = '\0';
        bool matches = pattern_match(pattern, from_end ? text + cut : text);
        text[cut] = kept;
        if (matches && from_end)
            text[cut] = '\0';
        if (matches)
            return from_end ? text : text + cut;
    }
    return text;
}

static const char *param_assign(struct part *part)
{
    char *value = expand_string(part->word);
    if (sh.skip)
        return value;
    if (!var_is_name(part->text, strlen(part->text)))
        error_set(2, "%s: cannot be assigned to", part->text);
    else
        var_set(part->text, value);
    return value;
}

static void param_complain(struct part *part)
{
    char *message = part->op == '?' ? expand_string(part->word) : "";
    error_set(2, "%s: %s", part->text, *message ? message : "parameter not set");
}

static void expand_value(struct expansion *x, struct part *part, const char *value)
{
    if (!value)
        return;
    if (is_all(part->text))
        expand_all(x, part);
    else
        expansion_add(x, value, part->quoted ? MASK_QUOTED : MASK_EXPANDED);
}

static void expand_operator(struct expansion *x, struct part *part, const char *value)
{
    int mask = part->quoted ? MASK_QUOTED : MASK_EXPANDED;
    bool has = value && (*value || !part->twice);
    switch (part->op) {
    case 'L':
        expansion_add(x, param_number(is_all(part->text) ? sh.params.count : (intmax_t)strlen(value ? value : "")),
                      mask);
        break;
    case '%':
    case '#':
        expansion_add(x, param_trim(value ? value : "", part), mask);
        break;
    case '+':
        if (has)
            expand_word(x, part->word, !part->quoted);
        break;
    case '-':
        if (has)
            expand_value(x, part, value);
        else
            expand_word(x, part->word, !part->quoted);
        break;
    case '=':
        if (has)
            expand_value(x, part, value);
        else
            expansion_add(x, param_assign(part), mask);
        break;
    case '?':
        if (has)
            expand_value(x, part, value);
        else
            param_complain(part);
        break;
    default:
        expand_value(x, part, value);
    }
}

/* Appends what $name or ${name...} stands for. */
void expand_param(struct expansion *x, struct part *part)
{
    size_t before = x->text.length;
    bool all = is_all(part->text);
    const char *value = !all ? param_get(part->text) : sh.params.count > 0 ? all_joined(part->text) : NULL;
    bool must_be_set = part->op == 0 || part->op == 'L' || part->op == '%' || part->op == '#';
    if (!value && !all && sh.option['u'] && must_be_set) {
        param_complain(part);
        return;
    }
    expand_operator(x, part, value);
    if (part->quoted && x->text.length == before && part->text[0] != '@')
        expansion_add(x, "", MASK_QUOTED);
}
