/*
 * yes.c - says "y", or its arguments, until it is stopped.
 */
#include "lib/util.h"

static void say(char **words)
{
    for (; words[0]; words++)
        printf("%s%c", words[0], words[1] ? ' ' : '\n');
}

int main(int argc, char **argv)
{
    static char *y[] = {"y", NULL};
    util_start("yes", "[WORD]...", 1);
    while (!ferror(stdout))
        say(argc > 1 ? argv + 1 : y);
    return util_finish(0);
}
