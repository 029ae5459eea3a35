/*
 * ftw.h - walks through a tree of files.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/stat.h>

enum { FTW_F, FTW_D, FTW_DNR, FTW_NS, FTW_SL, FTW_DP, FTW_SLN };

#define FTW_PHYS 1
#define FTW_MOUNT 2
#define FTW_CHDIR 4
#define FTW_DEPTH 8

struct FTW {
    int base;  /* where the name begins in the path */
    int level; /* below the start, which has 0 */
};

__BEGIN_DECLS
int ftw(const char *__path, int (*__visit)(const char *, const struct stat *, int), int __descriptors);
int nftw(const char *__path, int (*__visit)(const char *, const struct stat *, int, struct FTW *), int __descriptors,
         int __flags);
__END_DECLS
