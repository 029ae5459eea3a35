/*
 * sys/ioctl.h - requests to devices; those of terminals.
 */
#pragma once

#include <sys/cdefs.h>
#include <abi/termios.h>

struct winsize {
    unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};

__BEGIN_DECLS
int ioctl(int __fd, unsigned long __request, ...);
__END_DECLS
