/*
 * signame.c - the signals' names, and what the shell says of a command that one has killed.
 */
#include <signal.h>
#include <string.h>

#include "sh.h"

static const struct {
    const char *name, *text;
} signals[] = {
    [0] = {"EXIT", ""},
    [SIGHUP] = {"HUP", "Hangup"},
    [SIGINT] = {"INT", "Interrupt"},
    [SIGQUIT] = {"QUIT", "Quit"},
    [SIGILL] = {"ILL", "Illegal instruction"},
    [SIGTRAP] = {"TRAP", "Trace/breakpoint trap"},
    [SIGABRT] = {"ABRT", "Aborted"},
    [SIGBUS] = {"BUS", "Bus error"},
    [SIGFPE] = {"FPE", "Floating point exception"},
    [SIGKILL] = {"KILL", "Killed"},
    [SIGUSR1] = {"USR1", "User defined signal 1"},
    [SIGSEGV] = {"SEGV", "Segmentation fault"},
    [SIGUSR2] = {"USR2", "User defined signal 2"},
    [SIGPIPE] = {"PIPE", "Broken pipe"},
    [SIGALRM] = {"ALRM", "Alarm clock"},
    [SIGTERM] = {"TERM", "Terminated"},
    [SIGCHLD] = {"CHLD", "Child exited"},
    [SIGCONT] = {"CONT", "Continued"},
    [SIGSTOP] = {"STOP", "Stopped (signal)"},
    [SIGTSTP] = {"TSTP", "Stopped"},
    [SIGTTIN] = {"TTIN", "Stopped (tty input)"},
    [SIGTTOU] = {"TTOU", "Stopped (tty output)"},
    [SIGURG] = {"URG", "Urgent I/O condition"},
    [SIGXCPU] = {"XCPU", "CPU time limit exceeded"},
    [SIGXFSZ] = {"XFSZ", "File size limit exceeded"},
    [SIGVTALRM] = {"VTALRM", "Virtual timer expired"},
    [SIGPROF] = {"PROF", "Profiling timer expired"},
    [SIGWINCH] = {"WINCH", "Window changed"},
    [SIGPOLL] = {"POLL", "I/O possible"},
    [SIGSYS] = {"SYS", "Bad system call"},
};

enum { NAMED = sizeof signals / sizeof *signals };

/* The name without SIG; NULL for a number that has none. */
const char *signal_name(int number)
{
    return number >= 0 && number < NAMED ? signals[number].name : NULL;
}

/* For messages: what happened to a process that got the signal. */
const char *signal_text(int number)
{
    return number > 0 && number < NAMED && signals[number].text ? signals[number].text : "Unknown signal";
}

/* The number for a number or a name, with or without SIG; -1 when there is none. */
int signal_number(const char *name)
{
    intmax_t number;
    if (name[0] >= '0' && name[0] <= '9')
        return number_parse(name, &number) && number < SIGNAL_COUNT ? (int)number : -1;
    if (strncmp(name, "SIG", 3) == 0)
        name += 3;
    for (int i = 0; i < NAMED; i++) {
        if (signals[i].name && strcmp(signals[i].name, name) == 0)
            return i;
    }
    return -1;
}
