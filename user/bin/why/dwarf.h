/*
 * dwarf.h - what a program's file tells for debuggers: which line of which file an address was compiled from, and
 * where a function's frame on the stack has the way back to its caller.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the file; reading behind the end gives zeros and stays there. */
struct bytes {
    const uint8_t *at, *end;
};

/* The next number of `size` bytes (its lower 4), the next of variable size, the next text. */
uint32_t bytes_get(struct bytes *bytes, unsigned size);
int32_t bytes_get_leb(struct bytes *bytes, bool is_signed);
const char *bytes_get_string(struct bytes *bytes);

struct source_line {
    char path[200];
    unsigned line;
};

/* In the sections .debug_line, .debug_line_str and .debug_str, of DWARF 2 to 5.  False: the address is not there. */
bool dwarf_line(struct bytes lines, struct bytes line_strings, struct bytes strings, uint32_t address,
                struct source_line *found);

/* How large a function's frame is: from sp to where its caller's begins. */
struct frame_rules {
    int32_t size;
    bool saved; /* the return address, so far from the frame's end; else it is in lr still */
    int32_t return_offset;
};

/* frames.c: for an address, in the section .debug_frame.  False: it is not there, or not told by sp. */
bool frame_find(struct bytes frames, uint32_t address, struct frame_rules *rules);
