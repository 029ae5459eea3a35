/*
 * termios.h - the settings of a terminal.  The names of the flags and their values are in abi/termios.h.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/_types.h>
#include <abi/termios.h>

#ifndef _PID_T_DECLARED
typedef __pid_t pid_t;
#define _PID_T_DECLARED
#endif

typedef unsigned char cc_t;
typedef unsigned int speed_t;
typedef unsigned int tcflag_t;

#define NCCS ABI_NCCS

struct termios {
    tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
    cc_t c_line;
    cc_t c_cc[NCCS];
    cc_t __pad[3];
    speed_t c_ispeed, c_ospeed;
};

#define B0 0
#define B50 0000001
#define B75 0000002
#define B110 0000003
#define B134 0000004
#define B150 0000005
#define B200 0000006
#define B300 0000007
#define B600 0000010
#define B1200 0000011
#define B1800 0000012
#define B2400 0000013
#define B4800 0000014
#define B9600 0000015
#define B19200 0000016
#define B57600 0010001
#define EXTA B19200
#define EXTB B38400

__BEGIN_DECLS
speed_t cfgetispeed(const struct termios *__settings);
speed_t cfgetospeed(const struct termios *__settings);
int cfsetispeed(struct termios *__settings, speed_t __speed);
int cfsetospeed(struct termios *__settings, speed_t __speed);
int tcdrain(int __fd);
int tcflow(int __fd, int __action);
int tcflush(int __fd, int __queue);
int tcgetattr(int __fd, struct termios *__settings);
pid_t tcgetsid(int __fd);
int tcsendbreak(int __fd, int __duration);
int tcsetattr(int __fd, int __when, const struct termios *__settings);
#if __MISC_VISIBLE
void cfmakeraw(struct termios *__settings);
int cfsetspeed(struct termios *__settings, speed_t __speed);
#endif
__END_DECLS
