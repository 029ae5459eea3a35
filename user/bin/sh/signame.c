/*
 * signame.c - the signals' names as trap and kill have them (EXIT is number 0), and what the shell says of a command
 * that one has killed.
 */
#include <signal.h>
#include <string.h>

#include "../lib/signals.h"
#include "sh.h"

/* The name without SIG, until the next call; NULL for a number that has none. */
const char *signal_name(int number)
{
    static char room[16];

    return number == 0 ? "EXIT" : signals_name(number, room, sizeof room);
}

/* For messages: what happened to a process that got the signal. */
const char *signal_text(int number)
{
    return strsignal(number);
}

/* The number for a number or a name, with or without SIG; -1 when there is none. */
int signal_number(const char *name)
{
    int number = 0;

    return strcmp(name, "EXIT") == 0 || signals_find(name, &number) ? number : -1;
}
