/*
 * string.h - newlib's, and glibc's names of signals.
 */
#pragma once

#include_next <string.h>

#if __GNU_VISIBLE
__BEGIN_DECLS
/* "INT" of SIGINT, and "Interrupt"; NULL: there is no such signal, or it is a real-time one. */
const char *sigabbrev_np(int __signal);
const char *sigdescr_np(int __signal);
__END_DECLS
#endif
