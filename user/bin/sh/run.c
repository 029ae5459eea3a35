/*
 * run.c - walks the tree: lists, pipelines, compound commands.  Simple commands are command.c's.
 *
 * Two flags go down with the walk.  RUN_TESTED: somebody looks at the status, so that `set -e` does not act on it.
 * RUN_LAST: nothing follows in this process, so that a utility may be executed without a fork.
 */
#define _GNU_SOURCE /* pipe2() */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

static int run_command(struct node *node, int flags);
static const char *run_text = ""; /* of the pipeline that runs */

/* Called between commands: handles signals; true when the walk must end. */
bool run_should_stop(void)
{
    if (trap_pending() && !sh.skip)
        trap_run();
    if (trap_interrupted && sh.interactive && !sh.skip) {
        sh.status = 128 + SIGINT;
        sh.skip = SKIP_ERROR;
    }
    return sh.skip != SKIP_NONE;
}

/* Nothing follows, and nothing is left to do for this shell: a utility or subshell may take its place. */
bool run_may_take_over(int flags)
{
    return (flags & RUN_LAST) && !trap_any() && !sh.option['m'];
}

/* Runs a program in a forked child, and ends it. */
void run_child(struct node *node)
{
    run_node(node, RUN_LAST);
    shell_exit();
}

/* After the body of a loop: go on with it? */
static bool loop_goes_on(void)
{
    if (sh.skip == SKIP_CONTINUE && --sh.skip_loops == 0) {
        sh.skip = SKIP_NONE;
        return true;
    }
    if (sh.skip == SKIP_BREAK && --sh.skip_loops == 0) {
        sh.skip = SKIP_NONE;
        return false;
    }
    return !sh.skip;
}

static int run_while(struct node *node, int flags)
{
    int status = 0;
    edit_release();
    sh.loops++;
    for (;;) {
        int test = run_node(node->test.test, RUN_TESTED);
        if (sh.skip) {
            if (loop_goes_on())
                continue;
            break;
        }
        if ((test == 0) != (node->kind == NODE_WHILE))
            break;
        status = run_node(node->test.body, flags & RUN_TESTED);
        if (!loop_goes_on())
            break;
    }
    sh.loops--;
    return sh.skip ? sh.status : status;
}

static int run_for(struct node *node, int flags)
{
    struct mark mark = scratch_mark();
    struct fields fields = {0};
    int status = 0;
    if (node->loop.has_words) {
        expand_fields(node->loop.words, &fields);
    } else {
        for (int i = 0; i < sh.params.count; i++)
            fields_add(&fields, scratch_copy(sh.params.values[i], strlen(sh.params.values[i])));
    }
    edit_release();
    sh.loops++;
    for (int i = 0; i < fields.count && !sh.skip; i++) {
        if (!var_set(node->loop.name, fields.values[i]))
            break;
        status = run_node(node->loop.body, flags & RUN_TESTED);
        if (!loop_goes_on())
            break;
    }
    sh.loops--;
    scratch_release(mark);
    return sh.skip ? sh.status : status;
}

static int run_case(struct node *node, int flags)
{
    struct mark mark = scratch_mark();
    struct node *body = NULL;
    bool found = false;
    char *word = expand_string(node->choice.word);
    for (struct case_item *item = node->choice.items; item && !found && !sh.skip; item = item->next) {
        for (struct word *pattern = item->patterns; pattern && !found && !sh.skip; pattern = pattern->next)
            found = pattern_match(expand_pattern(pattern), word);
        body = item->body;
    }
    scratch_release(mark);
    if (sh.skip)
        return sh.status;
    return found && body ? run_node(body, flags) : 0;
}

static int run_if(struct node *node, int flags)
{
    int test = run_node(node->test.test, RUN_TESTED);
    if (sh.skip)
        return sh.status;
    if (test == 0)
        return run_node(node->test.body, flags);
    return node->test.otherwise ? run_node(node->test.otherwise, flags) : 0;
}

static int run_subshell(struct node *node, int flags)
{
    /* The process ends behind it, so it may as well be the subshell. */
    if (run_may_take_over(flags))
        return run_node(node->block.body, flags);
    struct job *job = job_new(run_text);
    pid_t pid = job_fork(job, FORK_FOREGROUND);
    if (pid == 0) {
        if (!redirect_apply(node->redirects, NULL))
            sh.status = 2;
        else
            run_node(node->block.body, RUN_LAST | (flags & RUN_TESTED));
        shell_exit();
    }
    return job_wait(job);
}

/* Without job control a background command must not read what the shell reads (POSIX 2.9.3.1). */
static void stdin_from_null(void)
{
    int fd = open("/dev/null", O_RDONLY);
    if (fd >= 0)
        fd_become(fd, 0);
}

static int run_background(struct node *node)
{
    struct job *job = job_new(node->block.text);
    bool own_input = !sh.option['m'];
    pid_t pid = job_fork(job, FORK_BACKGROUND);
    if (pid == 0) {
        if (own_input)
            stdin_from_null();
        run_child(node->block.body);
    }
    if (pid < 0) {
        job_free(job);
        return sh.status;
    }
    sh.last_bg = pid;
    if (sh.interactive) {
        out_format("[%d] %d\n", job->number, (int)pid);
        out_flush_to(2);
    }
    return 0;
}

static int run_compound(struct node *node, int flags)
{
    switch (node->kind) {
    case NODE_GROUP:
        return run_node(node->block.body, flags);
    case NODE_SUBSHELL:
        return run_subshell(node, flags);
    case NODE_IF:
        return run_if(node, flags);
    case NODE_WHILE:
    case NODE_UNTIL:
        return run_while(node, flags);
    case NODE_FOR:
        return run_for(node, flags);
    case NODE_CASE:
        return run_case(node, flags);
    default:
        function_define(node->function.name, node->function.body, node->function.arena);
        return 0;
    }
}

static int run_command(struct node *node, int flags)
{
    sh.line = node->line;
    if (node->kind == NODE_SIMPLE)
        return command_run(node, run_text, flags);
    if (!node->redirects || (node->kind == NODE_SUBSHELL && !run_may_take_over(flags)))
        return sh.status = run_compound(node, flags);
    struct saved_fds saved = {0};
    if (redirect_apply(node->redirects, &saved))
        sh.status = run_compound(node, flags);
    else if (!sh.skip)
        sh.status = 2;
    redirect_undo(&saved);
    return sh.status;
}

/* The child of a pipeline: its input comes from the command before, its output goes to the one behind. */
static void pipe_child(struct node *command, int input, const int output[2])
{
    if (input >= 0)
        fd_become(input, 0);
    if (output[1] >= 0) {
        if (output[0] != 0 || input < 0)
            close(output[0]);
        fd_become(output[1], 1);
    }
    run_command(command, RUN_LAST);
    shell_exit();
}

static int run_pipe(struct node *node)
{
    struct job *job = job_new(node->pipe.text);
    int input = -1;
    for (struct node *command = node->pipe.commands; command; command = command->next) {
        int output[2] = {-1, -1};
        if (command->next && pipe2(output, O_CLOEXEC) < 0) {
            error_set(2, "cannot make a pipe: %s", strerror(errno));
            break;
        }
        bool spawned = command_spawn(job, command, input, output[1]);
        pid_t pid = spawned ? 1 : job_fork(job, FORK_FOREGROUND);
        if (pid == 0)
            pipe_child(command, input, output);
        if (input >= 0)
            close(input);
        if (output[1] >= 0)
            close(output[1]);
        input = output[0];
        if (pid < 0)
            break;
    }
    if (input >= 0)
        close(input);
    int error = sh.skip ? sh.status : 0;
    int status = job_wait(job);
    return error ? error : status;
}

static int run_pipeline(struct node *node, int flags)
{
    struct node *only = node->pipe.count == 1 ? node->pipe.commands : NULL;
    const char *outer = run_text;
    run_text = node->pipe.text;
    int inner = node->pipe.negated ? RUN_TESTED : flags;
    int status = only ? run_command(only, inner) : run_pipe(node);
    run_text = outer;
    if (node->pipe.negated && !sh.skip)
        status = !status;
    sh.status = status;
    /* POSIX set -e: compound commands pass on what was decided inside them. */
    bool decides = !only || only->kind == NODE_SIMPLE || only->kind == NODE_SUBSHELL;
    if (status != 0 && sh.option['e'] && decides && !node->pipe.negated && !(flags & RUN_TESTED) && !sh.skip)
        sh.skip = SKIP_EXIT;
    return status;
}

static int run_one(struct node *node, int flags)
{
    if (node->kind == NODE_PIPE)
        return run_pipeline(node, flags);
    if (node->kind == NODE_BACKGROUND)
        return sh.status = run_background(node);
    return sh.status = run_command(node, flags);
}

/* Runs a command, however it is made up.  Answers its status, which is also $?. */
int run_node(struct node *node, int flags)
{
    while (node && !run_should_stop()) {
        if (node->kind == NODE_SEQUENCE) {
            run_node(node->pair.left, flags & RUN_TESTED);
        } else if (node->kind == NODE_AND || node->kind == NODE_OR) {
            int status = run_node(node->pair.left, RUN_TESTED);
            if (sh.skip || (status == 0) != (node->kind == NODE_AND))
                break;
        } else {
            run_one(node, flags);
            break;
        }
        node = node->pair.right;
    }
    return sh.status;
}

static void run_line(struct source *source, int flags, bool *ran)
{
    struct parser p = {.source = source, .arena = arena_new()};
    source_forget(source);
    struct node *node = parse_line(&p);
    if (node && (!sh.option['n'] || sh.interactive) && !run_should_stop()) {
        bool last = (flags & RUN_LAST) && source_is_used_up(source);
        *ran = true;
        run_node(node, (flags & RUN_TESTED) | (last ? RUN_LAST : 0));
    }
    arena_drop(p.arena);
}

/* Reads and runs commands to the end of the source, or to what makes the shell stop.  Answers the last status. */
int run_source(struct source *source, int flags)
{
    bool ran = false;
    while (!run_should_stop() && !source->eof)
        run_line(source, flags, &ran);
    if (!ran && !sh.skip)
        sh.status = 0;
    return sh.status;
}

/* Runs a text, which was read at that line. */
int run_string(const char *text, int line, int flags)
{
    struct source source;
    source_string(&source, text, line);
    int status = run_source(&source, flags);
    source_close(&source);
    return status;
}
