/*
 * line.c - the terminal's line discipline (drivers/line_discipline.c, line_echo.c): what is typed, what is shown, what
 * is read, in canonical and raw mode; and random typing against its invariants.
 *
 * Usage: line [seed]
 */
#include <stdlib.h>

#include "../../drivers/line_discipline.c"
#include "../../drivers/line_echo.c"
#include "tap.h"

#define ROUNDS 200000
#define EDIT (ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE)

static struct line_discipline line;
static char text[INPUT_SIZE + 1];
static int last_signal;

static void fresh(void)
{
    memset(&line, 0, sizeof(line));
    discipline_init(&line);
    last_signal = 0;
}

static void change(uint32_t local_off, uint32_t local_on)
{
    struct abi_termios settings = line.settings;

    settings.c_lflag = (settings.c_lflag & ~local_off) | local_on;
    discipline_set(&line, &settings);
}

static void input_flags(uint32_t off, uint32_t on)
{
    line.settings.c_iflag = (line.settings.c_iflag & ~off) | on;
}

static void type_bytes(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int signal = discipline_input(&line, bytes[i]);

        last_signal = signal != 0 ? signal : last_signal;
    }
}

#define type(literal) type_bytes(literal, sizeof(literal) - 1)

/* All that was put out since the last look. */
static const char *shown(void)
{
    unsigned n = line.cooked_end - line.cooked_start;

    memcpy(text, line.cooked + line.cooked_start, n);
    text[n] = '\0';
    discipline_flush_output(&line);
    return text;
}

/* One read of up to n bytes; "(none)" where it would wait. */
static const char *read_up_to(unsigned n)
{
    if (discipline_canonical(&line) ? line.lines == 0 : line.read_at == line.line_at)
        return "(none)";
    text[discipline_read(&line, (uint8_t *)text, n)] = '\0';
    return text;
}

static const char *read_line(void)
{
    return read_up_to(INPUT_SIZE);
}

static void test_lines(void)
{
    fresh();
    type("ab");
    tap_is_text(read_line(), "(none)", "no line, nothing to read");
    type("c\r");
    tap_is_text(shown(), "abc\r\n", "typing is echoed, CR as a new line");
    type("d\nef");
    tap_is(discipline_readable(&line), 6, "bytes that can be read");
    tap_is_text(read_line(), "abc\n", "a line");
    tap_is_text(read_line(), "d\n", "the next one");
    tap_is_text(read_line(), "(none)", "not the one under way");
    type("g\n");
    tap_is_text(read_up_to(2), "ef", "part of a line");
    tap_is_text(read_up_to(2), "g\n", "its rest");
}

static void test_end_of_file(void)
{
    fresh();
    type("\4");
    tap_is_text(read_line(), "", "EOF alone is end of file");
    tap_is_text(read_line(), "(none)", "once");
    type("abc\4");
    tap_is_text(read_line(), "abc", "EOF behind bytes sends them");
    tap_is_text(read_line(), "(none)", "and is no end of file");
    type("abc\4");
    tap_is_text(read_up_to(3), "abc", "also where they just fill the buffer");
    tap_is_text(read_line(), "(none)", "and then");
    type("abc\4\4x\n");
    tap_is_text(read_up_to(2), "ab", "a part");
    tap_is_text(read_line(), "c", "the rest up to EOF");
    tap_is_text(read_line(), "", "the second EOF is end of file");
    tap_is_text(read_line(), "x\n", "input goes on behind it");
    tap_is(discipline_readable(&line), 0, "nothing is left");
}

static void test_editing(void)
{
    fresh();
    type("ab\x7f\x7f\x7fx");
    tap_is_text(shown(), "ab\b \b\b \bx", "ERASE shows, and stops at the line's start");
    type("one two  \x17z\n");
    tap_is_text(read_line(), "xone z\n", "WERASE takes the word with what is behind it");
    shown();
    type("\3");
    shown();
    type("abc\x15");
    tap_is_text(shown(), "abc\b \b\b \b\b \b", "KILL with ECHOKE wipes the line");
    type("x\n");
    tap_is_text(read_line(), "x\n", "and drops it");
    change(ECHOKE, 0);
    shown();
    type("abc\x15");
    tap_is_text(shown(), "abc^U\r\n", "KILL without ECHOKE");
    change(ECHOE, 0);
    type("ab\x7f\n");
    tap_is_text(shown(), "ab^?\r\n", "ERASE without ECHOE");
    tap_is_text(read_line(), "a\n", "erases");
    type("before\n\x7f\x15\x17");
    tap_is_text(read_line(), "before\n", "an ended line is not edited");
}

static void test_columns(void)
{
    fresh();
    type("a\t\x7f");
    tap_is_text(shown(), "a\t\b\b\b\b\b\b\b", "a tab is erased as far as it went");
    type("\x16\1\x7f");
    tap_is_text(shown(), "^\b^A\b \b\b \b", "a control character, quoted and erased");
    fresh();
    discipline_write(&line, (const uint8_t *)"$ ", 2);
    type("\t\x7f");
    tap_is_text(shown(), "$ \t\b\b\b\b\b\b", "a tab behind a prompt");
}

static void test_quoting(void)
{
    fresh();
    type("\x16\3\x16\x16\x16\n\x16\4\n");
    tap_is(last_signal, 0, "a quoted INTR is no signal");
    tap_is_text(read_line(), "\3\x16\n\4\n", "quoted characters stand in the line");
    type("ab\x12");
    shown();
    type("\x12");
    tap_is_text(shown(), "^R\r\nab", "REPRINT");
    change(IEXTEN, 0);
    type("\x16\n");
    tap_is_text(read_line(), "ab\x16\n", "without IEXTEN nothing is quoted");
}

static void test_signals(void)
{
    fresh();
    type("lost\n");
    type("ab\3");
    tap_is(last_signal, SIGINT, "INTR");
    tap_is_text(shown(), "^C", "what was not put out yet is dropped; ^C shows");
    tap_is_text(read_line(), "(none)", "the input is dropped");
    type("\x1c");
    tap_is(last_signal, SIGQUIT, "QUIT");
    type("\x1a");
    tap_is(last_signal, SIGTSTP, "SUSP");
    change(0, NOFLSH);
    type("kept\n\3");
    tap_is_text(read_line(), "kept\n", "NOFLSH keeps the input");
    change(ISIG, 0);
    last_signal = 0;
    type("\3\n");
    tap_is(last_signal, 0, "without ISIG no signal");
    tap_is_text(read_line(), "\3\n", "but a byte");
    change(0, ISIG);
    line.settings.c_cc[VINTR] = VDISABLE;
    type_bytes("\0\3\n", 3);
    tap_is(last_signal, 0, "a disabled character means nothing");
}

static void test_mapping(void)
{
    fresh();
    input_flags(ICRNL, INLCR);
    change(ICANON, 0);
    type("\r\n");
    tap_is_text(read_line(), "\r\r", "INLCR without ICRNL");
    input_flags(INLCR, IGNCR);
    type("\r\n");
    tap_is_text(read_line(), "\n", "IGNCR");
    input_flags(IGNCR, ISTRIP);
    type("\xe1");
    tap_is_text(read_line(), "a", "ISTRIP");
    change(0, ICANON);
    line.settings.c_cc[VEOL] = ';';
    type("a;b\n");
    tap_is_text(read_line(), "a;", "EOL ends a line and belongs to it");
    line.settings.c_cc[VEOL2] = ':';
    type("a:b\n");
    tap_is_text(read_line(), "b\n", "what was behind it is the next line");
    tap_is_text(read_line(), "a:", "so does EOL2, with IEXTEN");
    change(ECHO, ECHONL);
    shown();
    type("c\n");
    tap_is_text(shown(), "\r\n", "ECHONL shows the new line alone");
}

static void test_output(void)
{
    fresh();
    tap_is(discipline_write(&line, (const uint8_t *)"a\nb\rc", 5), 5, "written");
    tap_is_text(shown(), "a\r\nb\rc", "ONLCR");
    line.settings.c_oflag = OPOST | OCRNL | ONOCR;
    line.column = 0;
    discipline_write(&line, (const uint8_t *)"\ra\rb", 4);
    tap_is_text(shown(), "a\nb", "ONOCR and OCRNL");
    line.settings.c_oflag = OPOST | ONLRET;
    line.column = 0;
    discipline_write(&line, (const uint8_t *)"abc\n\t", 5);
    tap_is(line.column, 8, "ONLRET: the new line returns, so a tab goes to column 8");
    shown();
    line.settings.c_oflag = OPOST | TAB3;
    discipline_write(&line, (const uint8_t *)"ab\tc", 4);
    tap_is_text(shown(), "ab      c", "TAB3: a tab becomes blanks up to the next stop");
    line.settings.c_oflag = ONLCR;
    discipline_write(&line, (const uint8_t *)"a\n", 2);
    tap_is_text(shown(), "a\n", "nothing without OPOST");
}

static void test_output_full(void)
{
    static uint8_t bytes[2 * COOKED_SIZE];
    unsigned n, more;

    fresh();
    memset(bytes, 'x', sizeof(bytes));
    n = discipline_write(&line, bytes, sizeof(bytes));
    tap_ok(n > COOKED_SIZE / 2 && n < COOKED_SIZE, "no more is taken than there is room for");
    tap_is(discipline_write(&line, bytes, 1), 0, "and then nothing");
    type("abc");
    tap_is(line.cooked_end - line.cooked_start, n + 3, "echo has a reserve");
    line.cooked_start += 100;
    more = discipline_write(&line, bytes, sizeof(bytes));
    tap_ok(more > 90 && more <= 100, "what has left makes room");
}

static void test_flow(void)
{
    fresh();
    type("\x13");
    tap_ok(line.stopped, "STOP");
    type("a");
    tap_ok(line.stopped, "stays through typing");
    type("\x11");
    tap_ok(!line.stopped, "START");
    input_flags(0, IXANY);
    type("\x13z");
    tap_ok(!line.stopped, "IXANY: any character starts");
    type("\n");
    tap_is_text(read_line(), "az\n", "the flow's characters are not read");
    input_flags(IXON, 0);
    type("\x13\n");
    tap_is_text(read_line(), "\x13\n", "but are without IXON");
}

static void test_input_flow(void)
{
    fresh();
    change(ECHO, 0);
    input_flags(0, IXOFF);
    for (unsigned i = 0; i < INPUT_HIGH; i++)
        type("\n");
    tap_is_text(shown(), "\x13", "IXOFF: a full input sends STOP");
    while (line.lines > 0)
        read_line();
    tap_is_text(shown(), "\x11", "an empty one START");
}

static void test_full(void)
{
    fresh();
    for (unsigned i = 0; i < INPUT_SIZE + 50; i++) {
        type("x");
        shown();
    }
    type("y");
    tap_is_text(shown(), "\a", "a bell where no more fits");
    type("\n");
    tap_is(line.lines, 1, "the line's end always fits");
    tap_is(discipline_read(&line, (uint8_t *)text, INPUT_SIZE), INPUT_SIZE, "the longest line is read whole");
    tap_ok(text[INPUT_SIZE - 1] == '\n' && text[INPUT_SIZE - 2] == 'x', "with its end");
    type("z\n");
    tap_is_text(read_line(), "z\n", "and typing goes on");
    change(ICANON | ECHO, 0);
    for (unsigned i = 0; i < INPUT_SIZE + 50; i++)
        type("x");
    tap_is(discipline_readable(&line), INPUT_SIZE - 1, "raw input fills up");
    discipline_read(&line, (uint8_t *)text, 1);
    type("y");
    tap_is(discipline_readable(&line), INPUT_SIZE - 1, "and takes more when some was read");
}

static void test_raw(void)
{
    fresh();
    change(ICANON | ISIG | IEXTEN | EDIT, 0);
    input_flags(ICRNL | IXON, 0);
    type("a\r\x7f\3\4\x13\x16");
    tap_is_text(read_line(), "a\r\x7f\3\4\x13\x16", "raw mode gives all as it came");
    tap_is_text(shown(), "", "and shows nothing");
    tap_is_text(read_line(), "(none)", "then there is no more");
}

static void test_modes(void)
{
    fresh();
    type("one\ntwo\4thr");
    change(ICANON, 0);
    tap_is_text(read_line(), "one\ntwo\4thr", "to raw mode: all that was typed can be read");
    type("a\rb\x7f"
         "c\nd\4e");
    change(0, ICANON);
    tap_is_text(read_line(), "a\n", "to canonical mode: what was typed ahead becomes lines");
    tap_is_text(read_line(), "c\n", "is edited");
    tap_is_text(read_line(), "d", "and sent by EOF");
    tap_is_text(read_line(), "(none)", "an unfinished line waits");
    type("f\n");
    tap_is_text(read_line(), "ef\n", "for its end");
    type("\x16\3x");
    change(ICANON, 0);
    change(0, ICANON);
    type("\n");
    tap_is_text(read_line(), "\3x\n", "quoted bytes stay quoted through both changes");
}

/* Types at random, reads at random, changes modes; answers whether the counters make sense. */
static bool random_step(void)
{
    switch (random() % 40) {
    case 0:
        change(ICANON, random() % 2 ? ICANON : 0);
        break;
    case 1:
        change(EDIT | NOFLSH, random() & (EDIT | NOFLSH));
        break;
    case 2:
    case 3:
        discipline_read(&line, (uint8_t *)text, random() % INPUT_SIZE);
        break;
    case 4:
        discipline_flush_output(&line);
        break;
    default:
        for (unsigned n = random() % 20; n != 0; n--)
            discipline_input(&line, random() % 8 ? 'a' + random() % 3 : random() % 32);
    }
    unsigned ends = 0;

    for (uint32_t at = line.read_at; at != line.line_at; at++)
        ends += (line.input[at % INPUT_SIZE] & MARK_LINE_END) != 0;
    return line.write_at - line.read_at <= INPUT_SIZE && line.line_at - line.read_at <= line.write_at - line.read_at &&
           line.cooked_start <= line.cooked_end && line.cooked_end <= COOKED_SIZE &&
           (!discipline_canonical(&line) || line.lines == ends);
}

static void test_random(unsigned seed)
{
    unsigned wrong = 0;

    srandom(seed);
    fresh();
    for (unsigned i = 0; i < ROUNDS; i++)
        wrong += !random_step();
    tap_is(wrong, 0, "%d random steps, seed %u", ROUNDS, seed);
}

int main(int argc, char **argv)
{
    test_lines();
    test_end_of_file();
    test_editing();
    test_columns();
    test_quoting();
    test_signals();
    test_mapping();
    test_output();
    test_output_full();
    test_flow();
    test_input_flow();
    test_full();
    test_raw();
    test_modes();
    test_random(argc > 1 ? atoi(argv[1]) : 1);
    return tap_end();
}
