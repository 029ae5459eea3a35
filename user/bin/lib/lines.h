/*
 * lines.h - text in lines.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A line and its buffer, zeroed before the first use; `text` ends in a 0, and has no newline. */
struct line {
    char *text;
    size_t length, room;
    bool newline; /* there was one */
};

bool line_read(FILE *file, struct line *line);
void line_write(FILE *file, const struct line *line);
