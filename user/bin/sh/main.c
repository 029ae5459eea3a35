/*
 * main.c - sh: the command language interpreter.
 *
 *      sh [-aCefhimnuvx] [-o option] [file [argument...]]
 *      sh -c [...] commands [name [argument...]]
 *      sh -s [...] [argument...]
 *
 * Here the shell is set up, and ends.  sh.h tells the way of a command through the other files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

extern char **environ;

struct shell sh = {.trap_status = -1};

/* Ends the shell with $?, after the trap for EXIT. */
void shell_exit(void)
{
    edit_release();
    trap_run_exit();
    out_flush();
    exit(sh.status & 255);
}

/* Runs a file that may be missing, such as a profile. */
static void shell_run_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    struct source source;
    source_file(&source, fd_move_up(fd));
    run_source(&source, 0);
    source_close(&source);
    if (sh.skip != SKIP_EXIT)
        sh.skip = SKIP_NONE;
}

/* POSIX sh, ENV: an interactive shell reads the file that it names. */
static void shell_run_profiles(bool login)
{
    struct mark mark = scratch_mark();
    if (login) {
        const char *home = var_get("HOME");
        shell_run_file("/etc/profile");
        if (home && !sh.skip) {
            char *path = scratch_get(strlen(home) + sizeof "/.profile");
            strcpy(path, home);
            strcat(path, "/.profile");
            shell_run_file(path);
        }
    }
    if (sh.interactive && !sh.skip) {
        char *path = expand_prompt("ENV", "");
        if (*path)
            shell_run_file(path);
    }
    scratch_release(mark);
}

/* An interactive shell has come to the end of its input: may it leave? */
static bool shell_may_leave(struct source *source)
{
    static bool warned;
    bool stopped = job_any_stopped() && !warned;
    write_all(2, "\n", 1);
    if (!stopped && !sh.option['I'])
        return true;
    error_say(stopped ? "there are stopped jobs" : "use exit to leave");
    warned = true;
    source->eof = false;
    return false;
}

/* Runs commands until the source ends; in an interactive shell errors lead back here. */
static void shell_run(struct source *source)
{
    for (;;) {
        run_source(source, RUN_LAST);
        if (!sh.interactive || sh.skip == SKIP_EXIT)
            return;
        if (trap_interrupted) {
            write_all(2, "\n", 1);
            source->eof = false;
        }
        trap_interrupt_heeded();
        sh.skip = SKIP_NONE;
        if (source->eof && shell_may_leave(source))
            return;
    }
}

static void shell_open_script(struct source *source, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        bool missing = errno == ENOENT;
        error_say("%s: %s", path, strerror(errno));
        exit(missing ? 127 : 126); /* POSIX sh, EXIT STATUS */
    }
    source_file(source, fd_move_up(fd));
}

/* Decides from options and operands what to read; answers how many operands that took. */
static int shell_open_source(struct source *source, char **operands)
{
    if (sh.option['c']) {
        if (!*operands) {
            error_say("-c: the commands are missing");
            exit(2);
        }
        if (operands[1])
            sh.name = operands[1];
        source_string(source, operands[0], 1);
        return operands[1] ? 2 : 1;
    }
    if (*operands && !sh.option['s']) {
        sh.name = operands[0];
        shell_open_script(source, operands[0]);
        return 1;
    }
    sh.option['s'] = true;
    /* POSIX sh: interactive when a terminal is there to read from and to speak to. */
    sh.option['i'] |= isatty(0) && isatty(2);
    return 0;
}

static void shell_start(struct source *source, char **arguments)
{
    bool ended;
    int count = 0, used = option_parse(arguments, "abCcefhimnsuvx", &ended);
    if (used < 0)
        exit(2);
    char **operands = arguments + used;
    operands += shell_open_source(source, operands);
    while (operands[count])
        count++;
    params_set(&sh.params, count, operands);
    sh.interactive = sh.option['i'];
    sh.option['m'] |= sh.interactive;
    sh.started = true;
    trap_set_interactive();
    if (sh.option['m'])
        job_control_start();
    if (sh.option['s'])
        source_file(source, 0);
}

int main(int argc, char **argv)
{
    struct source source;
    bool login = argc > 0 && argv[0][0] == '-';
    sh.name = argc > 0 ? argv[0] + login : "sh";
    sh.pid = getpid();
    var_init(environ);
    var_set("PPID", number_text(getppid()));
    cd_init();
    shell_start(&source, argv + (argc > 0));
    if (login || sh.interactive)
        shell_run_profiles(login);
    if (!sh.skip)
        shell_run(&source);
    source_close(&source);
    shell_exit();
}
