/*
 * sys/statvfs.h - how large a file system is, and how full.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>

#define ST_RDONLY 1
#define ST_NOSUID 2

struct statvfs {
    unsigned long f_bsize, f_frsize;
    unsigned long long f_blocks, f_bfree, f_bavail;
    unsigned long long f_files, f_ffree, f_favail;
    unsigned long f_fsid, f_flag, f_namemax, __pad;
};

__BEGIN_DECLS
int fstatvfs(int __fd, struct statvfs *__result);
int statvfs(const char *__restrict __path, struct statvfs *__restrict __result);
__END_DECLS
