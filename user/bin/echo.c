/*
 * echo.c - prints its arguments with blanks between them.
 *
 * -n: no newline; -e: backslash sequences mean something; -E: they do not (the default).  As POSIX leaves open what
 * a backslash or a first -n does, this follows the echo of most Linux shells; scripts that care use printf.
 */
#include <string.h>

#include "lib/util.h"

/* Is it one of -n, -e, -E or several of them in one word?  Anything else is text. */
static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] && !word[1 + strspn(word + 1, "neE")];
}

/* Prints the word with its sequences; false when \c ends all output. */
static bool print_escaped(const char *word)
{
    bool stop = false;
    while (*word && !stop) {
        char bytes[2] = {*word++};
        size_t count = bytes[0] == '\\' ? util_escape(&word, bytes, true, &stop) : 1;
        fwrite(bytes, 1, count, stdout);
    }
    return !stop;
}

int main(int argc, char **argv)
{
    bool newline = true, escapes = false;
    int i = 1;
    util_start("echo", "[-neE] [WORD]...", 1);
    for (; i < argc && is_option(argv[i]); i++) {
        for (const char *letter = argv[i] + 1; *letter; letter++) {
            if (*letter == 'n')
                newline = false;
            else
                escapes = *letter == 'e';
        }
    }
    for (int first = i; i < argc; i++) {
        if (i > first)
            putchar(' ');
        if (!escapes)
            fputs(argv[i], stdout);
        else if (!print_escaped(argv[i]))
            return util_finish(0);
    }
    if (newline)
        putchar('\n');
    return util_finish(0);
}
