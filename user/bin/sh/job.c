/*
 * job.c - jobs: the processes of a pipeline, how they end, and who has the terminal.
 *
 * Every pipeline that is forked is a job while it runs; jobs in the background stay listed until somebody has heard
 * of their end.  The list has the current job first.
 *
 * With job control (set -m) each job is a process group of its own.  The one in the foreground has the terminal;
 * the shell takes it back, with the modes it had, when that job ends or stops.
 */
#define _GNU_SOURCE /* posix_spawn_file_actions_addtcsetpgrp_np() */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "sh.h"

static struct job *jobs;
static struct job *jobs_above; /* of a subshell: those that the shell had which forked it */
static int tty = -1;           /* open while there is job control over a terminal */
static pid_t shell_group;
static struct termios shell_modes;

static int tty_open(void)
{
    int fd = open("/dev/tty", O_RDWR);
    if (fd < 0)
        fd = isatty(0) ? dup(0) : -1;
    return fd < 0 ? -1 : fd_move_up(fd);
}

/* Begins job control.  Without a controlling terminal it is not there, which is said once. */
void job_control_start(void)
{
    edit_release();
    tty = tty_open();
    pid_t group = tty < 0 ? -1 : tcgetpgrp(tty);
    /* Started in the background: wait to be brought to the foreground. */
    while (group > 0 && group != getpgrp()) {
        kill(0, SIGTTIN);
        group = tcgetpgrp(tty);
    }
    if (group < 0) {
        if (tty >= 0)
            close(tty);
        tty = -1;
        if (sh.interactive) {
            error_say("no controlling terminal: job control is off");
            sh.option['m'] = false;
        }
        return;
    }
    trap_set_interactive();
    setpgid(0, 0);
    shell_group = getpgrp();
    tcsetpgrp(tty, shell_group);
    tcgetattr(tty, &shell_modes);
}

/* Ends job control. */
void job_control_stop(void)
{
    if (tty >= 0)
        close(tty);
    tty = -1;
    trap_set_interactive();
}

struct job *job_list(void)
{
    return jobs;
}

/* What `jobs` shows: in a subshell that has none of its own, as in $(jobs -p), those of the shell above. */
struct job *job_list_shown(void)
{
    return jobs ? jobs : jobs_above;
}

/* A job without processes, typed as text; it becomes the current one. */
struct job *job_new(const char *text)
{
    int number = 0;
    if (jobs)
        job_collect();
    for (struct job *j = jobs; j; j = j->next)
        number = j->number > number ? j->number : number;
    struct job *job = memory_get(sizeof *job + strlen(text) + 1);
    *job = (struct job){.next = jobs, .number = number + 1};
    strcpy(job->text, text);
    return jobs = job;
}

static void job_unlink(struct job *job)
{
    struct job **link = &jobs;
    while (*link != job)
        link = &(*link)->next;
    *link = job->next;
}

static void job_make_current(struct job *job)
{
    job_unlink(job);
    job->next = jobs;
    jobs = job;
}

void job_free(struct job *job)
{
    job_unlink(job);
    free(job->processes);
    free(job->modes);
    free(job);
}

static void job_add(struct job *job, pid_t pid)
{
    if (job->count == job->size) {
        job->size = job->size * 2 + 2;
        struct process *more = memory_get((size_t)job->size * sizeof *more);
        if (job->count > 0)
            memcpy(more, job->processes, (size_t)job->count * sizeof *more);
        free(job->processes);
        job->processes = more;
    }
    job->processes[job->count++] = (struct process){.pid = pid};
}

/* Both the parent and the child do this, so that it is done whoever comes first. */
static void job_set_group(struct job *job, pid_t pid, enum fork_mode mode)
{
    if (job->group == 0)
        job->group = pid;
    setpgid(pid, job->group);
    if (mode == FORK_FOREGROUND && tty >= 0)
        tcsetpgrp(tty, job->group);
}

static void job_child(struct job *job, enum fork_mode mode)
{
    bool own_group = sh.option['m'] && mode != FORK_PLAIN;
    if (own_group)
        job_set_group(job, getpid(), mode);
    sh.option['m'] = sh.option['i'] = sh.interactive = false;
    sh.subshell = true;
    trap_reset_in_child(mode == FORK_BACKGROUND && !own_group, mode == FORK_PLAIN);
    if (job)
        job_unlink(job);
    if (jobs)
        jobs_above = jobs;
    jobs = NULL;
    if (tty >= 0)
        close(tty);
    tty = -1;
}

/* Signals that the shell ignores or catches must not pass a child by before it has undone that. */
static pid_t fork_with_signals_blocked(struct job *job, enum fork_mode mode)
{
    sigset_t all, before;
    edit_release();
    bool blocked = sh.interactive || trap_any();
    if (blocked) {
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, &before);
    }
    pid_t pid = fork();
    if (pid == 0)
        job_child(job, mode);
    if (blocked)
        sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

/* A ^C that was typed before the job had the terminal has reached the shell alone. */
static void job_pass_on_interrupt(struct job *job)
{
    if (sh.interactive && trap_interrupt_came())
        job_signal(job, SIGINT);
}

/* Forks.  0 in the child, which is a subshell now; the pid in the shell; -1 after an error. */
pid_t job_fork(struct job *job, enum fork_mode mode)
{
    pid_t pid = fork_with_signals_blocked(job, mode);
    if (pid < 0)
        error_set(2, "cannot fork: %s", strerror(errno));
    if (pid <= 0 || !job)
        return pid;
    job->background = mode == FORK_BACKGROUND;
    job_add(job, pid);
    if (sh.option['m'] && mode != FORK_PLAIN)
        job_set_group(job, pid, mode);
    if (mode == FORK_FOREGROUND)
        job_pass_on_interrupt(job);
    return pid;
}

/*
 * Starts a program in the foreground without a fork: no copy of the shell's memory is made, and none of the shell's
 * code runs in the child.  `input` and `output` become its descriptors 0 and 1, unless negative.  False when it
 * cannot be done: then a forked child will find out why, and say so.
 */
bool job_spawn(struct job *job, const char *path, char **argv, int input, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    bool own_group = sh.option['m'], failed = false;
    sigset_t defaults;
    pid_t pid;
    edit_release();
    trap_defaults_in_child(&defaults);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | (own_group ? POSIX_SPAWN_SETPGROUP : 0));
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, job->group);
    posix_spawn_file_actions_init(&actions);
    if (own_group && tty >= 0 && job->group == 0)
        failed |= posix_spawn_file_actions_addtcsetpgrp_np(&actions, tty) != 0;
    if (input >= 0)
        failed |= posix_spawn_file_actions_adddup2(&actions, input, 0) != 0;
    if (output >= 0)
        failed |= posix_spawn_file_actions_adddup2(&actions, output, 1) != 0;
    failed = failed || posix_spawn(&pid, path, &actions, &attributes, argv, var_environment()) != 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed)
        return false;
    job_add(job, pid);
    if (own_group && job->group == 0)
        job->group = pid;
    job_pass_on_interrupt(job);
    return true;
}

/* What $? is for a status that waitpid gave. */
int status_of_wait(int status)
{
    if (WIFSTOPPED(status))
        return 128 + WSTOPSIG(status);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* PROCESS_RUNS while any of its processes does, else PROCESS_STOPPED when any is. */
int job_state(struct job *job)
{
    int state = PROCESS_DONE;
    for (int i = 0; i < job->count; i++) {
        if (job->processes[i].state == PROCESS_RUNS)
            return PROCESS_RUNS;
        if (job->processes[i].state == PROCESS_STOPPED)
            state = PROCESS_STOPPED;
    }
    return state;
}

/* The status of its last process, or of one that stopped. */
int job_status(struct job *job)
{
    for (int i = 0; i < job->count; i++) {
        if (job->processes[i].state == PROCESS_STOPPED)
            return status_of_wait(job->processes[i].status);
    }
    return job->count > 0 ? status_of_wait(job->processes[job->count - 1].status) : sh.status;
}

/* The job that has this process, or NULL. */
struct job *job_by_pid(pid_t pid)
{
    for (struct job *job = jobs; job; job = job->next) {
        for (int i = 0; i < job->count; i++) {
            if (job->processes[i].pid == pid)
                return job;
        }
    }
    return NULL;
}

/* A change is what changes the state of the whole job; that it is stopped anew is one too. */
static void job_note(pid_t pid, int status)
{
    struct job *job = job_by_pid(pid);
    int before = job ? job_state(job) : PROCESS_DONE;
    for (int i = 0; job && i < job->count; i++) {
        struct process *process = &job->processes[i];
        if (process->pid != pid)
            continue;
        process->status = status;
        process->state = WIFSTOPPED(status) ? PROCESS_STOPPED : PROCESS_DONE;
        job->changed |= job_state(job) != before || (WIFSTOPPED(status) && before == PROCESS_STOPPED);
    }
}

/* Children can vanish unseen when the shell was started with SIGCHLD ignored. */
static void jobs_have_vanished(void)
{
    for (struct job *job = jobs; job; job = job->next) {
        for (int i = 0; i < job->count; i++) {
            if (job->processes[i].state != PROCESS_DONE) {
                job->processes[i].state = PROCESS_DONE;
                job->changed = true;
            }
        }
    }
}

/* Notes one child's end or stop; false when there is nothing to note (or a signal came first). */
static bool job_wait_one(int flags)
{
    int status;
    pid_t pid = waitpid(-1, &status, flags | (sh.option['m'] ? WUNTRACED : 0));
    if (pid < 0 && errno == ECHILD)
        jobs_have_vanished();
    if (pid > 0)
        job_note(pid, status);
    return pid > 0;
}

/* Notes what happened to children up to now. */
void job_collect(void)
{
    while (job_wait_one(WNOHANG))
        ;
}

static void tty_take_back(struct job *job, bool stopped, bool killed)
{
    if (tty < 0 || job->group == 0)
        return;
    tcsetpgrp(tty, shell_group);
    if (stopped) {
        job->modes = job->modes ? job->modes : memory_get(sizeof *job->modes);
        tcgetattr(tty, job->modes);
    }
    /* A program that ended by itself may have meant to change the modes. */
    if (stopped || killed)
        tcsetattr(tty, TCSADRAIN, &shell_modes);
    else
        tcgetattr(tty, &shell_modes);
}

/* Says by which signal a foreground job was killed, where that is not plain to see. */
static void job_report_signal(int signal, bool dumped)
{
    if (signal == SIGINT && sh.interactive) {
        /* ^C was meant for the command line as a whole. */
        trap_interrupted = true;
    } else if (signal != SIGINT && signal != SIGPIPE) {
        struct buffer text = {0};
        buffer_string(&text, signal_text(signal));
        buffer_string(&text, dumped ? " (core dumped)\n" : "\n");
        write_all(2, text.data, text.length);
        buffer_free(&text);
    }
}

/* Waits until a job in the foreground ends or stops; frees it when it ended.  Answers its status. */
int job_wait(struct job *job)
{
    while (job_state(job) == PROCESS_RUNS)
        job_wait_one(0);
    int result = job_status(job), raw = job->count > 0 ? job->processes[job->count - 1].status : 0;
    bool stopped = job_state(job) == PROCESS_STOPPED, killed = !stopped && WIFSIGNALED(raw);
    tty_take_back(job, stopped, killed);
    job->changed = false;
    if (stopped) {
        job->background = true;
        job_make_current(job);
        write_all(2, "\n", 1);
        job_print(job, false);
        out_flush_to(2);
        return result;
    }
    if (killed)
        job_report_signal(WTERMSIG(raw), WCOREDUMP(raw));
    job_free(job);
    return result;
}

/* Waits for a child that is no job. */
int job_wait_pid(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return 0;
    }
    return status_of_wait(status);
}

/* Sends a signal to all of a job. */
int job_signal(struct job *job, int signal)
{
    int result = 0;
    if (job->group > 0)
        return kill(-job->group, signal);
    for (int i = 0; i < job->count; i++)
        result |= kill(job->processes[i].pid, signal);
    return result;
}

static void job_continue(struct job *job)
{
    for (int i = 0; i < job->count; i++) {
        if (job->processes[i].state == PROCESS_STOPPED)
            job->processes[i].state = PROCESS_RUNS;
    }
    job->changed = false;
    job_signal(job, SIGCONT);
}

/* fg: gives a job the terminal and waits for it. */
int job_foreground(struct job *job)
{
    edit_release();
    job_make_current(job);
    job->background = false;
    if (tty >= 0 && job->group > 0) {
        if (job->modes)
            tcsetattr(tty, TCSADRAIN, job->modes);
        tcsetpgrp(tty, job->group);
    }
    job_continue(job);
    return job_wait(job);
}

/* bg: lets a stopped job go on without the terminal. */
void job_background(struct job *job)
{
    job->background = true;
    sh.last_bg = job->processes[job->count - 1].pid;
    job_continue(job);
}

bool job_any_stopped(void)
{
    for (struct job *job = jobs; job; job = job->next) {
        if (job_state(job) == PROCESS_STOPPED)
            return true;
    }
    return false;
}
