/*
 * lines.c - reading lines of any length, 0 bytes included, with or without a newline behind the last.
 */
#include "lines.h"

#include <stdlib.h>

/* Reads the next line into `line`, whose buffer it keeps from call to call; false at the end of the file. */
bool line_read(FILE *file, struct line *line)
{
    ssize_t got = getline(&line->text, &line->room, file);
    if (got <= 0)
        return false;
    line->newline = line->text[got - 1] == '\n';
    line->length = got - line->newline;
    line->text[line->length] = '\0';
    return true;
}

/* Writes it, with a newline. */
void line_write(FILE *file, const struct line *line)
{
    fwrite(line->text, 1, line->length, file);
    putc('\n', file);
}
