/*
 * stty.c - shows and sets the settings of the terminal on standard input.
 *
 * -a all, -g in a form to be given back, -F DEVICE another terminal; settings: [-]FLAG, sane, raw, cooked, cbreak,
 * CHARACTER ^X, min N, time N, rows N, cols N, size, speed.  Flags and characters are rows of two tables.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "lib/util.h"

enum word { input, output, control, local };

static const struct flag {
    const char *name;
    enum word word;
    tcflag_t bits, mask; /* mask 0: the bits themselves */
    bool sane;           /* on in sane settings */
} flags[] = {
    {"parenb", control, PARENB, 0, false}, {"parodd", control, PARODD, 0, false}, {"cs5", control, CS5, CSIZE, false},
    {"cs6", control, CS6, CSIZE, false},   {"cs7", control, CS7, CSIZE, false},   {"cs8", control, CS8, CSIZE, true},
    {"hupcl", control, HUPCL, 0, false},   {"cstopb", control, CSTOPB, 0, false}, {"cread", control, CREAD, 0, true},
    {"clocal", control, CLOCAL, 0, false}, {"ignbrk", input, IGNBRK, 0, false},   {"brkint", input, BRKINT, 0, true},
    {"ignpar", input, IGNPAR, 0, false},   {"parmrk", input, PARMRK, 0, false},   {"inpck", input, INPCK, 0, false},
    {"istrip", input, ISTRIP, 0, false},   {"inlcr", input, INLCR, 0, false},     {"igncr", input, IGNCR, 0, false},
    {"icrnl", input, ICRNL, 0, true},      {"ixon", input, IXON, 0, true},        {"ixoff", input, IXOFF, 0, false},
    {"ixany", input, IXANY, 0, false},     {"opost", output, OPOST, 0, true},     {"ocrnl", output, OCRNL, 0, false},
    {"onlcr", output, ONLCR, 0, true},     {"onocr", output, ONOCR, 0, false},    {"onlret", output, ONLRET, 0, false},
    {"isig", local, ISIG, 0, true},        {"icanon", local, ICANON, 0, true},    {"iexten", local, IEXTEN, 0, true},
    {"echo", local, ECHO, 0, true},        {"echoe", local, ECHOE, 0, true},      {"echok", local, ECHOK, 0, true},
    {"echonl", local, ECHONL, 0, false},   {"noflsh", local, NOFLSH, 0, false},   {"tostop", local, TOSTOP, 0, false},
    {"echoctl", local, ECHOCTL, 0, true},  {"echoke", local, ECHOKE, 0, true},
};

static const struct character {
    const char *name;
    int index;
    cc_t sane;
} characters[] = {
    {"intr", VINTR, 3},    {"quit", VQUIT, 28},       {"erase", VERASE, 127},  {"kill", VKILL, 21},
    {"eof", VEOF, 4},      {"eol", VEOL, 0},          {"eol2", VEOL2, 0},      {"start", VSTART, 17},
    {"stop", VSTOP, 19},   {"susp", VSUSP, 26},       {"rprnt", VREPRINT, 18}, {"werase", VWERASE, 23},
    {"lnext", VLNEXT, 22}, {"discard", VDISCARD, 15},
};

static tcflag_t *flag_word(struct termios *settings, enum word word)
{
    tcflag_t *words[] = {&settings->c_iflag, &settings->c_oflag, &settings->c_cflag, &settings->c_lflag};
    return words[word];
}

static void flag_set(struct termios *settings, const struct flag *flag, bool on)
{
    tcflag_t *word = flag_word(settings, flag->word);
    *word &= ~(flag->mask ? flag->mask : flag->bits);
    if (on)
        *word |= flag->bits;
}

static bool flag_is_set(struct termios *settings, const struct flag *flag)
{
    tcflag_t mask = flag->mask ? flag->mask : flag->bits;
    return (*flag_word(settings, flag->word) & mask) == flag->bits;
}

static void set_sane(struct termios *settings)
{
    for (size_t i = 0; i < UTIL_COUNT(flags); i++) {
        if (flags[i].word != control && (!flags[i].mask || flags[i].sane))
            flag_set(settings, &flags[i], flags[i].sane);
    }
    for (size_t i = 0; i < UTIL_COUNT(characters); i++)
        settings->c_cc[characters[i].index] = characters[i].sane;
    settings->c_cflag |= CREAD;
    settings->c_cc[VMIN] = 1;
    settings->c_cc[VTIME] = 0;
}

static void set_raw(struct termios *settings)
{
    settings->c_iflag = 0;
    settings->c_oflag &= ~OPOST;
    settings->c_lflag &= ~(ISIG | ICANON);
    settings->c_cc[VMIN] = 1;
    settings->c_cc[VTIME] = 0;
}

static void set_cooked(struct termios *settings)
{
    settings->c_iflag |= BRKINT | IGNPAR | ICRNL | IXON;
    settings->c_oflag |= OPOST;
    settings->c_lflag |= ISIG | ICANON;
    settings->c_cc[VEOF] = 4;
    settings->c_cc[VEOL] = 0;
}

/* "^C", "^?", "undef", "x". */
static cc_t parse_character(const char *text)
{
    if (strcmp(text, "undef") == 0 || strcmp(text, "^-") == 0)
        return 0;
    if (text[0] == '^' && text[1])
        return text[1] == '?' ? 0177 : text[1] & 037;
    if (strlen(text) > 1)
        return util_number(text, 0, 255, "integer argument");
    return text[0];
}

static void print_character(cc_t c)
{
    if (c == 0)
        printf("<undef>");
    else if (c < ' ')
        printf("^%c", c + '@');
    else
        printf(c == 0177 ? "^?" : "%c", c);
}

static unsigned baud(const struct termios *settings)
{
    static const struct {
        speed_t code;
        unsigned baud;
    } speeds[] = {{B9600, 9600}, {B19200, 19200}, {B38400, 38400}, {B115200, 115200}};
    for (size_t i = 0; i < UTIL_COUNT(speeds); i++) {
        if (speeds[i].code == cfgetospeed(settings))
            return speeds[i].baud;
    }
    return 0;
}

static void print_flags(struct termios *settings, bool all)
{
    static const enum word order[] = {control, input, output, local};
    for (size_t group = 0; group < UTIL_COUNT(order); group++) {
        bool any = false;
        for (size_t i = 0; i < UTIL_COUNT(flags); i++) {
            bool on = flag_is_set(settings, &flags[i]);
            if (flags[i].word != order[group] || (flags[i].mask && !on) || (!all && on == flags[i].sane))
                continue;
            printf("%s%s%s", any ? " " : "", on ? "" : "-", flags[i].name);
            any = true;
        }
        if (any)
            putchar('\n');
    }
}

static void print_all(int fd, struct termios *settings)
{
    struct winsize size = {0};
    ioctl(fd, TIOCGWINSZ, &size);
    printf("speed %u baud; rows %u; columns %u;\n", baud(settings), size.ws_row, size.ws_col);
    for (size_t i = 0; i < UTIL_COUNT(characters); i++) {
        printf("%s = ", characters[i].name);
        print_character(settings->c_cc[characters[i].index]);
        fputs(i % 7 == 6 ? ";\n" : "; ", stdout);
    }
    printf("min = %d; time = %d;\n", settings->c_cc[VMIN], settings->c_cc[VTIME]);
    print_flags(settings, true);
}

static void print_saved(const struct termios *settings)
{
    printf("%x:%x:%x:%x", (unsigned)settings->c_iflag, (unsigned)settings->c_oflag, (unsigned)settings->c_cflag,
           (unsigned)settings->c_lflag);
    for (int i = 0; i < NCCS; i++)
        printf(":%x", settings->c_cc[i]);
    putchar('\n');
}

/* Takes back what -g printed; false when it is something else. */
static bool restore(struct termios *settings, const char *text)
{
    unsigned value, words[4];
    int end = 0;
    if (sscanf(text, "%x:%x:%x:%x%n", &words[0], &words[1], &words[2], &words[3], &end) != 4)
        return false;
    for (int i = 0; i < NCCS; i++) {
        text += end;
        if (sscanf(text, ":%x%n", &value, &end) != 1)
            return false;
        settings->c_cc[i] = value;
    }
    for (int i = 0; i < 4; i++)
        *flag_word(settings, i) = words[i];
    return true;
}

static void set_size(int fd, const char *which, const char *text)
{
    struct winsize size = {0};
    ioctl(fd, TIOCGWINSZ, &size);
    int value = util_number(text, 0, 65535, "integer argument");
    if (which[0] == 'r')
        size.ws_row = value;
    else
        size.ws_col = value;
    if (ioctl(fd, TIOCSWINSZ, &size) < 0)
        util_err("cannot set the size");
}

/* A setting without an argument; false when it is none. */
static bool apply_word(struct termios *settings, const char *word)
{
    bool on = word[0] != '-';
    const char *name = word + !on;
    for (size_t i = 0; i < UTIL_COUNT(flags); i++) {
        if (strcmp(flags[i].name, name) == 0) {
            flag_set(settings, &flags[i], on);
            return true;
        }
    }
    if (strcmp(word, "sane") == 0)
        set_sane(settings);
    else if (strcmp(word, "raw") == 0 || strcmp(word, "-cooked") == 0)
        set_raw(settings);
    else if (strcmp(word, "cooked") == 0 || strcmp(word, "-raw") == 0)
        set_cooked(settings);
    else if (strcmp(name, "cbreak") == 0)
        settings->c_lflag = on ? settings->c_lflag & ~ICANON : settings->c_lflag | ICANON;
    else
        return restore(settings, word);
    return true;
}

/* A setting with an argument; false when it is none. */
static bool apply_pair(int fd, struct termios *settings, const char *word, const char *argument)
{
    if (strcmp(word, "rows") == 0 || strcmp(word, "cols") == 0 || strcmp(word, "columns") == 0) {
        set_size(fd, word, argument);
        return true;
    }
    if (strcmp(word, "min") == 0 || strcmp(word, "time") == 0) {
        settings->c_cc[word[0] == 'm' ? VMIN : VTIME] = util_number(argument, 0, 255, "integer argument");
        return true;
    }
    for (size_t i = 0; i < UTIL_COUNT(characters); i++) {
        if (strcmp(characters[i].name, word) == 0) {
            settings->c_cc[characters[i].index] = parse_character(argument);
            return true;
        }
    }
    return false;
}

/* A word that prints; false when it is none. */
static bool print_word(int fd, const struct termios *settings, const char *word)
{
    struct winsize size = {0};
    if (strcmp(word, "size") == 0 && ioctl(fd, TIOCGWINSZ, &size) == 0)
        printf("%u %u\n", size.ws_row, size.ws_col);
    else if (strcmp(word, "speed") == 0)
        printf("%u\n", baud(settings));
    else
        return false;
    return true;
}

static void apply(int fd, struct termios *settings, char **words)
{
    for (; *words; words++) {
        if (words[1] && apply_pair(fd, settings, words[0], words[1]))
            words++;
        else if (!print_word(fd, settings, *words) && !apply_word(settings, *words))
            util_errx("invalid argument '%s'", *words);
    }
}

int main(int argc, char **argv)
{
    int fd = 0;
    struct termios settings;
    const char *device = "standard input";
    util_start("stty", "[-F DEVICE] [-a | -g | SETTING...]", 1);
    if (argc > 2 && strcmp(argv[1], "-F") == 0) {
        device = argv[2];
        fd = open(device, O_RDONLY | O_NONBLOCK | O_NOCTTY);
        argv += 2;
        argc -= 2;
    }
    if (fd < 0 || tcgetattr(fd, &settings) < 0)
        util_err("'%s'", device);
    if (argc == 1) {
        printf("speed %u baud;\n", baud(&settings));
        print_flags(&settings, false);
    } else if (strcmp(argv[1], "-a") == 0) {
        print_all(fd, &settings);
    } else if (strcmp(argv[1], "-g") == 0) {
        print_saved(&settings);
    } else {
        apply(fd, &settings, argv + 1);
        if (tcsetattr(fd, TCSADRAIN, &settings) < 0)
            util_err("'%s'", device);
    }
    return util_finish(0);
}
