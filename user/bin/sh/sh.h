/*
 * sh.h - what the shell's files share: its state, and what each file offers to the others.
 *
 * A command goes through four stages, one file or two for each:
 *
 *      input.c, lex.c   text to tokens       parse.c           tokens to a tree (tree.h)
 *      expand.c ...     words to fields      run.c, command.c  the tree is walked
 *
 * Errors do not jump.  Whoever finds one says so once and sets `sh.skip`; every loop that walks a tree looks at it
 * and ends, so that each function leaves by its own last line and frees what it holds.
 */
#pragma once

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tree.h"

/* Why the tree is not walked on as written. */
enum skip { SKIP_NONE, SKIP_CONTINUE, SKIP_BREAK, SKIP_RETURN, SKIP_ERROR, SKIP_EXIT };

struct params {
    int count;
    char **values; /* malloced, each and all */
};

struct shell {
    int status;       /* $? */
    enum skip skip;   /* SKIP_ERROR leads to the prompt, or out of a shell that has none */
    int skip_loops;   /* SKIP_BREAK, SKIP_CONTINUE: loops still to be left */
    int loops;        /* loops around the running command, within its function */
    int callers;      /* functions and dot scripts around it */
    int line;         /* $LINENO */
    int trap_status;  /* $? when the running trap began, -1 outside of traps: what `exit` leaves */
    int last_subst;   /* status of the last command substitution */
    pid_t pid;        /* $$, the same in subshells */
    pid_t last_bg;    /* $! */
    bool option[128]; /* by letter: aCefhimnsuvx; 'I' is ignoreeof, 'b' is notify */
    bool interactive; /* reads commands from a person */
    bool started;     /* the options of its own command line are read */
    bool subshell;    /* a forked copy of the shell */
    bool forgiving;   /* `command` runs a special built-in: its errors do not end the shell */
    const char *name; /* $0 */
    struct params params;
};
extern struct shell sh;

/* memory.c: arenas, growing buffers */
struct arena;
struct mark {
    void *chunk;
    size_t used;
};
struct buffer {
    char *data;
    size_t length, size;
};
void *memory_get(size_t size);
char *memory_copy(const char *text);
struct arena *arena_new(void);
void arena_hold(struct arena *arena);
void arena_drop(struct arena *arena);
void *arena_get(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const char *text, size_t length);
struct mark scratch_mark(void);
void scratch_release(struct mark mark);
void *scratch_get(size_t size);
char *scratch_copy(const char *text, size_t length);
void buffer_add(struct buffer *b, int c);
void buffer_append(struct buffer *b, const char *text, size_t length);
void buffer_string(struct buffer *b, const char *text);
void buffer_format(struct buffer *b, const char *format, va_list arguments);
void buffer_free(struct buffer *b);
char *number_text(intmax_t number);

/* output.c: standard output of built-ins, messages */
void out_char(int c);
void out_string(const char *text);
void out_format(const char *format, ...);
void out_quoted(const char *text);
int out_flush(void);
int out_flush_to(int fd);
bool write_all(int fd, const char *data, size_t length);
void error_say(const char *format, ...);
int error_set(int status, const char *format, ...);
int error_special(const char *format, ...);

/* input.c: where commands come from */
struct source {
    int fd;           /* -1: a string */
    bool edited;      /* through the line editor */
    bool exact;       /* never read past a newline: utilities share the descriptor */
    bool eof;         /* sticky */
    bool more;        /* a part of the command was read: prompt with PS2 */
    bool alias_blank; /* an alias that ended in a blank was used up: look at the next word too */
    int line;
    struct buffer text;    /* from the start of the current command on */
    size_t at;             /* next character in it */
    struct pushed *pushed; /* aliases being read in front of the text */
};
void source_string(struct source *source, const char *text, int line);
void source_file(struct source *source, int fd);
void source_close(struct source *source);
void source_forget(struct source *source);
int source_get(struct source *source);
void source_unget(struct source *source, int c);
bool source_push_alias(struct source *source, const char *name);
bool source_is_used_up(struct source *source);

/* lex.c, lex_word.c, parse.c: text to a tree */
struct parser {
    struct source *source;
    struct arena *arena;
    struct token token; /* the next one, when have_token */
    bool have_token;
    bool failed;              /* a syntax error was reported: only TOKEN_EOF follows */
    int depth;                /* of nested constructs */
    struct heredoc *heredocs; /* whose bodies begin after the next newline */
};
void parser_error(struct parser *p, const char *format, ...);
struct token *token_peek(struct parser *p);
struct token token_next(struct parser *p);
bool token_is_meta(int c);
int lex_get(struct parser *p);
int lex_peek(struct parser *p);
bool lex_enter(struct parser *p);
struct word *lex_word(struct parser *p);
struct word *lex_text(struct arena *arena, const char *text, int line);
void heredoc_expect(struct parser *p, struct redirect *redirect, struct word *delimiter, bool strip_tabs);
struct node *parse_line(struct parser *p);
struct node *parse_program(struct parser *p);
struct node *parse_list_until_close(struct parser *p);
bool word_is_reserved(const char *text);

/* expand.c, param.c, field.c, arith.c, pattern.c, glob.c: words to fields */
struct fields {
    int count, size;
    char **values; /* in scratch memory, NULL behind the last */
};
struct expansion {
    struct buffer text, mask; /* MASK_..., one for each character */
    bool split;               /* fields may come out of it */
    bool assignment;          /* ~ also follows a colon */
};
enum { MASK_QUOTED = 'q', MASK_LITERAL = 'l', MASK_EXPANDED = 'e', MASK_NULL = 'n', MASK_BREAK = 'b' };
void expand_word(struct expansion *x, struct word *word, bool inside);
char *expand_string(struct word *word);
char *expand_assignment(struct word *word);
char *expand_pattern(struct word *word);
void expand_fields(struct word *words, struct fields *fields);
void expansion_add(struct expansion *x, const char *text, int mask);
void expansion_free(struct expansion *x);
char *expand_prompt(const char *variable, const char *otherwise);
void expand_param(struct expansion *x, struct part *part);
const char *param_get(const char *name);
void fields_add(struct fields *fields, char *value);
void fields_sort(struct fields *fields, int first);
void fields_split(struct expansion *x, struct fields *fields);
char *mask_to_pattern(const char *text, const char *mask, size_t length);
bool ifs_next(const char *text, const char *mask, size_t length, size_t *at, size_t *start, size_t *end);
void ifs_skip(const char *text, const char *mask, size_t length, size_t *at);
bool arith_eval(const char *text, intmax_t *result);
bool number_parse(const char *text, intmax_t *number);
bool pattern_match(const char *pattern, const char *text);
bool pattern_is_plain(const char *pattern);
char *pattern_unescape(const char *pattern);
int glob_expand(const char *pattern, struct fields *fields);

/* var.c, option.c: variables, positional parameters, options */
struct variable {
    struct variable *next;
    char *value; /* NULL: unset, but exported or read-only */
    bool exported, readonly;
    char name[];
};
struct saved_variable {
    struct saved_variable *next;
    char *value;
    bool was_set, exported, readonly;
    char name[];
};
void var_init(char **environment);
const char *var_get(const char *name);
bool var_set(const char *name, const char *value);
struct variable *var_find(const char *name, bool create);
bool var_unset(const char *name);
bool var_is_name(const char *text, size_t length);
size_t var_name_length(const char *text);
char **var_environment(void);
struct variable **var_sorted(void);
void var_save(struct saved_variable **list, const char *name);
void var_restore(struct saved_variable **list);
void params_set(struct params *params, int count, char **values);
void params_free(struct params *params);
int option_parse(char **arguments, const char *allowed, bool *ended);
void option_print(bool as_commands);
const char *option_letters(void);

/* redirect.c */
struct saved_fds {
    struct saved_fd *list;
};
bool redirect_apply(struct redirect *list, struct saved_fds *saved);
void redirect_undo(struct saved_fds *saved);
void redirect_keep(struct saved_fds *saved);
int fd_move_up(int fd);
void fd_become(int fd, int number);

/* run.c, command.c: a tree is walked */
struct job;
enum { RUN_TESTED = 1, RUN_LAST = 2 };
int run_node(struct node *node, int flags);
int run_source(struct source *source, int flags);
int run_string(const char *text, int line, int flags);
void run_child(struct node *node) __attribute__((noreturn));
bool run_should_stop(void);
bool run_may_take_over(int flags);
int command_run(struct node *node, const char *text, int flags);
bool command_spawn(struct job *job, struct node *node, int input, int output);
int command_call(int argc, char **argv, const char *path);
int command_exec(char **argv, const char *path);
char *path_next(const char **path, const char *name);
char *command_find(const char *name, const char *path);
void shell_exit(void) __attribute__((noreturn));

/* function.c, alias.c: what names stand for */
struct function {
    struct function *next;
    struct node *body;
    struct arena *arena; /* that the body lies in; held */
    int holders;         /* the list and each running call */
    char name[];
};
struct function *function_find(const char *name);
void function_define(const char *name, struct node *body, struct arena *arena);
void function_unset(const char *name);
int function_call(struct function *function, char **argv, int flags);
bool function_save_local(const char *name);
const char *alias_get(const char *name);

/* job.c, job_text.c */
struct process {
    pid_t pid;
    int status; /* as waitpid gave it */
    enum { PROCESS_RUNS, PROCESS_STOPPED, PROCESS_DONE } state;
};
struct job {
    struct job *next;
    int number;
    pid_t group; /* 0: none of its own */
    bool background;
    bool changed; /* since somebody was told */
    int count, size;
    struct process *processes;
    struct termios *modes; /* the terminal's, when it stopped */
    char text[];
};
enum fork_mode { FORK_FOREGROUND, FORK_BACKGROUND, FORK_PLAIN };
void job_control_start(void);
void job_control_stop(void);
struct job *job_new(const char *text);
pid_t job_fork(struct job *job, enum fork_mode mode);
bool job_spawn(struct job *job, const char *path, char **argv, int input, int output);
int job_wait(struct job *job);
int job_wait_pid(pid_t pid);
int job_state(struct job *job);
int job_status(struct job *job);
void job_collect(void);
void job_free(struct job *job);
void job_notify(void);
void job_print(struct job *job, bool with_pids);
struct job *job_list(void);
struct job *job_list_shown(void);
struct job *job_by_pid(pid_t pid);
struct job *job_by_name(const char *text);
int job_foreground(struct job *job);
void job_background(struct job *job);
int job_signal(struct job *job, int signal);
bool job_any_stopped(void);
int status_of_wait(int status);

/* trap.c, signame.c */
void trap_set_interactive(void);
void trap_prepare_exec(bool on);
void trap_reset_in_child(bool background, bool keep_stop);
void trap_defaults_in_child(sigset_t *set);
bool trap_interrupt_came(void);
void trap_interrupt_heeded(void);
bool trap_pending(void);
bool trap_any(void);
void trap_run(void);
void trap_run_exit(void);
int trap_wait(struct job *job);
extern volatile bool trap_interrupted;
const char *signal_name(int number);
const char *signal_text(int number);
int signal_number(const char *name);
enum { SIGNAL_COUNT = 65 };

/* builtin.c and its kin */
typedef int builtin_function(int argc, char **argv);
struct builtin {
    const char *name;
    builtin_function *function;
    bool special;
};
const struct builtin *builtin_find(const char *name);
builtin_function builtin_alias, builtin_bg, builtin_break, builtin_cd, builtin_command, builtin_dot, builtin_echo,
    builtin_eval, builtin_exec, builtin_exit, builtin_export, builtin_false, builtin_fg, builtin_getopts, builtin_hash,
    builtin_history, builtin_jobs, builtin_kill, builtin_local, builtin_printf, builtin_pwd, builtin_read,
    builtin_return, builtin_set, builtin_shift, builtin_test, builtin_times, builtin_trap, builtin_true, builtin_type,
    builtin_ulimit, builtin_umask, builtin_unalias, builtin_unset, builtin_wait;
void getopts_reset(void);
bool printf_is_floating(int argc, char **argv);
bool escape_put(struct buffer *b, const char **text, bool in_argument);
void cd_init(void);

/* edit.c, history.c, complete.c: the line editor */
enum edit_result { EDIT_LINE, EDIT_EOF, EDIT_INTERRUPTED };
enum edit_result edit_line(const char *prompt, struct buffer *line);
void edit_release(void);
void history_add(const char *line);
const char *history_get(int back);
int history_count(void);
int complete_names(const char *line, size_t length, size_t *word_start, struct fields *names);
