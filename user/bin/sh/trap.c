/*
 * trap.c - signals that the shell gets, and `trap`.
 *
 * A handler only notes the signal; actions run between commands (run_should_stop).  What a signal does follows from
 * three things, in this order: its trap; what an interactive shell must survive; what it was when the shell started.
 * trap_apply brings the kernel's table in line whenever one of them changes.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

volatile bool trap_interrupted; /* ^C: the running command line is given up */

static char *actions[SIGNAL_COUNT]; /* NULL: default; "": ignored.  [0] is EXIT */
static volatile sig_atomic_t pending[SIGNAL_COUNT], any_pending;
static bool inherited; /* the actions are the parent's: listed, but not in force */
static bool preparing; /* for an exec: what was caught must be as at the start */

/* How the kernel has each signal now. */
static enum { AS_STARTED, DEFAULT, IGNORED, CAUGHT } states[SIGNAL_COUNT];
static bool ignored_at_start[SIGNAL_COUNT];

static void trap_handler(int signal)
{
    if (signal == SIGINT && !actions[SIGINT])
        trap_interrupted = true;
    pending[signal] = 1;
    any_pending = 1;
}

/* The action, if it is in force. */
static const char *trap_action(int signal)
{
    return actions[signal] && (!inherited || !*actions[signal]) ? actions[signal] : NULL;
}

static int trap_wanted_state(int signal)
{
    const char *action = trap_action(signal);
    if (action && *action)
        return preparing ? DEFAULT : CAUGHT;
    if (action)
        return IGNORED;
    if (sh.interactive && !preparing) {
        if (signal == SIGINT)
            return CAUGHT;
        if (signal == SIGQUIT || signal == SIGTERM)
            return IGNORED;
    }
    if (sh.option['m'] && !preparing && (signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU))
        return IGNORED;
    return ignored_at_start[signal] ? IGNORED : states[signal] == AS_STARTED ? AS_STARTED : DEFAULT;
}

/* Looks how a signal was when the shell started, the first time that it matters. */
static void trap_learn(int signal)
{
    struct sigaction action;
    if (signal == 0 || states[signal] != AS_STARTED || sigaction(signal, NULL, &action) < 0)
        return;
    ignored_at_start[signal] = action.sa_handler == SIG_IGN;
    states[signal] = ignored_at_start[signal] ? IGNORED : DEFAULT;
}

static void trap_apply(int signal)
{
    int wanted = trap_wanted_state(signal);
    if (signal == 0 || wanted == (int)states[signal])
        return;
    trap_learn(signal);
    struct sigaction action = {.sa_handler = trap_handler};
    if (wanted != CAUGHT)
        action.sa_handler = wanted == IGNORED ? SIG_IGN : SIG_DFL;
    sigemptyset(&action.sa_mask);
    if (sigaction(signal, &action, NULL) == 0)
        states[signal] = wanted;
}

static void trap_apply_all(void)
{
    for (int i = 1; i < SIGNAL_COUNT; i++)
        trap_apply(i);
}

/* After sh.interactive or job control changed. */
void trap_set_interactive(void)
{
    trap_apply_all();
}

/* Before an exec in this process: signals as the utility should find them; off again when it failed. */
void trap_prepare_exec(bool on)
{
    preparing = on;
    trap_apply_all();
}

/*
 * In a forked child: traps are no longer in force, but what is ignored stays so (POSIX 2.14).  A background job
 * without a group of its own ignores ^C and ^\; a command substitution is not stopped by ^Z, for the shell waits.
 */
void trap_reset_in_child(bool background, bool keep_stop)
{
    inherited = true;
    any_pending = 0;
    memset((void *)pending, 0, sizeof pending);
    trap_interrupted = false;
    for (int i = 1; i < SIGNAL_COUNT; i++) {
        if (!keep_stop || (i != SIGTSTP && i != SIGTTIN && i != SIGTTOU))
            trap_apply(i);
    }
    if (background) {
        signal(SIGINT, SIG_IGN);
        signal(SIGQUIT, SIG_IGN);
        ignored_at_start[SIGINT] = ignored_at_start[SIGQUIT] = true;
        states[SIGINT] = states[SIGQUIT] = IGNORED;
    }
}

/* The signals that the shell ignores for its own sake: a utility finds them as the shell did. */
void trap_defaults_in_child(sigset_t *set)
{
    sigemptyset(set);
    for (int i = 1; i < SIGNAL_COUNT; i++) {
        if (states[i] == IGNORED && !ignored_at_start[i] && !trap_action(i))
            sigaddset(set, i);
    }
}

/* ^C, with a trap or without, since the last command ended. */
bool trap_interrupt_came(void)
{
    return trap_interrupted || pending[SIGINT];
}

/* The command line has been given up for it; a trap of it runs yet. */
void trap_interrupt_heeded(void)
{
    trap_interrupted = false;
    if (!trap_action(SIGINT))
        pending[SIGINT] = 0;
}

bool trap_pending(void)
{
    return any_pending;
}

/* A trap is set and in force, so that the shell has to live on until it ends. */
bool trap_any(void)
{
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        const char *action = trap_action(i);
        if (action && *action)
            return true;
    }
    return false;
}

static void trap_run_action(const char *action)
{
    int status = sh.status, outer = sh.trap_status;
    char *copy = memory_copy(action); /* it may replace itself */
    sh.trap_status = status;
    run_string(copy, sh.line, 0);
    free(copy);
    sh.trap_status = outer;
    if (!sh.skip)
        sh.status = status;
}

/* Runs the actions of the signals that came. */
void trap_run(void)
{
    any_pending = 0;
    for (int i = 1; i < SIGNAL_COUNT && !sh.skip; i++) {
        const char *action = pending[i] ? trap_action(i) : NULL;
        pending[i] = 0;
        if (action)
            trap_run_action(action);
    }
}

/* The shell ends: runs the action for EXIT, once. */
void trap_run_exit(void)
{
    char *action = actions[0];
    if (!action || inherited)
        return;
    actions[0] = NULL;
    sh.skip = SKIP_NONE;
    trap_run_action(action);
    free(action);
}

/*
 * Waits until a job changes or a signal with a trap comes; answers that signal, or 0.  All signals are blocked from
 * the look at what happened to the wait for more, so that none comes unseen between the two.
 */
int trap_wait(struct job *job)
{
    sigset_t all, before;
    struct sigaction action = {.sa_handler = trap_handler}, old;
    int result = 0;
    edit_release();
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    sigemptyset(&action.sa_mask);
    sigaction(SIGCHLD, &action, &old);
    for (;;) {
        job_collect();
        if (job_state(job) != PROCESS_RUNS)
            break;
        for (int i = 1; i < SIGNAL_COUNT && !result; i++) {
            if (pending[i] && (trap_action(i) || (i == SIGINT && trap_interrupted)))
                result = i;
        }
        if (result)
            break;
        sigsuspend(&before);
    }
    sigaction(SIGCHLD, &old, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return result;
}

static void trap_list(void)
{
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        if (!actions[i])
            continue;
        out_string("trap -- ");
        out_quoted(actions[i]);
        if (signal_name(i))
            out_format(" %s\n", signal_name(i));
        else
            out_format(" %d\n", i);
    }
}

/* The first change in a subshell: what was the parent's is gone. */
static void trap_own(void)
{
    for (int i = 0; inherited && i < SIGNAL_COUNT; i++) {
        if (actions[i] && *actions[i]) {
            free(actions[i]);
            actions[i] = NULL;
        }
    }
    inherited = false;
}

static int trap_set(const char *action, const char *name)
{
    int signal = signal_number(name);
    if (signal < 0) {
        error_say("trap: %s: no such signal", name);
        return 1;
    }
    trap_own();
    trap_learn(signal);
    /* POSIX trap: what was ignored when a non-interactive shell began stays ignored. */
    if (ignored_at_start[signal] && !sh.interactive)
        return 0;
    free(actions[signal]);
    actions[signal] = action ? memory_copy(action) : NULL;
    trap_apply(signal);
    return 0;
}

int builtin_trap(int argc, char **argv)
{
    int first = 1, status = 0;
    if (first < argc && strcmp(argv[first], "--") == 0)
        first++;
    if (first >= argc) {
        trap_list();
        return 0;
    }
    /* POSIX trap: "-" resets, and so does a first operand that is a number. */
    const char *action = NULL;
    bool resets = strcmp(argv[first], "-") == 0;
    bool numbered = argv[first][0] >= '0' && argv[first][0] <= '9';
    if (resets || (argc - first > 1 && !numbered))
        action = argv[first++];
    if (resets)
        action = NULL;
    for (; first < argc; first++)
        status |= trap_set(action, argv[first]);
    return status;
}
