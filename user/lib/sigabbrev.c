/*
 * sigabbrev.c - signals by name.
 */
#include "libc.h"
#include <signal.h>
#include <string.h>

const char *sigabbrev_np(int signal)
{
    static const char names[][8] = {
        [SIGHUP] = "HUP",   [SIGINT] = "INT",       [SIGQUIT] = "QUIT", [SIGILL] = "ILL",     [SIGTRAP] = "TRAP",
        [SIGABRT] = "ABRT", [SIGBUS] = "BUS",       [SIGFPE] = "FPE",   [SIGKILL] = "KILL",   [SIGUSR1] = "USR1",
        [SIGSEGV] = "SEGV", [SIGUSR2] = "USR2",     [SIGPIPE] = "PIPE", [SIGALRM] = "ALRM",   [SIGTERM] = "TERM",
        [SIGCHLD] = "CHLD", [SIGSTKFLT] = "STKFLT", [SIGCONT] = "CONT", [SIGSTOP] = "STOP",   [SIGTSTP] = "TSTP",
        [SIGTTIN] = "TTIN", [SIGTTOU] = "TTOU",     [SIGURG] = "URG",   [SIGXCPU] = "XCPU",   [SIGXFSZ] = "XFSZ",
        [SIGPROF] = "PROF", [SIGVTALRM] = "VTALRM", [SIGIO] = "IO",     [SIGWINCH] = "WINCH", [SIGPWR] = "PWR",
        [SIGSYS] = "SYS",
    };

    return signal > 0 && signal <= SIGSYS ? names[signal] : NULL;
}

const char *sigdescr_np(int signal)
{
    return signal > 0 && signal < NSIG ? sys_siglist[signal] : NULL;
}
