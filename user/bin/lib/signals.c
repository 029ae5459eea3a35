/*
 * signals.c - the names of the signals, without SIG, as kill -l prints them.
 */
#define _GNU_SOURCE
#include "signals.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util.h"

/* The name of a signal; real-time ones as RTMIN+n, written to `room`; NULL when there is no such signal. */
const char *signals_name(int number, char *room, size_t size)
{
    if (number < SIGRTMIN || number > SIGRTMAX)
        return sigabbrev_np(number);
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
    if (strcasecmp(text, "POLL") == 0)
        text = sigabbrev_np(SIGPOLL); /* SIGIO's other name */
    for (*number = 1; *number < SIGRTMIN; ++*number) {
        const char *name = sigabbrev_np(*number);
        if (name && strcasecmp(name, text) == 0)
            return true;
    }
    return find_realtime(text, number);
}
