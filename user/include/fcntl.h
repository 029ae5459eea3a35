/*
 * fcntl.h - opening files, and what can be asked of a descriptor.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/stat.h>
#include <abi/fcntl.h>

#define O_EXEC O_SEARCH
#define O_NDELAY O_NONBLOCK
#define O_TTY_INIT 0
#define O_DSYNC O_SYNC
#define O_RSYNC O_SYNC

struct flock {
    short l_type;
    short l_whence;
    pid_t l_pid;
    off_t l_start;
    off_t l_len;
};

#if __BSD_VISIBLE
#define FAPPEND O_APPEND
#define FNONBLOCK O_NONBLOCK
#define FNDELAY O_NONBLOCK
#endif

#define POSIX_FADV_NORMAL 0
#define POSIX_FADV_RANDOM 1
#define POSIX_FADV_SEQUENTIAL 2
#define POSIX_FADV_WILLNEED 3
#define POSIX_FADV_DONTNEED 4
#define POSIX_FADV_NOREUSE 5

__BEGIN_DECLS
int creat(const char *__path, mode_t __mode);
#if __GNU_VISIBLE
int fallocate(int __fd, int __mode, off_t __offset, off_t __length);
#endif
int fcntl(int __fd, int __command, ...);
int open(const char *__path, int __flags, ...);
int openat(int __dir, const char *__path, int __flags, ...);
int posix_fadvise(int __fd, off_t __offset, off_t __length, int __advice);
int posix_fallocate(int __fd, off_t __offset, off_t __length);
__END_DECLS
