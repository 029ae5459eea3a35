/*
 * signals.c - the names of the signals, without SIG, as kill -l prints them.
 */
#include "signals.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util.h"

static const struct {
    int number;
    const char *name;
} signals[] = {
    {SIGHUP, "HUP"},       {SIGINT, "INT"},   {SIGQUIT, "QUIT"},   {SIGILL, "ILL"},   {SIGTRAP, "TRAP"},
    {SIGABRT, "ABRT"},     {SIGBUS, "BUS"},   {SIGFPE, "FPE"},     {SIGKILL, "KILL"}, {SIGUSR1, "USR1"},
    {SIGSEGV, "SEGV"},     {SIGUSR2, "USR2"}, {SIGPIPE, "PIPE"},   {SIGALRM, "ALRM"}, {SIGTERM, "TERM"},
    {SIGSTKFLT, "STKFLT"}, {SIGCHLD, "CHLD"}, {SIGCONT, "CONT"},   {SIGSTOP, "STOP"}, {SIGTSTP, "TSTP"},
    {SIGTTIN, "TTIN"},     {SIGTTOU, "TTOU"}, {SIGURG, "URG"},     {SIGXCPU, "XCPU"}, {SIGXFSZ, "XFSZ"},
    {SIGVTALRM, "VTALRM"}, {SIGPROF, "PROF"}, {SIGWINCH, "WINCH"}, {SIGIO, "IO"},     {SIGPOLL, "POLL"},
    {SIGPWR, "PWR"},       {SIGSYS, "SYS"},
};

/* The name of a signal; real-time ones as RTMIN+n, written to `room`; NULL when there is no such signal. */
const char *signals_name(int number, char *room, size_t size)
{
    for (size_t i = 0; i < UTIL_COUNT(signals); i++) {
        if (signals[i].number == number)
            return signals[i].name;
    }
    if (number < SIGRTMIN || number > SIGRTMAX)
        return NULL;
    if (number == SIGRTMIN || number == SIGRTMAX)
        return number == SIGRTMIN ? "RTMIN" : "RTMAX";
    snprintf(room, size, "RTMIN+%d", number - SIGRTMIN);
    return room;
}

static bool find_realtime(const char *text, int *number)
{
    bool from_max = strncasecmp(text, "RTMAX", 5) == 0;
    if (!from_max && strncasecmp(text, "RTMIN", 5) != 0)
        return false;
    long long offset = 0;
    if (text[5] && !util_parse(text + 5, 10, &offset))
        return false;
    *number = (from_max ? SIGRTMAX : SIGRTMIN) + offset;
    return *number >= SIGRTMIN && *number <= SIGRTMAX;
}

/* The signal that `text` names: a number, a name with or without SIG, RTMIN+n, RTMAX-n; 0 is allowed. */
bool signals_find(const char *text, int *number)
{
    long long value;
    if (util_parse(text, 10, &value)) {
        *number = value;
        return value >= 0 && value <= SIGRTMAX;
    }
    if (strncasecmp(text, "SIG", 3) == 0)
        text += 3;
    for (size_t i = 0; i < UTIL_COUNT(signals); i++) {
        if (strcasecmp(signals[i].name, text) == 0) {
            *number = signals[i].number;
            return true;
        }
    }
    return find_realtime(text, number);
}
