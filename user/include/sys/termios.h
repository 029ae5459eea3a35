/* sys/termios.h - another name of termios.h. */
#pragma once

#include <termios.h>
