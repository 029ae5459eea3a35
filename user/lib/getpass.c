/*
 * getpass.c - a line from the terminal, not echoed.
 */
#include "libc.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

char *getpass(const char *prompt)
{
    static char line[256];
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios before, quiet;
    ssize_t n;

    if (fd == -1 || tcgetattr(fd, &before) == -1) {
        if (fd != -1)
            close(fd);
        return NULL;
    }
    quiet = before;
    quiet.c_lflag &= ~(ECHO | ISIG);
    quiet.c_lflag |= ICANON;
    tcsetattr(fd, TCSAFLUSH, &quiet);
    dprintf(fd, "%s", prompt);
    n = read(fd, line, sizeof line - 1);
    tcsetattr(fd, TCSAFLUSH, &before);
    dprintf(fd, "\n");
    close(fd);
    if (n < 0)
        return NULL;
    line[n] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return line;
}
