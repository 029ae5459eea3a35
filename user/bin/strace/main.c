/*
 * strace - shows the system calls of a process and the signals it takes, while it runs.
 *
 *      strace [-cfqrTt] [-e LIST] [-o FILE] [-s LENGTH] {-p PID | COMMAND [ARGUMENT...]}
 *
 * It reads the records of /proc/PID/trace (stream.c), which the process leaves there without being stopped, and prints
 * each as Linux' strace does (lines.c; calls.c says what a call's arguments are).  A COMMAND is begun by a child that
 * waits until its trace is open; what it does before execve is not shown.
 *
 * The status is the command's; one that a signal has killed ends this program by the same signal.
 */
#include <abi/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "../lib/util.h"
#include "strace.h"

struct options options = {.length = 32};
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

/* The program's path, as the shell would find it. */
static char *find_program(const char *name)
{
    const char *path = getenv("PATH");
    char *words, *word, *rest;

    if (strchr(name, '/'))
        return util_strdup(name);
    rest = words = util_strdup(path ? path : "/bin");
    while ((word = strsep(&rest, ":"))) {
        char *file = util_join(*word ? word : ".", name);

        if (access(file, X_OK) == 0) {
            free(words);
            return file;
        }
        free(file);
    }
    util_errx("Cannot find executable '%s'", name);
}

/* The command, traced, in a child. */
static pid_t start(char **command)
{
    char *path = find_program(command[0]);
    int ends[2];
    pid_t pid;
    char c;

    if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
        util_err("fork");
    if (pid == 0) {
        close(ends[1]);
        if (read(ends[0], &c, 1) != 1)
            _exit(1); /* the parent has said why */
        execv(path, command);
        util_warn("exec %s", path);
        fflush(stderr);
        _exit(1);
    }
    close(ends[0]);
    stream_open(pid);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    if (write(ends[1], "", 1) != 1)
        util_err("start");
    close(ends[1]);
    free(path);
    return pid;
}

static void attach(pid_t pid)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    for (size_t i = 0; i < UTIL_COUNT(ends); i++)
        sigaction(ends[i], &action, NULL);
    stream_open(pid);
    if (!options.quiet)
        fprintf(stderr, "strace: Process %d attached\n", (int)pid);
}

/* Shows what comes; `begun`: from the first record on, else from execve. */
static void show(bool begun)
{
    const struct abi_trace_record *record;

    while ((record = stream_next(&stop))) {
        begun |= record->kind == TRACE_CALL && record->number == SYS_execve;
        if (begun)
            lines_record(record);
    }
    lines_end();
    if (options.count)
        count_print(options.output);
    fflush(options.output);
}

static int end_as(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            util_err("wait");
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        raise(WTERMSIG(status));
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void take_stamp(int option)
{
    if (option == 'r')
        options.stamps = STAMP_RELATIVE;
    else if (options.stamps < STAMP_EPOCH)
        options.stamps++;
}

int main(int argc, char **argv)
{
    const char *file = NULL;
    pid_t pid = 0;
    int option;

    util_start("strace", "[-cfqrTt] [-e LIST] [-o FILE] [-s LENGTH] {-p PID | COMMAND [ARGUMENT...]}", 1);
    while ((option = getopt(argc, argv, "+cfqrTte:o:p:s:")) != -1) {
        switch (option) {
        case 'c':
            options.count = true;
            break;
        case 'f':
            options.follow = true;
            break;
        case 'q':
            options.quiet++;
            break;
        case 'T':
            options.durations = true;
            break;
        case 'r':
        case 't':
            take_stamp(option);
            break;
        case 'e':
            filter_option(optarg);
            break;
        case 'o':
            file = optarg;
            break;
        case 'p':
            pid = (pid_t)util_number(optarg, 1, 1 << 30, "pid");
            break;
        case 's':
            options.length = (int)util_number(optarg, 0, TRACE_BYTES_MAX, "length");
            break;
        default:
            util_usage();
        }
    }
    if ((pid != 0) == (optind < argc))
        util_usage();
    options.output = file ? fopen(file, "we") : stderr;
    if (!options.output)
        util_err("%s", file);
    setvbuf(options.output, NULL, _IOFBF, BUFSIZ);
    if (pid != 0) {
        attach(pid);
        show(true);
        if (stop && !options.quiet)
            fprintf(stderr, "strace: Process %d detached\n", (int)pid);
        return util_finish(0);
    }
    pid = start(argv + optind);
    show(false);
    return util_finish(end_as(pid));
}
