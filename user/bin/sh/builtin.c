/*
 * builtin.c - the table of built-in commands, and those that steer the shell itself.
 *
 * A built-in gets its arguments as main() does and answers its exit status.  It writes by output.c.  The special ones
 * (POSIX 2.14) come before functions; their errors end a shell that nobody types to.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

/* In the order of their names. */
static const struct builtin table[] = {
    {".", builtin_dot, true},
    {":", builtin_true, true},
    {"[", builtin_test, false},
    {"alias", builtin_alias, false},
    {"bg", builtin_bg, false},
    {"break", builtin_break, true},
    {"cd", builtin_cd, false},
    {"command", builtin_command, false},
    {"continue", builtin_break, true},
    {"echo", builtin_echo, false},
    {"eval", builtin_eval, true},
    {"exec", builtin_exec, true},
    {"exit", builtin_exit, true},
    {"export", builtin_export, true},
    {"false", builtin_false, false},
    {"fg", builtin_fg, false},
    {"getopts", builtin_getopts, false},
    {"hash", builtin_hash, false},
    {"history", builtin_history, false},
    {"jobs", builtin_jobs, false},
    {"kill", builtin_kill, false},
    {"local", builtin_local, false},
    {"printf", builtin_printf, false},
    {"pwd", builtin_pwd, false},
    {"read", builtin_read, false},
    {"readonly", builtin_export, true},
    {"return", builtin_return, true},
    {"set", builtin_set, true},
    {"shift", builtin_shift, true},
    {"test", builtin_test, false},
    {"times", builtin_times, true},
    {"trap", builtin_trap, true},
    {"true", builtin_true, false},
    {"type", builtin_type, false},
    {"ulimit", builtin_ulimit, false},
    {"umask", builtin_umask, false},
    {"unalias", builtin_unalias, false},
    {"unset", builtin_unset, true},
    {"wait", builtin_wait, false},
};

static int builtin_compare(const void *name, const void *entry)
{
    return strcmp(name, ((const struct builtin *)entry)->name);
}

/* The built-in of that name, or NULL. */
const struct builtin *builtin_find(const char *name)
{
    return bsearch(name, table, sizeof table / sizeof *table, sizeof *table, builtin_compare);
}

int builtin_true(int argc, char **argv)
{
    (void)argc, (void)argv;
    return 0;
}

int builtin_false(int argc, char **argv)
{
    (void)argc, (void)argv;
    return 1;
}

/* `exec` without a utility; command.c does the rest, for it has the redirections. */
int builtin_exec(int argc, char **argv)
{
    (void)argc, (void)argv;
    return 0;
}

int builtin_eval(int argc, char **argv)
{
    struct buffer text = {0};
    buffer_string(&text, "");
    for (int i = 1; i < argc; i++) {
        buffer_string(&text, argv[i]);
        buffer_add(&text, i + 1 < argc ? ' ' : '\n');
    }
    int status = run_string(text.data, sh.line, 0);
    buffer_free(&text);
    return status;
}

static int dot_run(int fd)
{
    struct source source;
    int line = sh.line;
    source_file(&source, fd);
    sh.callers++;
    int status = run_source(&source, 0);
    sh.callers--;
    source_close(&source);
    if (sh.skip == SKIP_RETURN)
        sh.skip = SKIP_NONE;
    sh.line = line;
    return status;
}

int builtin_dot(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--") == 0)
        argc--, argv++;
    if (argc < 2)
        return error_special(".: a file name is missing");
    const char *path = argv[1], *search = var_get("PATH");
    struct mark mark = scratch_mark();
    int fd = -1;
    if (strchr(path, '/'))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd < 0 && !strchr(path, '/') && (path = path_next(&search, argv[1]))) {
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (!search)
            break;
    }
    scratch_release(mark);
    fd = fd < 0 ? fd : fd_move_up(fd);
    if (fd < 0)
        return error_special(".: %s: %s", argv[1], strerror(errno));
    return dot_run(fd);
}

/* The number that is an operand, or otherwise without one; -1 after an error. */
static int operand_number(int argc, char **argv, int otherwise)
{
    intmax_t number;
    if (argc < 2)
        return otherwise;
    if (!number_parse(argv[1], &number) || number < 0 || number > INT32_MAX) {
        error_special("%s: %s: bad number", argv[0], argv[1]);
        return -1;
    }
    return (int)number;
}

int builtin_exit(int argc, char **argv)
{
    static bool warned;
    int status = operand_number(argc, argv, sh.trap_status >= 0 ? sh.trap_status : sh.status);
    if (status < 0)
        return 2;
    if (sh.interactive && job_any_stopped() && !warned) {
        warned = true;
        error_say("there are stopped jobs");
        return 1;
    }
    sh.skip = SKIP_EXIT;
    return sh.status = status & 255;
}

int builtin_return(int argc, char **argv)
{
    int status = operand_number(argc, argv, sh.trap_status >= 0 ? sh.trap_status : sh.status);
    if (status < 0)
        return 2;
    /* Outside of functions and dot scripts it ends the shell, as in most others. */
    sh.skip = sh.callers > 0 ? SKIP_RETURN : SKIP_EXIT;
    return sh.status = status & 255;
}

/* break and continue. */
int builtin_break(int argc, char **argv)
{
    int loops = operand_number(argc, argv, 1);
    if (loops <= 0)
        return loops < 0 ? 2 : error_special("%s: 0: bad number", argv[0]);
    if (sh.loops == 0)
        return 0;
    sh.skip_loops = loops < sh.loops ? loops : sh.loops;
    sh.skip = argv[0][0] == 'b' ? SKIP_BREAK : SKIP_CONTINUE;
    return 0;
}
