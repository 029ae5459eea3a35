/*
 * ulimit.h - the limit on files' sizes, as it was asked for before getrlimit().
 */
#pragma once

#include <sys/cdefs.h>

#define UL_GETFSIZE 1
#define UL_SETFSIZE 2

__BEGIN_DECLS
long ulimit(int __command, ...);
__END_DECLS
