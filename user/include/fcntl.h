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

#define F_RDLCK 1
#define F_WRLCK 2
#define F_UNLCK 3

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

__BEGIN_DECLS
int creat(const char *__path, mode_t __mode);
int fcntl(int __fd, int __command, ...);
int open(const char *__path, int __flags, ...);
int openat(int __dir, const char *__path, int __flags, ...);
__END_DECLS
