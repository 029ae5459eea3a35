/*
 * sys/features.h - newlib's feature-test macros, then the POSIX options, which newlib's own sources need not know.
 */
#pragma once

#include_next <sys/features.h>

#ifndef _COMPILING_NEWLIB
#include <sys/_options.h>
#endif
