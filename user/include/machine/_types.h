/*
 * machine/_types.h - the basic types, at the sizes that the kernel knows (abi/types.h).
 *
 * Newlib's <sys/_types.h> reads this first and takes its own defaults, 16 and 32 bits wide, only for what is missing
 * here.  Newlib itself is compiled against this file too, so stdio and its callers agree on the size of an off_t.
 *
 * Ids and modes are unsigned int, as on Linux, and not newlib's __uint32_t, which is an unsigned long: programs print
 * them with %u and %o.
 */
#pragma once

#include <machine/_default_types.h>

#define __machine_off_t_defined
typedef __int64_t _off_t;

#define __machine_fpos_t_defined
typedef __int64_t _fpos_t;

#define __machine_ino_t_defined
typedef __uint64_t __ino_t;

#define __machine_dev_t_defined
typedef __uint32_t __dev_t;

#define __machine_uid_t_defined
typedef unsigned int __uid_t;

#define __machine_gid_t_defined
typedef unsigned int __gid_t;

#define __machine_mode_t_defined
typedef unsigned int __mode_t;

#define __machine_blkcnt_t_defined
typedef __int64_t __blkcnt_t;

#define __machine_fsfilcnt_t_defined
typedef __uint64_t __fsfilcnt_t;
