/*
 * command.c - simple commands: what a name stands for, and how that is called.
 *
 * POSIX 2.9.1.1: a special built-in, else a function, else another built-in, else a utility on the PATH.  All but
 * the last run in the shell itself, where redirections (and, special built-ins apart, assignments) are undone
 * afterwards.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

struct command {
    char **argv;
    int argc;
    const char *text; /* for the job */
    struct redirect *redirects;
    struct assignment *assignments;
    const struct builtin *builtin;
    struct function *function;
};

static void trace_word(struct buffer *trace, const char *text)
{
    bool plain = *text && !strpbrk(text, " \t\n'\"\\$`&;|<>()*?[#~{}!");
    if (trace->length > 0 && trace->data[trace->length - 1] != ' ')
        buffer_add(trace, ' ');
    if (!plain)
        buffer_add(trace, '\'');
    for (; *text; text++)
        buffer_string(trace, *text == '\'' ? "'\\''" : (char[]){*text, '\0'});
    if (!plain)
        buffer_add(trace, '\'');
}

/* set -x: the command after expansion, behind PS4. */
static void trace_print(struct command *c, struct buffer *assignments)
{
    struct buffer trace = {0};
    buffer_string(&trace, expand_prompt("PS4", ""));
    if (assignments->length > 0)
        buffer_string(&trace, assignments->data);
    for (int i = 0; i < c->argc; i++)
        trace_word(&trace, c->argv[i]);
    buffer_add(&trace, '\n');
    write_all(2, trace.data, trace.length);
    buffer_free(&trace);
}

/* Makes the assignments, first writing down in *saved (unless NULL) what they change.  False after an error. */
static bool command_assign(struct command *c, struct saved_variable **saved)
{
    struct buffer trace = {0};
    for (struct assignment *a = c->assignments; a && !sh.skip; a = a->next) {
        char *value = expand_assignment(a->value);
        if (sh.skip)
            break;
        if (saved)
            var_save(saved, a->name);
        if (var_set(a->name, value) && saved)
            var_find(a->name, true)->exported = true;
        if (sh.option['x']) {
            buffer_string(&trace, trace.length > 0 ? " " : "");
            buffer_string(&trace, a->name);
            buffer_string(&trace, "= ");
            trace.length -= 1;
            buffer_string(&trace, value);
        }
    }
    if (sh.option['x'] && !sh.skip && (c->argc > 0 || c->assignments))
        trace_print(c, &trace);
    buffer_free(&trace);
    return !sh.skip;
}

static int execute(const char *path, char **argv, char **environment)
{
    execve(path, argv, environment);
    if (errno != ENOEXEC)
        return errno;
    /* POSIX 2.9.1.1: a file that is no program is a script for the shell. */
    int count = 0;
    while (argv[count])
        count++;
    char **script = scratch_get((size_t)(count + 2) * sizeof *script);
    script[0] = "sh";
    script[1] = (char *)path;
    for (int i = 1; i < count; i++)
        script[i + 1] = argv[i];
    execve("/bin/sh", script, environment);
    return ENOEXEC;
}

/* The next directory of a PATH with name behind it, in scratch memory; NULL when there are no more. */
char *path_next(const char **path, const char *name)
{
    if (!*path)
        return NULL;
    size_t length = strcspn(*path, ":"), size = strlen(name) + 1;
    char *file = scratch_get(length + 1 + size), *end = file;
    memcpy(file, *path, length);
    end += length;
    if (length > 0)
        *end++ = '/';
    memcpy(end, name, size);
    *path = (*path)[length] ? *path + length + 1 : NULL;
    return file;
}

/* Where on path the utility is, in scratch memory; NULL when nowhere.  A name with a slash is its own path. */
char *command_find(const char *name, const char *path)
{
    struct stat status;
    char *file = scratch_copy(name, strlen(name));
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 ? file : NULL;
    while ((file = path_next(&path, name))) {
        if (stat(file, &status) == 0 && S_ISREG(status.st_mode) && access(file, X_OK) == 0)
            return file;
    }
    return NULL;
}

/* Executes a utility in this process.  Comes back only when that fails, with the status after a message. */
int command_exec(char **argv, const char *path)
{
    char **environment = var_environment(), *file;
    int error = ENOENT;
    if (strchr(argv[0], '/')) {
        error = execute(argv[0], argv, environment);
    } else {
        while (*argv[0] && (file = path_next(&path, argv[0]))) {
            int reason = execute(file, argv, environment);
            /* The reason worth telling is why something that is there cannot run. */
            if (reason != ENOENT && reason != ENOTDIR)
                error = reason;
        }
    }
    bool missing = error == ENOENT || error == ENOTDIR;
    error_say("%s: %s", argv[0], missing ? "not found" : strerror(error));
    return missing ? 127 : 126; /* POSIX 2.8.2 */
}

static int call_builtin(struct command *c)
{
    int status = c->builtin->function(c->argc, c->argv);
    int error = out_flush();
    if (error) {
        error_say("%s: %s", c->argv[0], strerror(error));
        status = status ? status : 1;
    }
    return status;
}

/* Starts a utility without a fork; false when that cannot be done. */
static bool spawn_utility(struct job *job, char **argv, int input, int output)
{
    char *file = command_find(argv[0], var_get("PATH"));
    return file && job_spawn(job, file, argv, input, output);
}

/* A utility: in a child, or in this process when nothing follows. */
static int call_utility(struct command *c, int flags)
{
    struct job *job = NULL;
    if (!run_may_take_over(flags)) {
        job = job_new(c->text);
        /* Redirections are the child's: to open a FIFO may take long. */
        if (!c->redirects && spawn_utility(job, c->argv, -1, -1))
            return job_wait(job);
        if (job_fork(job, FORK_FOREGROUND) != 0)
            return job_wait(job);
    }
    sh.status = 1;
    if (redirect_apply(c->redirects, NULL) && !sh.skip)
        sh.status = command_exec(c->argv, var_get("PATH"));
    shell_exit();
}

/* `exec` with a utility, or for its redirections alone. */
static int call_exec(struct command *c, struct saved_fds *saved)
{
    redirect_keep(saved);
    char **argv = c->argv + 1;
    if (*argv && strcmp(*argv, "--") == 0)
        argv++;
    if (!*argv)
        return 0;
    edit_release();
    trap_prepare_exec(true);
    int status = command_exec(argv, var_get("PATH"));
    trap_prepare_exec(false);
    if (!sh.interactive)
        sh.skip = SKIP_EXIT;
    return sh.status = status;
}

/* Something that runs in the shell itself, or nothing but assignments and redirections. */
static int call_inside(struct command *c, int flags)
{
    struct saved_fds saved = {0};
    struct saved_variable *variables = NULL;
    bool special = c->builtin && c->builtin->special;
    bool keeps = c->argc == 0 || special;
    int status = c->argc == 0 ? sh.last_subst : 0;
    if (!redirect_apply(c->redirects, &saved)) {
        status = 2 - !special;
        if (special && !sh.forgiving)
            sh.skip = SKIP_ERROR;
    } else if (!command_assign(c, keeps ? NULL : &variables)) {
        status = sh.status;
    } else if (c->function) {
        status = function_call(c->function, c->argv, flags & RUN_TESTED);
    } else if (c->builtin && c->builtin->function == builtin_exec) {
        status = call_exec(c, &saved);
    } else if (c->builtin) {
        status = call_builtin(c);
    } else {
        status = sh.last_subst;
    }
    redirect_undo(&saved);
    var_restore(&variables);
    return status;
}

static int call_outside(struct command *c, int flags)
{
    struct saved_variable *variables = NULL;
    int status = sh.status;
    if (command_assign(c, &variables))
        status = call_utility(c, flags);
    var_restore(&variables);
    return status;
}

/* The built-in that stands for the command, or NULL. */
static const struct builtin *command_builtin(int argc, char **argv)
{
    return argc == 0 || printf_is_floating(argc, argv) ? NULL : builtin_find(argv[0]);
}

/* Does expanding the words change nothing in the shell, and can it not fail? */
static bool words_are_harmless(struct word *words)
{
    for (; words; words = words->next) {
        for (struct part *part = words->parts; part; part = part->next) {
            if (part->kind != PART_TEXT && (part->kind != PART_PARAM || part->op || sh.option['u']))
                return false;
        }
    }
    return true;
}

/* A part of a pipeline, without a fork, where it is a utility and no more. False when it is not, or cannot be so. */
bool command_spawn(struct job *job, struct node *node, int input, int output)
{
    bool plain = node->kind == NODE_SIMPLE && !node->redirects && !node->simple.assignments && !sh.option['x'];
    bool clear = (input < 0 || input > 2) && (output < 0 || output > 2), started = false;
    if (!plain || !clear || !words_are_harmless(node->simple.words))
        return false;
    struct mark mark = scratch_mark();
    struct fields fields = {0};
    sh.line = node->line;
    expand_fields(node->simple.words, &fields);
    if (!sh.skip && fields.count > 0 && !function_find(fields.values[0]) &&
        !command_builtin(fields.count, fields.values))
        started = spawn_utility(job, fields.values, input, output);
    scratch_release(mark);
    return started;
}

/* `command name ...`: as a simple command, but functions do not count, and errors are not fatal. */
int command_call(int argc, char **argv, const char *path)
{
    struct command c = {.argv = argv, .argc = argc, .text = argv[0], .builtin = command_builtin(argc, argv)};
    if (!c.builtin) {
        struct saved_variable *variables = NULL;
        out_flush();
        if (path) {
            var_save(&variables, "PATH");
            var_set("PATH", path);
        }
        int status = call_utility(&c, 0);
        var_restore(&variables);
        return status;
    }
    bool before = sh.forgiving;
    sh.forgiving = true;
    int status = call_inside(&c, 0);
    sh.forgiving = before;
    return status;
}

/* Runs a simple command, typed as text. */
int command_run(struct node *node, const char *text, int flags)
{
    struct mark mark = scratch_mark();
    struct fields fields = {0};
    struct command c = {.text = text, .redirects = node->redirects, .assignments = node->simple.assignments};
    bool forgiving = sh.forgiving;
    sh.last_subst = 0;
    sh.forgiving = false;
    expand_fields(node->simple.words, &fields);
    c.argv = fields.values;
    c.argc = fields.count;
    if (!sh.skip) {
        c.builtin = command_builtin(c.argc, c.argv);
        if (c.argc > 0 && !(c.builtin && c.builtin->special))
            c.function = function_find(c.argv[0]);
        bool inside = c.argc == 0 || c.function || c.builtin;
        sh.status = inside ? call_inside(&c, flags) : call_outside(&c, flags);
    }
    sh.forgiving = forgiving;
    scratch_release(mark);
    return sh.status;
}
