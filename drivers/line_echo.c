/*
 * line_echo.c - output of the line discipline: OPOST's cooking, and what typing shows.
 *
 * The column of the output is kept, so that erasing a tab goes back as far as the tab went.
 *
 * Left out: delays, and fill characters for them; their flags are kept and given back.
 */
#include <drivers/line_echo.h>

#define TAB_WIDTH 8
#define COOKED_MOST TAB_WIDTH /* what one byte may become */

/* Room for `n` bytes behind the buffer's end; its contents move down where that makes it. */
static bool make_room(struct line_discipline *d, unsigned n)
{
    if (d->cooked_end + n <= COOKED_SIZE)
        return true;
    if (d->cooked_end - d->cooked_start + n > COOKED_SIZE)
        return false;
    for (unsigned i = d->cooked_start; i < d->cooked_end; i++)
        d->cooked[i - d->cooked_start] = d->cooked[i];
    d->cooked_end -= d->cooked_start;
    d->cooked_start = 0;
    return true;
}

static void put(struct line_discipline *d, uint8_t byte)
{
    d->cooked[d->cooked_end++] = byte;
}

static void advance(struct line_discipline *d, uint8_t byte)
{
    if (byte == '\r')
        d->column = 0;
    else if (byte == '\b')
        d->column -= d->column != 0;
    else if (byte == '\t')
        d->column += TAB_WIDTH - d->column % TAB_WIDTH;
    else if (byte >= ' ' && byte != DELETE)
        d->column++;
}

/* POSIX 11.2.3: OPOST, ONLCR, OCRNL, ONOCR, ONLRET, TAB3.  There is room for COOKED_MOST bytes. */
static void cook(struct line_discipline *d, uint8_t byte)
{
    uint32_t flags = d->settings.c_oflag;

    if (!(flags & OPOST)) {
        put(d, byte);
        return;
    }
    if (byte == '\r') {
        if (flags & ONOCR && d->column == 0)
            return;
        if (flags & OCRNL)
            byte = '\n';
    } else if (byte == '\n' && flags & ONLCR) {
        put(d, '\r');
        d->column = 0;
    }
    if (byte == '\n' && flags & ONLRET)
        d->column = 0;
    if (byte == '\t' && (flags & TABDLY) == TAB3) {
        for (unsigned end = d->column + TAB_WIDTH - d->column % TAB_WIDTH; d->column < end; d->column++)
            put(d, ' ');
        return;
    }
    advance(d, byte);
    put(d, byte);
}

unsigned discipline_write(struct line_discipline *d, const uint8_t *bytes, unsigned n)
{
    unsigned taken = 0;

    while (taken < n && make_room(d, COOKED_MOST + ECHO_RESERVE))
        cook(d, bytes[taken++]);
    return taken;
}

void discipline_flush_output(struct line_discipline *d)
{
    d->cooked_start = d->cooked_end = 0;
}

void echo_cooked(struct line_discipline *d, uint8_t byte)
{
    if (make_room(d, COOKED_MOST))
        cook(d, byte);
}

void echo_raw(struct line_discipline *d, uint8_t byte)
{
    if (make_room(d, 1))
        put(d, byte);
}

/* Does the byte show as ^X? */
static bool shows_as_control(const struct line_discipline *d, uint8_t byte)
{
    return local(d, ECHOCTL) && (byte < ' ' || byte == DELETE) && byte != '\t';
}

/* A byte of the line, as ECHO shows it. */
static void show(struct line_discipline *d, uint8_t byte)
{
    if (!shows_as_control(d, byte)) {
        echo_cooked(d, byte);
        return;
    }
    echo_cooked(d, '^');
    echo_cooked(d, byte ^ 0x40);
}

void echo_typed(struct line_discipline *d, uint16_t element)
{
    if (!local(d, ECHO))
        return;
    if ((uint8_t)element == '\n' && !(element & MARK_LITERAL))
        echo_cooked(d, '\n');
    else
        show(d, element);
}

/* The column behind the edited line's first bytes, up to `end`. */
static unsigned column_at(const struct line_discipline *d, uint32_t end)
{
    unsigned column = d->line_column;

    for (uint32_t at = d->line_at; at != end; at++) {
        uint8_t byte = d->input[at % INPUT_SIZE];

        if (byte == '\t')
            column += TAB_WIDTH - column % TAB_WIDTH;
        else if (shows_as_control(d, byte))
            column += 2;
        else if (byte >= ' ' && byte != DELETE)
            column++;
    }
    return column;
}

void echo_erased(struct line_discipline *d)
{
    uint8_t byte = d->input[d->write_at % INPUT_SIZE];
    unsigned back;

    if (!local(d, ECHO))
        return;
    if (!local(d, ECHOE)) {
        show(d, d->settings.c_cc[VERASE]);
        return;
    }
    back = column_at(d, d->write_at + 1) - column_at(d, d->write_at);
    for (; back != 0; back--) {
        echo_cooked(d, '\b');
        if (byte == '\t')
            continue;
        echo_cooked(d, ' ');
        echo_cooked(d, '\b');
    }
}

void echo_quote(struct line_discipline *d)
{
    if (!local(d, ECHO | ECHOCTL))
        return;
    echo_cooked(d, '^');
    echo_cooked(d, '\b');
}

void echo_line_again(struct line_discipline *d)
{
    if (!local(d, ECHO))
        return;
    show(d, d->settings.c_cc[VREPRINT]);
    echo_cooked(d, '\n');
    d->line_column = d->column;
    for (uint32_t at = d->line_at; at != d->write_at; at++)
        show(d, d->input[at % INPUT_SIZE]);
}
