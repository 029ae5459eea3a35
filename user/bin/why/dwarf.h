/*
 * dwarf.h - the line tables of a program: which line of which file an address was compiled from.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the file; reading behind the end gives zeros and stays there. */
struct bytes {
    const uint8_t *at, *end;
};

struct source_line {
    char path[200];
    unsigned line;
};

/* In the sections .debug_line, .debug_line_str and .debug_str, of DWARF 2 to 5.  False: the address is not there. */
bool dwarf_line(struct bytes lines, struct bytes line_strings, struct bytes strings, uint32_t address,
                struct source_line *found);
