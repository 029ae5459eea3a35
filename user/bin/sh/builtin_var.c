/*
 * builtin_var.c - built-ins about variables and positional parameters: export readonly local set shift unset getopts.
 */
#include <stdlib.h>
#include <string.h>

#include "sh.h"

static void list_variables(const char *command, bool readonly)
{
    for (struct variable **v = var_sorted(); *v; v++) {
        if (!(readonly ? (*v)->readonly : (*v)->exported))
            continue;
        out_format("%s %s", command, (*v)->name);
        if ((*v)->value) {
            out_char('=');
            out_quoted((*v)->value);
        }
        out_char('\n');
    }
}

/* Splits name=value; the name in scratch memory, NULL when it is none. */
static char *operand_name(const char *operand, const char **value)
{
    size_t length = var_name_length(operand);
    *value = operand[length] == '=' ? operand + length + 1 : NULL;
    if (length == 0 || (operand[length] && !*value))
        return NULL;
    return scratch_copy(operand, length);
}

static int export_one(const char *command, const char *operand)
{
    const char *value;
    char *name = operand_name(operand, &value);
    if (!name)
        return error_special("%s: %s: bad variable name", command, operand);
    if (value && !var_set(name, value))
        return sh.status;
    struct variable *v = var_find(name, true);
    if (command[0] == 'r')
        v->readonly = true;
    else
        v->exported = true;
    return 0;
}

/* export and readonly. */
int builtin_export(int argc, char **argv)
{
    int first = 1, status = 0;
    if (first < argc && (strcmp(argv[first], "-p") == 0 || strcmp(argv[first], "--") == 0))
        first++;
    if (first == argc)
        list_variables(argv[0], argv[0][0] == 'r');
    for (; first < argc && !sh.skip; first++)
        status |= export_one(argv[0], argv[first]);
    return status;
}

int builtin_local(int argc, char **argv)
{
    for (int i = 1; i < argc && !sh.skip; i++) {
        const char *value;
        char *name = operand_name(argv[i], &value);
        if (!name)
            return error_special("local: %s: bad variable name", argv[i]);
        if (!function_save_local(name))
            return error_special("local: not in a function");
        if (value)
            var_set(name, value);
    }
    return sh.skip ? sh.status : 0;
}

int builtin_unset(int argc, char **argv)
{
    bool functions = false;
    int first = 1, status = 0;
    for (; first < argc && argv[first][0] == '-' && argv[first][1]; first++) {
        if (strcmp(argv[first], "--") == 0) {
            first++;
            break;
        }
        if (!strchr("vf", argv[first][1]) || argv[first][2])
            return error_special("unset: %s: bad option", argv[first]);
        functions = argv[first][1] == 'f';
    }
    for (; first < argc; first++) {
        if (functions)
            function_unset(argv[first]);
        else if (!var_is_name(argv[first], strlen(argv[first])))
            status = error_special("unset: %s: bad variable name", argv[first]);
        else if (!var_unset(argv[first]))
            status = error_special("unset: %s: is read only", argv[first]);
    }
    return status;
}

static void set_list(void)
{
    for (struct variable **v = var_sorted(); *v; v++) {
        if (!(*v)->value)
            continue;
        out_format("%s=", (*v)->name);
        out_quoted((*v)->value);
        out_char('\n');
    }
}

int builtin_set(int argc, char **argv)
{
    bool ended;
    if (argc == 1)
        set_list();
    int used = option_parse(argv + 1, "abCefhmnuvx", &ended);
    if (used < 0)
        return 2;
    if (ended || used < argc - 1) {
        struct params old = sh.params;
        params_set(&sh.params, argc - 1 - used, argv + 1 + used);
        params_free(&old);
        getopts_reset();
    }
    return 0;
}

int builtin_shift(int argc, char **argv)
{
    intmax_t count = 1;
    if (argc > 1 && (!number_parse(argv[1], &count) || count < 0))
        return error_special("shift: %s: bad number", argv[1]);
    if (count > sh.params.count)
        return error_special("shift: there are only %d parameters", sh.params.count);
    for (int i = 0; i < count; i++)
        free(sh.params.values[i]);
    sh.params.count -= (int)count;
    memmove(sh.params.values, sh.params.values + count, (size_t)sh.params.count * sizeof *sh.params.values);
    getopts_reset();
    return 0;
}

/* Where getopts is within an argument such as -abc; 0: at the start of the next. */
static size_t getopts_at;

/* OPTIND was set, or the parameters changed. */
void getopts_reset(void)
{
    getopts_at = 0;
}

static void getopts_store(const char *name, int option, const char *argument, int index, size_t at)
{
    char text[2] = {(char)option, '\0'};
    var_set("OPTIND", number_text(index + 1));
    if (argument)
        var_set("OPTARG", argument);
    else
        var_unset("OPTARG");
    if (!sh.skip)
        var_set(name, text);
    getopts_at = at;
}

/* A wrong option, or one without its argument (kind ':'): silent when optstring begins with a colon. */
static int getopts_complain(char **argv, int kind, int option, int index, size_t at)
{
    char text[2] = {(char)option, '\0'};
    bool silent = argv[1][0] == ':';
    if (!silent)
        error_say(kind == ':' ? "option -%c needs an argument" : "no such option: -%c", option);
    getopts_store(argv[2], silent ? kind : '?', silent ? text : NULL, index, at);
    return 0;
}

static int getopts_next(char **argv, int count, char **values, int index)
{
    size_t at = getopts_at;
    const char *argument = index < count ? values[index] : NULL;
    if (at == 0) {
        if (!argument || argument[0] != '-' || !argument[1] || strcmp(argument, "--") == 0) {
            getopts_store(argv[2], '?', NULL, index + (argument && strcmp(argument, "--") == 0), 0);
            return 1;
        }
        at = 1;
    }
    int option = argument[at++];
    const char *known = option != ':' ? strchr(argv[1], option) : NULL;
    bool last = !argument[at];
    if (!known)
        return getopts_complain(argv, '?', option, index + last, last ? 0 : at);
    if (known[1] != ':') {
        getopts_store(argv[2], option, NULL, index + last, last ? 0 : at);
        return 0;
    }
    if (last && index + 1 >= count)
        return getopts_complain(argv, ':', option, index + 1, 0);
    getopts_store(argv[2], option, last ? values[index + 1] : argument + at, index + 1 + last, 0);
    return 0;
}

int builtin_getopts(int argc, char **argv)
{
    if (argc < 3) {
        error_say("usage: getopts optstring name [argument...]");
        return 2;
    }
    intmax_t index = 1;
    const char *optind = var_get("OPTIND");
    if (!optind || !number_parse(optind, &index) || index < 1)
        index = 1;
    int count = argc > 3 ? argc - 3 : sh.params.count;
    char **values = argc > 3 ? argv + 3 : sh.params.values;
    if (index > count || getopts_at >= strlen(values[index - 1]))
        getopts_at = 0;
    return getopts_next(argv, count, values, (int)index - 1);
}
