/*
 * more.c - shows files a screen at a time: space goes on by a screen, d by half, return by a line, q ends.
 *
 * Keys come from the terminal itself, so that standard input can be what is shown.  Where standard output is no
 * terminal, it only copies.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "lib/util.h"

static int keys = -1; /* the terminal, with canonical mode off */
static struct termios settings_before;
static int rows = 24, columns = 80;
static int lines_left;

static void keys_open(void)
{
    struct winsize size;
    struct termios settings;
    if (!isatty(1) || (keys = open("/dev/tty", O_RDWR)) < 0 || tcgetattr(keys, &settings_before) < 0)
        return;
    settings = settings_before;
    settings.c_lflag &= ~(ICANON | ECHO);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    tcsetattr(keys, TCSADRAIN, &settings);
    if (ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 && size.ws_col > 0) {
        rows = size.ws_row;
        columns = size.ws_col;
    }
    lines_left = rows - 1;
}

static void keys_close(void)
{
    if (keys >= 0)
        tcsetattr(keys, TCSADRAIN, &settings_before);
}

/* Asks how to go on; false: not at all. */
static bool ask(void)
{
    char key = 'q';
    fputs("\033[7m--More--\033[0m", stdout);
    fflush(stdout);
    while (read(keys, &key, 1) == 1) {
        lines_left = key == ' ' || key == 'f' ? rows - 1 : key == 'd' ? rows / 2 : key == '\n' || key == '\r' ? 1 : 0;
        if (lines_left > 0 || key == 'q')
            break;
    }
    fputs("\r\033[K", stdout);
    return key != 'q';
}

static int show(FILE *file, const char *path)
{
    int column = 0;
    (void)path;
    for (int c; (c = getc(file)) != EOF;) {
        if (keys >= 0 && lines_left == 0 && !ask()) {
            keys_close();
            _exit(util_finish(0));
        }
        putchar(c);
        column = c == '\t' ? (column | 7) + 1 : column + 1;
        if (c != '\n' && column < columns)
            continue;
        column = 0;
        lines_left -= lines_left > 0;
    }
    return 0;
}

int main(int argc, char **argv)
{
    util_start("more", "[FILE]...", 1);
    util_no_options(argc, argv);
    if (optind == argc && isatty(0))
        util_usage();
    keys_open();
    int status = util_each_file(argc - optind, argv + optind, show);
    keys_close();
    return util_finish(status);
}
