/*
 * builtin_name.c - built-ins about what a command's name stands for: command type hash.
 */
#include <string.h>

#include "sh.h"

static const char *const standard_path = "/bin:/sbin:/usr/bin";

static int name_describe(const char *name, const char *path, bool verbose)
{
    const struct builtin *builtin = builtin_find(name);
    const char *alias = alias_get(name), *file;
    if (alias) {
        out_format(verbose ? "%s is an alias for " : "alias %s=", name);
        out_quoted(alias);
        out_char('\n');
    } else if (word_is_reserved(name)) {
        out_format(verbose ? "%s is a shell keyword\n" : "%s\n", name);
    } else if (function_find(name) && !(builtin && builtin->special)) {
        out_format(verbose ? "%s is a shell function\n" : "%s\n", name);
    } else if (builtin) {
        out_format(verbose ? "%s is a %sshell builtin\n" : "%s\n", name, builtin->special ? "special " : "");
    } else if ((file = command_find(name, path))) {
        out_format(verbose ? "%s is %s\n" : "%s%s\n", verbose ? name : "", file);
    } else {
        if (verbose)
            error_say("%s: not found", name);
        return 127;
    }
    return 0;
}

int builtin_type(int argc, char **argv)
{
    int status = 0;
    for (int i = 1; i < argc; i++)
        status |= name_describe(argv[i], var_get("PATH"), true);
    return status;
}

/* The letter of the last of -p, -v, -V, or 0; *first is where the operands are.  -1: a bad option. */
static int command_options(char **argv, int *first, const char **path)
{
    int describe = 0;
    for (; argv[*first] && argv[*first][0] == '-' && argv[*first][1]; ++*first) {
        if (strcmp(argv[*first], "--") == 0) {
            ++*first;
            break;
        }
        for (const char *letter = argv[*first] + 1; *letter; letter++) {
            if (!strchr("pvV", *letter)) {
                error_say("command: -%c: bad option", *letter);
                return -1;
            }
            if (*letter == 'p')
                *path = standard_path;
            else
                describe = *letter;
        }
    }
    return describe;
}

int builtin_command(int argc, char **argv)
{
    const char *path = NULL;
    int first = 1, describe = command_options(argv, &first, &path), status = 0;
    if (describe < 0)
        return 2;
    if (first >= argc)
        return 0;
    if (!describe)
        return command_call(argc - first, argv + first, path);
    for (; first < argc; first++)
        status |= name_describe(argv[first], path ? path : var_get("PATH"), describe == 'V');
    return status;
}

/* The shell remembers no paths, for a search costs little in a RAM file system: it only tells what is missing. */
int builtin_hash(int argc, char **argv)
{
    int status = 0;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' || builtin_find(argv[i]) || function_find(argv[i]))
            continue;
        if (!command_find(argv[i], var_get("PATH"))) {
            error_say("hash: %s: not found", argv[i]);
            status = 1;
        }
    }
    return status;
}
