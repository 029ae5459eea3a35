/*
 * line_discipline.h - what POSIX.1-2017 chapter 11 does to the bytes of a terminal, apart from all input and output:
 * bytes go in at one end and come out at the other.  It takes no lock, knows no process, and runs on the host as well.
 *
 * Input is a ring of what can be or will be read.  Each element is a byte with marks: where a line ends, whether that
 * end is an end of file (a byte that is not handed out), whether the byte was quoted.  [read_at, line_at) holds whole
 * lines (in raw mode: all), [line_at, write_at) the line that can still be edited.  The three only count up.
 *
 * Output, echo included, is cooked into a small buffer; whoever drives the line empties it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/termios.h>

#define INPUT_SIZE 4096u     /* one less is the longest line, MAX_CANON of limits.h: its end always fits */
#define COOKED_SIZE 1024u    /* output that waits for the line */
#define ECHO_RESERVE 64u     /* of it, for echo alone */
#define VDISABLE 0           /* _POSIX_VDISABLE: no character */
#define MARK_LINE_END 0x100u /* a line ends with this byte */
#define MARK_END_FILE 0x200u /* and the byte itself is not read */
#define MARK_LITERAL 0x400u  /* quoted by LNEXT */

struct line_discipline {
    struct abi_termios settings;
    uint16_t input[INPUT_SIZE];
    uint32_t read_at, line_at, write_at;
    unsigned lines;       /* whole lines in [read_at, line_at) */
    bool literal_next;    /* LNEXT came */
    bool stopped;         /* output, by STOP or TCOOFF */
    bool input_stopped;   /* we sent STOP (IXOFF or TCIOFF) */
    unsigned column;      /* of the output */
    unsigned line_column; /* where the line that is edited began */
    uint8_t cooked[COOKED_SIZE];
    unsigned cooked_start, cooked_end;
};

void discipline_init(struct line_discipline *d);

/* A byte from the line.  Answers the signal for the foreground group that it asks for, or 0. */
int discipline_input(struct line_discipline *d, uint8_t byte);

/* New settings.  What was typed ahead stays: on the way into canonical mode it is taken as if typed now, not echoed. */
void discipline_set(struct line_discipline *d, const struct abi_termios *settings);
/* Forget the input, the output not yet given to the line. */
void discipline_flush_input(struct line_discipline *d);
void discipline_flush_output(struct line_discipline *d);

static inline bool discipline_canonical(const struct line_discipline *d)
{
    return d->settings.c_lflag & ICANON;
}

/* How many bytes can be read now, an end of file counting as none. */
unsigned discipline_readable(const struct line_discipline *d);
/* Take up to n bytes to read; in canonical mode they end with the line, and an end of file that follows at once is
 * taken too.  Answers how many; where canonical mode has a line and there are none, that is end of file. */
unsigned discipline_read(struct line_discipline *d, uint8_t *to, unsigned n);

/* Cook bytes for output; answers how many there was room for. */
unsigned discipline_write(struct line_discipline *d, const uint8_t *bytes, unsigned n);
/* Send STOP or START to the other side (TCIOFF, TCION). */
void discipline_send_flow(struct line_discipline *d, bool stop);
