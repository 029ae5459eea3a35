/*
 * edit.c - the line editor: raw mode, keys, and the line on the screen.
 *
 * It needs no more of the terminal than VT100's cursor up and erase below, so it works on a bare serial line.  A line
 * that is wider than the terminal goes on in the next row.  Keys are read one by one: what was typed ahead behind the
 * line may be meant for the command.
 *
 * The terminal stays raw while quick built-ins run, and gets its modes back when something else begins
 * (edit_release): so lines that come faster than they are run are not echoed twice.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "sh.h"

enum { KEY_END = -1, KEY_UP = 256, KEY_DOWN, KEY_RIGHT, KEY_LEFT, KEY_HOME, KEY_LINE_END, KEY_DELETE, KEY_OTHER };

enum { CTRL_A = 1, CTRL_B = 2, CTRL_C = 3, CTRL_D = 4, CTRL_E = 5, CTRL_F = 6, CTRL_H = 8, CTRL_K = 11, CTRL_L = 12 };
enum { CTRL_N = 14, CTRL_P = 16, CTRL_U = 21, CTRL_W = 23, ESCAPE = 27, RUBOUT = 127 };

struct editor {
    const char *prompt;
    struct buffer *line; /* the text before `start` in it is not ours */
    size_t start, cursor;
    size_t columns;
    size_t row;          /* of the cursor on the screen, from the prompt's first row on */
    struct buffer out;   /* for the screen */
    struct buffer stash; /* the new line, while one of the history is shown */
    int back;            /* lines back in the history; 0: the new line */
    bool stale;          /* the screen is behind the line */
};

static struct termios modes; /* the terminal's, while it is raw */
static bool is_raw;

/* Waits for input or ^C, which is blocked up to the wait so that it cannot come unseen before. */
static void key_wait(void)
{
    sigset_t interrupt, before;
    fd_set terminal;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, &before);
    do {
        FD_ZERO(&terminal);
        FD_SET(0, &terminal);
    } while (!trap_interrupt_came() && pselect(1, &terminal, NULL, NULL, NULL, &before) < 0 && errno == EINTR);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Nothing to read is the end: the terminal is gone, or ^C has dropped what there was. */
static int key_byte(void)
{
    unsigned char c;
    ssize_t n;
    do {
        key_wait();
        n = trap_interrupt_came() ? 0 : read(0, &c, 1);
    } while (n < 0 && errno == EINTR);
    return n == 1 ? c : KEY_END;
}

/* The rest of an escape sequence, behind ESC. */
static int key_escape(void)
{
    int kind = key_byte(), number = 0, c;
    if (kind != '[' && kind != 'O')
        return KEY_OTHER;
    while ((c = key_byte()) >= '0' && c <= '9')
        number = (number * 10 + c - '0') % 100;
    while (c == ';' || (c >= '0' && c <= '9'))
        c = key_byte();
    switch (c) {
    case 'A':
        return KEY_UP;
    case 'B':
        return KEY_DOWN;
    case 'C':
        return KEY_RIGHT;
    case 'D':
        return KEY_LEFT;
    case 'H':
        return KEY_HOME;
    case 'F':
        return KEY_LINE_END;
    case '~':
        return number == 3                  ? KEY_DELETE
               : number == 1 || number == 7 ? KEY_HOME
               : number == 4 || number == 8 ? KEY_LINE_END
                                            : KEY_OTHER;
    }
    return KEY_OTHER;
}

static int key_next(void)
{
    int c = key_byte();
    return c == ESCAPE ? key_escape() : c;
}

/* A byte of UTF-8 that does not begin a character takes no column. */
static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Columns that a text takes; escape sequences in a prompt take none. */
static size_t text_width(const char *text, size_t length)
{
    size_t width = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ESCAPE && i + 1 < length && text[i + 1] == '[') {
            for (i += 2; i < length && (text[i] < '@' || text[i] > '~'); i++)
                ;
        } else if (text[i] == '\n') {
            width = 0;
        } else if ((unsigned char)text[i] >= ' ' && !is_continuation(text[i])) {
            width++;
        }
    }
    return width;
}

static char *line_text(struct editor *e)
{
    return e->line->data + e->start;
}

static size_t line_length(struct editor *e)
{
    return e->line->length - e->start;
}

/* Column of a place in the line, counted on from the prompt's first row. */
static size_t place_of(struct editor *e, size_t at)
{
    return text_width(e->prompt, strlen(e->prompt)) + text_width(line_text(e), at);
}

static void screen_flush(struct editor *e)
{
    if (e->out.length > 0)
        write_all(1, e->out.data, e->out.length);
    e->out.length = 0;
}

static void screen_move(struct editor *e, size_t count, char direction)
{
    if (count == 0)
        return;
    buffer_string(&e->out, "\033[");
    buffer_string(&e->out, number_text((intmax_t)count));
    buffer_add(&e->out, direction);
}

/* Terminals wait with the wrap until one more character comes; this makes them do it. */
static void screen_wrap(struct editor *e, size_t place)
{
    if (place > 0 && place % e->columns == 0)
        buffer_string(&e->out, " \r");
}

/* Puts the cursor where it belongs, coming from place. */
static void screen_place(struct editor *e, size_t from)
{
    size_t to = place_of(e, e->cursor);
    screen_move(e, from / e->columns - to / e->columns, 'A');
    buffer_add(&e->out, '\r');
    screen_move(e, to % e->columns, 'C');
    e->row = to / e->columns;
}

/* Draws prompt and line anew. */
static void screen_draw(struct editor *e)
{
    size_t end = place_of(e, line_length(e));
    screen_move(e, e->row, 'A');
    buffer_string(&e->out, "\r\033[J");
    buffer_string(&e->out, e->prompt);
    buffer_append(&e->out, line_text(e), line_length(e));
    screen_wrap(e, end);
    e->row = end / e->columns;
    if (e->cursor < line_length(e))
        screen_place(e, end);
    e->stale = false;
}

static void line_insert(struct editor *e, const char *text, size_t length)
{
    size_t at = e->start + e->cursor, behind = e->line->length - at;
    buffer_append(e->line, text, length);
    memmove(e->line->data + at + length, e->line->data + at, behind);
    memcpy(e->line->data + at, text, length);
    e->cursor += length;
    if (behind > 0 || e->stale) {
        e->stale = true;
        return;
    }
    size_t end = place_of(e, e->cursor);
    buffer_append(&e->out, text, length);
    screen_wrap(e, end);
    e->row = end / e->columns;
}

/* Removes what is between two places, and leaves the cursor at the first. */
static void line_cut(struct editor *e, size_t from, size_t to)
{
    char *text = line_text(e);
    memmove(text + from, text + to, line_length(e) - to + 1);
    e->line->length -= to - from;
    e->cursor = from;
    e->stale = true;
}

static void line_replace(struct editor *e, const char *text)
{
    e->line->length = e->start;
    buffer_string(e->line, text);
    e->cursor = line_length(e);
    e->stale = true;
}

static size_t char_before(struct editor *e)
{
    size_t at = e->cursor;
    while (at > 0 && is_continuation(line_text(e)[--at]))
        ;
    return at;
}

static size_t char_behind(struct editor *e)
{
    size_t at = e->cursor, length = line_length(e);
    if (at < length)
        at++;
    while (at < length && is_continuation(line_text(e)[at]))
        at++;
    return at;
}

static size_t word_before(struct editor *e)
{
    size_t at = e->cursor;
    while (at > 0 && line_text(e)[at - 1] == ' ')
        at--;
    while (at > 0 && line_text(e)[at - 1] != ' ')
        at--;
    return at;
}

static void cursor_to(struct editor *e, size_t at)
{
    if (e->cursor == at)
        return;
    e->cursor = at;
    e->stale = true;
}

/* Shows the line that is that many back, if there is one. */
static void history_show(struct editor *e, int back)
{
    if (back < 0 || back > history_count())
        return;
    if (e->back == 0) {
        e->stash.length = 0;
        buffer_append(&e->stash, line_text(e), line_length(e));
    }
    e->back = back;
    line_replace(e, back ? history_get(back) : e->stash.data);
}

static size_t common_length(struct fields *names)
{
    size_t length = strlen(names->values[0]);
    for (int i = 1; i < names->count; i++) {
        size_t same = 0;
        while (same < length && names->values[i][same] == names->values[0][same])
            same++;
        length = same;
    }
    return length;
}

static void names_show(struct editor *e, struct fields *names)
{
    buffer_string(&e->out, "\n");
    for (int i = 0; i < names->count; i++) {
        buffer_string(&e->out, names->values[i]);
        buffer_string(&e->out, i + 1 < names->count ? "  " : "\n");
    }
    e->row = 0;
    e->stale = true;
}

/* Tab: adds what all possible names have in common; shows them when that is nothing. */
static void line_complete(struct editor *e)
{
    struct mark mark = scratch_mark();
    struct fields names = {0};
    size_t start;
    int count = complete_names(line_text(e), e->cursor, &start, &names);
    size_t typed = e->cursor - start, common = count > 0 ? common_length(&names) : 0;
    if (common > typed)
        line_insert(e, names.values[0] + typed, common - typed);
    if (count == 1 && names.values[0][common - 1] != '/')
        line_insert(e, " ", 1);
    else if (count > 1 && common <= typed)
        names_show(e, &names);
    scratch_release(mark);
}

/* Keys that move or change something; what has no meaning is left out. */
static void edit_key(struct editor *e, int key)
{
    char c = (char)key;
    switch (key) {
    case KEY_LEFT:
    case CTRL_B:
        cursor_to(e, char_before(e));
        break;
    case KEY_RIGHT:
    case CTRL_F:
        cursor_to(e, char_behind(e));
        break;
    case KEY_HOME:
    case CTRL_A:
        cursor_to(e, 0);
        break;
    case KEY_LINE_END:
    case CTRL_E:
        cursor_to(e, line_length(e));
        break;
    case KEY_UP:
    case CTRL_P:
        history_show(e, e->back + 1);
        break;
    case KEY_DOWN:
    case CTRL_N:
        history_show(e, e->back - 1);
        break;
    case CTRL_H:
    case RUBOUT:
        line_cut(e, char_before(e), e->cursor);
        break;
    case KEY_DELETE:
    case CTRL_D:
        line_cut(e, e->cursor, char_behind(e));
        break;
    case CTRL_K:
        line_cut(e, e->cursor, line_length(e));
        break;
    case CTRL_U:
        line_cut(e, 0, e->cursor);
        break;
    case CTRL_W:
        line_cut(e, word_before(e), e->cursor);
        break;
    case CTRL_L:
        buffer_string(&e->out, "\033[H\033[J");
        e->row = 0;
        e->stale = true;
        break;
    case '\t':
        line_complete(e);
        break;
    default:
        if (key >= ' ' && key < 256)
            line_insert(e, &c, 1);
    }
}

static enum edit_result edit_keys(struct editor *e)
{
    for (;;) {
        if (e->stale)
            screen_draw(e);
        screen_flush(e);
        int key = key_next();
        if (key == '\r' || key == '\n')
            return EDIT_LINE;
        if (key == CTRL_C || (key == KEY_END && trap_interrupt_came()))
            return EDIT_INTERRUPTED;
        if (key == KEY_END || (key == CTRL_D && line_length(e) == 0))
            return EDIT_EOF;
        edit_key(e, key);
    }
}

static size_t terminal_columns(void)
{
    struct winsize size;
    return ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

/*
 * Raw mode, in which all keys are alike but ^C: that is a signal, so that one which is typed when the line has been
 * read already is not lost on the way to the command.  Nothing typed ahead is thrown away (except by ^C), and a return
 * stays a newline, for it may be read by a command in the end.
 */
static bool terminal_raw(void)
{
    if (is_raw)
        return true;
    if (tcgetattr(0, &modes) < 0)
        return false;
    struct termios raw = modes;
    raw.c_iflag &= ~(tcflag_t)(INLCR | IGNCR | IXON | ISTRIP | BRKINT);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN);
    raw.c_cc[VQUIT] = raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    raw.c_cc[VMIN] = raw.c_cc[VTIME] = 0;
    is_raw = tcsetattr(0, TCSADRAIN, &raw) == 0;
    return is_raw;
}

/* Gives the terminal its modes back: before a fork, a loop, or whatever else takes time or reads. */
void edit_release(void)
{
    if (is_raw)
        tcsetattr(0, TCSADRAIN, &modes);
    is_raw = false;
}

/*
 * Lets a person type a line behind the prompt, and appends it to *line.  EDIT_EOF: ^D on an empty line, or the
 * terminal is gone; EDIT_INTERRUPTED: ^C; nothing is appended then.
 */
enum edit_result edit_line(const char *prompt, struct buffer *line)
{
    struct editor e = {.prompt = prompt, .line = line, .start = line->length, .columns = terminal_columns()};
    buffer_string(line, "");
    buffer_string(&e.out, prompt);
    enum edit_result result = terminal_raw() ? edit_keys(&e) : EDIT_EOF;
    if (result == EDIT_LINE)
        cursor_to(&e, line_length(&e));
    if (e.stale)
        screen_draw(&e);
    buffer_string(&e.out, result == EDIT_INTERRUPTED ? "^C" : result == EDIT_LINE ? "\n" : "");
    screen_flush(&e);
    if (result != EDIT_LINE) {
        line->length = e.start;
        line->data[e.start] = '\0';
    }
    buffer_free(&e.out);
    buffer_free(&e.stash);
    return result;
}
