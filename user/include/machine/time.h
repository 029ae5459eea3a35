/*
 * machine/time.h - what clock() counts: microseconds, as POSIX (XSI) wants it.
 */
#pragma once

#define _CLOCKS_PER_SEC_ 1000000
