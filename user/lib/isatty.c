/*
 * isatty.c - is this descriptor a terminal?
 */
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* POSIX isatty: 1, or 0 with errno (EBADF, ENOTTY). */
int isatty(int fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0;
}
