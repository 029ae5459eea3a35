/*
 * history.c - the command lines that were typed, and the built-in that lists them.
 *
 * A ring of the last lines, in memory only: the root is a RAM file system, nothing would outlive the machine.
 */
#include <stdlib.h>
#include <string.h>

#include "sh.h"

enum { KEPT = 128 };

static char *lines[KEPT];
static int added; /* in all */

int history_count(void)
{
    return added < KEPT ? added : KEPT;
}

/* The line that was typed that many lines ago; 1 is the last. */
const char *history_get(int back)
{
    return lines[(added - back) % KEPT];
}

/* Keeps a line, unless it is empty or just the one before. */
void history_add(const char *line)
{
    if (!*line || (added > 0 && strcmp(history_get(1), line) == 0))
        return;
    free(lines[added % KEPT]);
    lines[added % KEPT] = memory_copy(line);
    added++;
}

int builtin_history(int argc, char **argv)
{
    (void)argc, (void)argv;
    for (int back = history_count(); back > 0; back--) {
        char *number = number_text(added - back + 1);
        out_format("%s%s  %s\n", "     " + (strlen(number) < 5 ? strlen(number) : 5), number, history_get(back));
    }
    return 0;
}
