/*
 * speed.c - the speeds in a terminal's settings, and raw mode.
 */
#include "libc.h"
#include <termios.h>

#define SPEED_BITS 0010017

static int set_speed(speed_t *place, speed_t speed)
{
    if (speed & ~SPEED_BITS) {
        errno = EINVAL; /* POSIX cfsetospeed: EINVAL */
        return -1;
    }
    *place = speed;
    return 0;
}

speed_t cfgetispeed(const struct termios *settings)
{
    return settings->c_ispeed;
}

speed_t cfgetospeed(const struct termios *settings)
{
    return settings->c_ospeed;
}

int cfsetispeed(struct termios *settings, speed_t speed)
{
    return set_speed(&settings->c_ispeed, speed);
}

int cfsetospeed(struct termios *settings, speed_t speed)
{
    return set_speed(&settings->c_ospeed, speed);
}

int cfsetspeed(struct termios *settings, speed_t speed)
{
    return cfsetispeed(settings, speed) == -1 ? -1 : cfsetospeed(settings, speed);
}

void cfmakeraw(struct termios *settings)
{
    settings->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    settings->c_oflag &= ~OPOST;
    settings->c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    settings->c_cflag &= ~(CSIZE | PARENB);
    settings->c_cflag |= CS8;
    settings->c_cc[VMIN] = 1;
    settings->c_cc[VTIME] = 0;
}
