/*
 * clear.c - empties the screen; called reset it also brings the terminal and its settings back to how they should be.
 */
#include <string.h>
#include <termios.h>

#include "lib/util.h"

/* What a line editor expects to find: characters made lines, echoed, signals on. */
static void make_sane(struct termios *settings)
{
    settings->c_iflag = (settings->c_iflag | BRKINT | ICRNL | IXON) & ~(INLCR | IGNCR | ISTRIP | INPCK);
    settings->c_oflag |= OPOST | ONLCR;
    settings->c_lflag |= ISIG | ICANON | IEXTEN | ECHO | ECHOE | ECHOK;
    settings->c_cc[VINTR] = 'C' & 037;
    settings->c_cc[VQUIT] = '\\' & 037;
    settings->c_cc[VSUSP] = 'Z' & 037;
    settings->c_cc[VEOF] = 'D' & 037;
    settings->c_cc[VKILL] = 'U' & 037;
    settings->c_cc[VERASE] = 0177;
}

int main(int argc, char **argv)
{
    struct termios settings;
    bool reset = strcmp(util_basename(argv[0]), "reset") == 0;
    util_start(reset ? "reset" : "clear", "", 1);
    util_no_options(argc, argv);
    if (reset && tcgetattr(0, &settings) == 0) {
        make_sane(&settings);
        if (tcsetattr(0, TCSADRAIN, &settings) < 0)
            util_warn("cannot set the terminal");
    }
    fputs(reset ? "\033c\033[!p\033[0m" : "", stdout);
    fputs("\033[H\033[2J\033[3J", stdout);
    return util_finish(0);
}
