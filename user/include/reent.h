/*
 * reent.h - newlib's file of the same name.
 *
 * Newlib's own sources call _read_r() and its kin, which are macros there for plain read() and so on; the prototypes
 * of these must be in sight, or lseek()'s 64 bits would be cut to an int.
 */
#pragma once

#include_next <reent.h>

#ifdef _COMPILING_NEWLIB
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>
#endif
