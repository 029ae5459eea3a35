/*
 * sys/param.h - limits and small macros, as BSD programs know them.
 */
#pragma once

#include <limits.h>
#include <machine/endian.h>
#include <sys/types.h>

#define NBBY 8
#define HZ 100
#define MAXPATHLEN PATH_MAX
#define MAXHOSTNAMELEN HOST_NAME_MAX
#define NGROUPS NGROUPS_MAX
#define NOFILE 256

#define MAX(__a, __b) ((__a) > (__b) ? (__a) : (__b))
#define MIN(__a, __b) ((__a) < (__b) ? (__a) : (__b))
#define howmany(__x, __y) (((__x) + ((__y)-1)) / (__y))
#define roundup(__x, __y) (howmany(__x, __y) * (__y))
