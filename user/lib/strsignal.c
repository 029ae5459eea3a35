/*
 * strsignal.c - a signal's name in words.
 */
#include "libc.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

const char *const sys_siglist[NSIG] = {
    [SIGHUP] = "Hangup",
    [SIGINT] = "Interrupt",
    [SIGQUIT] = "Quit",
    [SIGILL] = "Illegal instruction",
    [SIGTRAP] = "Trace/breakpoint trap",
    [SIGABRT] = "Aborted",
    [SIGBUS] = "Bus error",
    [SIGFPE] = "Floating point exception",
    [SIGKILL] = "Killed",
    [SIGUSR1] = "User defined signal 1",
    [SIGSEGV] = "Segmentation fault",
    [SIGUSR2] = "User defined signal 2",
    [SIGPIPE] = "Broken pipe",
    [SIGALRM] = "Alarm clock",
    [SIGTERM] = "Terminated",
    [SIGSTKFLT] = "Stack fault",
    [SIGCHLD] = "Child exited",
    [SIGCONT] = "Continued",
    [SIGSTOP] = "Stopped (signal)",
    [SIGTSTP] = "Stopped",
    [SIGTTIN] = "Stopped (tty input)",
    [SIGTTOU] = "Stopped (tty output)",
    [SIGURG] = "Urgent I/O condition",
    [SIGXCPU] = "CPU time limit exceeded",
    [SIGXFSZ] = "File size limit exceeded",
    [SIGVTALRM] = "Virtual timer expired",
    [SIGPROF] = "Profiling timer expired",
    [SIGWINCH] = "Window changed",
    [SIGIO] = "I/O possible",
    [SIGPWR] = "Power failure",
    [SIGSYS] = "Bad system call",
};

/* The text of an unknown or real-time signal stands in this thread's own buffer. */
char *strsignal(int signal)
{
    char *buffer = _REENT_SIGNAL_BUF(&__thread_reent);

    if (signal > 0 && signal < NSIG && sys_siglist[signal] != NULL)
        return (char *)sys_siglist[signal];
    if (signal >= SIGRTMIN && signal <= SIGRTMAX)
        snprintf(buffer, _REENT_SIGNAL_SIZE, "Real-time signal %d", signal - SIGRTMIN);
    else
        snprintf(buffer, _REENT_SIGNAL_SIZE, "Unknown signal %d", signal);
    return buffer;
}
