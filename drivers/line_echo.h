/*
 * line_echo.h - the line discipline's way out: output is cooked, typed bytes are echoed.
 */
#pragma once

#include <drivers/line_discipline.h>

#define DELETE 0x7f

/* Are all of these set? */
static inline bool local(const struct line_discipline *d, uint32_t flags)
{
    return (d->settings.c_lflag & flags) == flags;
}

/* One byte, cooked as written bytes are, or as it is.  Dropped where not even the reserve has room. */
void echo_cooked(struct line_discipline *d, uint8_t byte);
void echo_raw(struct line_discipline *d, uint8_t byte);
/* An element of the input that was typed: as the settings want it. */
void echo_typed(struct line_discipline *d, uint16_t element);
/* The edited line has just lost its last byte, which is still in the ring behind it. */
void echo_erased(struct line_discipline *d);
/* LNEXT was typed. */
void echo_quote(struct line_discipline *d);
/* REPRINT: the edited line, on a line of its own. */
void echo_line_again(struct line_discipline *d);
