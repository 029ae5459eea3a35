/*
 * line_discipline.c - canonical and raw input, and the cooking of output.  Echo is in line_echo.c.
 *
 * What a byte means is looked up in the order of POSIX chapter 11: quoting, flow control, signals, mapping of CR and
 * NL, and in canonical mode editing.  Where the input is full a byte is dropped with a bell; the end of a line always
 * fits, so that a full input never stands still.
 *
 * Left out: BREAK (the console's key for debugging, pl011.c) and parity marking (the line has no parity).
 */
#include <abi/signal.h>
#include <drivers/line_discipline.h>
#include <drivers/line_echo.h>

#define CONTROL(letter) ((letter)&0x1f)

/* IXOFF: ask the other side to pause above, to go on below. */
#define INPUT_HIGH (INPUT_SIZE * 3 / 4)
#define INPUT_LOW (INPUT_SIZE / 4)

static const struct abi_termios defaults = {
    .c_iflag = ICRNL | IXON | IMAXBEL,
    .c_oflag = OPOST | ONLCR,
    .c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL,
    .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .c_cc = {[VINTR] = CONTROL('C'),
             [VQUIT] = CONTROL('\\'),
             [VERASE] = DELETE,
             [VKILL] = CONTROL('U'),
             [VEOF] = CONTROL('D'),
             [VMIN] = 1,
             [VSTART] = CONTROL('Q'),
             [VSTOP] = CONTROL('S'),
             [VSUSP] = CONTROL('Z'),
             [VREPRINT] = CONTROL('R'),
             [VDISCARD] = CONTROL('O'),
             [VWERASE] = CONTROL('W'),
             [VLNEXT] = CONTROL('V')},
    .c_ispeed = B115200,
    .c_ospeed = B115200,
};

void discipline_init(struct line_discipline *d)
{
    d->settings = defaults;
}

/* Is `byte` the special character of c_cc[index]? */
static bool is_special(const struct line_discipline *d, uint8_t byte, unsigned index)
{
    return d->settings.c_cc[index] != VDISABLE && d->settings.c_cc[index] == byte;
}

void discipline_send_flow(struct line_discipline *d, bool stop)
{
    uint8_t byte = d->settings.c_cc[stop ? VSTOP : VSTART];

    if (byte == VDISABLE)
        return;
    echo_raw(d, byte);
    d->input_stopped = stop;
}

static void check_input_flow(struct line_discipline *d)
{
    unsigned used = d->write_at - d->read_at;

    if (d->input_stopped ? used > INPUT_LOW : !(d->settings.c_iflag & IXOFF) || used < INPUT_HIGH)
        return;
    discipline_send_flow(d, !d->input_stopped);
}

/* Put an element behind the input, leaving `reserve` places free.  False: no room, a bell told who types. */
static bool append(struct line_discipline *d, uint16_t element, unsigned reserve)
{
    if (d->write_at - d->read_at + reserve >= INPUT_SIZE) {
        if (d->settings.c_iflag & IMAXBEL && local(d, ECHO))
            echo_raw(d, '\a');
        return false;
    }
    d->input[d->write_at++ % INPUT_SIZE] = element;
    check_input_flow(d);
    return true;
}

/* End the line that is edited. */
static void end_line(struct line_discipline *d, uint16_t element)
{
    if (!append(d, element | MARK_LINE_END, 0))
        return;
    d->line_at = d->write_at;
    d->lines++;
}

static void insert(struct line_discipline *d, uint16_t element)
{
    if (!append(d, element, 1))
        return;
    echo_typed(d, element);
}

/* Drop the last byte of the edited line. */
static void erase_one(struct line_discipline *d)
{
    if (d->write_at == d->line_at)
        return;
    d->write_at--;
    echo_erased(d);
}

static bool is_word_byte(uint8_t c)
{
    return c != ' ' && c != '\t';
}

static uint8_t last_byte(const struct line_discipline *d)
{
    return d->input[(d->write_at - 1) % INPUT_SIZE];
}

static void erase_word(struct line_discipline *d)
{
    while (d->write_at != d->line_at && !is_word_byte(last_byte(d)))
        erase_one(d);
    while (d->write_at != d->line_at && is_word_byte(last_byte(d)))
        erase_one(d);
}

static void kill_line(struct line_discipline *d)
{
    if (local(d, ECHO | ECHOE | ECHOK | ECHOKE | IEXTEN)) {
        while (d->write_at != d->line_at)
            erase_one(d);
        return;
    }
    d->write_at = d->line_at;
    echo_typed(d, d->settings.c_cc[VKILL]);
    if (local(d, ECHO | ECHOK))
        echo_cooked(d, '\n');
}

/* POSIX 11.1.6: what edits the line in canonical mode.  False: it is a byte of the line. */
static bool edit(struct line_discipline *d, uint8_t byte)
{
    if (is_special(d, byte, VERASE))
        erase_one(d);
    else if (is_special(d, byte, VKILL))
        kill_line(d);
    else if (is_special(d, byte, VWERASE) && local(d, IEXTEN))
        erase_word(d);
    else if (is_special(d, byte, VREPRINT) && local(d, IEXTEN))
        echo_line_again(d);
    else
        return false;
    return true;
}

static void canonical_input(struct line_discipline *d, uint8_t byte)
{
    if (d->write_at == d->line_at)
        d->line_column = d->column;
    if (edit(d, byte))
        return;
    if (byte == '\n') {
        if (local(d, ECHO) || local(d, ECHONL))
            echo_cooked(d, '\n');
        end_line(d, byte);
    } else if (is_special(d, byte, VEOF)) {
        end_line(d, byte | MARK_END_FILE);
    } else if (is_special(d, byte, VEOL) || (is_special(d, byte, VEOL2) && local(d, IEXTEN))) {
        echo_typed(d, byte);
        end_line(d, byte);
    } else {
        insert(d, byte);
    }
}

/* A byte that has no meaning of its own, or lost it by quoting. */
static void plain_input(struct line_discipline *d, uint16_t element)
{
    insert(d, element);
    if (!discipline_canonical(d))
        d->line_at = d->write_at;
}

/* STOP and START; answers whether the byte was one. */
static bool flow_control(struct line_discipline *d, uint8_t byte)
{
    if (!(d->settings.c_iflag & IXON))
        return false;
    if (is_special(d, byte, VSTART)) {
        d->stopped = false;
        return true;
    }
    if (is_special(d, byte, VSTOP)) {
        d->stopped = true;
        return true;
    }
    if (d->settings.c_iflag & IXANY)
        d->stopped = false;
    return false;
}

/* The signal that the byte asks for, or 0. */
static int signal_of(const struct line_discipline *d, uint8_t byte)
{
    if (!local(d, ISIG))
        return 0;
    if (is_special(d, byte, VINTR))
        return SIGINT;
    if (is_special(d, byte, VQUIT))
        return SIGQUIT;
    return is_special(d, byte, VSUSP) ? SIGTSTP : 0;
}

/* POSIX 11.2.2: INLCR, IGNCR, ICRNL.  Negative: the byte is dropped. */
static int map_line_end(const struct line_discipline *d, uint8_t byte)
{
    uint32_t flags = d->settings.c_iflag;

    if (byte == '\r') {
        if (flags & IGNCR)
            return -1;
        return flags & ICRNL ? '\n' : '\r';
    }
    return byte == '\n' && flags & INLCR ? '\r' : byte;
}

int discipline_input(struct line_discipline *d, uint8_t byte)
{
    int signal, mapped;

    if (d->settings.c_iflag & ISTRIP)
        byte &= 0x7f;
    if (d->literal_next) {
        d->literal_next = false;
        plain_input(d, byte | MARK_LITERAL);
        return 0;
    }
    if (flow_control(d, byte))
        return 0;
    signal = signal_of(d, byte);
    if (signal != 0) {
        if (!local(d, NOFLSH)) {
            discipline_flush_input(d);
            discipline_flush_output(d);
        }
        d->stopped = false;
        echo_typed(d, byte);
        return signal;
    }
    mapped = map_line_end(d, byte);
    if (mapped < 0)
        return 0;
    if (!discipline_canonical(d)) {
        plain_input(d, mapped);
    } else if (is_special(d, mapped, VLNEXT) && local(d, IEXTEN)) {
        d->literal_next = true;
        echo_quote(d);
    } else {
        canonical_input(d, mapped);
    }
    return 0;
}

/* Take what is in the input as if it were typed now, without echo, signals and flow control. */
static void cook_again(struct line_discipline *d)
{
    struct abi_termios settings = d->settings;
    uint32_t end = d->write_at;

    d->settings.c_lflag &= ~(ECHO | ECHONL | ISIG);
    d->settings.c_iflag &= ~(IXON | IXOFF | ISTRIP);
    d->write_at = d->line_at = d->read_at;
    d->lines = 0;
    d->literal_next = false;
    /* What is put back never overtakes what is read: no byte becomes more than one. */
    for (uint32_t at = d->read_at; at != end; at++) {
        uint16_t element = d->input[at % INPUT_SIZE];

        if (element & MARK_LITERAL)
            plain_input(d, element & ~MARK_LINE_END);
        else
            discipline_input(d, element);
    }
    d->settings = settings;
    d->line_column = d->column;
}

void discipline_set(struct line_discipline *d, const struct abi_termios *settings)
{
    bool was_canonical = discipline_canonical(d);

    d->settings = *settings;
    if (!(settings->c_iflag & IXON))
        d->stopped = false;
    if (discipline_canonical(d) && !was_canonical)
        cook_again(d);
    if (!discipline_canonical(d)) {
        d->line_at = d->write_at;
        d->literal_next = false;
    }
}

void discipline_flush_input(struct line_discipline *d)
{
    d->read_at = d->line_at = d->write_at;
    d->lines = 0;
    d->literal_next = false;
    check_input_flow(d);
}

unsigned discipline_readable(const struct line_discipline *d)
{
    unsigned n = d->line_at - d->read_at;

    if (discipline_canonical(d))
        for (uint32_t at = d->read_at; at != d->line_at; at++)
            n -= (d->input[at % INPUT_SIZE] & MARK_END_FILE) != 0;
    return n;
}

unsigned discipline_read(struct line_discipline *d, uint8_t *to, unsigned n)
{
    bool canonical = discipline_canonical(d), line_ended = false;
    unsigned taken = 0;

    while (d->read_at != d->line_at && !line_ended) {
        uint16_t element = d->input[d->read_at % INPUT_SIZE];
        bool end_file = canonical && element & MARK_END_FILE;

        if (taken == n && !(end_file && taken != 0))
            break;
        d->read_at++;
        if (!end_file)
            to[taken++] = element;
        line_ended = canonical && element & MARK_LINE_END;
    }
    d->lines -= line_ended;
    check_input_flow(d);
    return taken;
}
