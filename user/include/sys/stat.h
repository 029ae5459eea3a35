/*
 * sys/stat.h - what a file is: struct stat, the bits of a mode, and the calls that make and change files by name.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_timespec.h>

struct stat {
    ino_t st_ino;
    dev_t st_dev;
    mode_t st_mode;
    nlink_t st_nlink;
    uid_t st_uid;
    gid_t st_gid;
    dev_t st_rdev;
    off_t st_size;
    struct timespec st_atim, st_mtim, st_ctim;
    blkcnt_t st_blocks; /* of 512 bytes */
    blksize_t st_blksize;
    unsigned int __pad;
};

#define st_atime st_atim.tv_sec
#define st_mtime st_mtim.tv_sec
#define st_ctime st_ctim.tv_sec

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define S_ISUID 04000
#define S_ISGID 02000
#define S_ISVTX 01000

#define S_IRWXU 00700
#define S_IRUSR 00400
#define S_IWUSR 00200
#define S_IXUSR 00100
#define S_IRWXG 00070
#define S_IRGRP 00040
#define S_IWGRP 00020
#define S_IXGRP 00010
#define S_IRWXO 00007
#define S_IROTH 00004
#define S_IWOTH 00002
#define S_IXOTH 00001

#define S_ISSOCK(__mode) (((__mode)&S_IFMT) == S_IFSOCK)
#define S_ISLNK(__mode) (((__mode)&S_IFMT) == S_IFLNK)
#define S_ISREG(__mode) (((__mode)&S_IFMT) == S_IFREG)
#define S_ISBLK(__mode) (((__mode)&S_IFMT) == S_IFBLK)
#define S_ISDIR(__mode) (((__mode)&S_IFMT) == S_IFDIR)
#define S_ISCHR(__mode) (((__mode)&S_IFMT) == S_IFCHR)
#define S_ISFIFO(__mode) (((__mode)&S_IFMT) == S_IFIFO)

/* No file is made of another's type. */
#define S_TYPEISMQ(__stat) 0
#define S_TYPEISSEM(__stat) 0
#define S_TYPEISSHM(__stat) 0

#if __BSD_VISIBLE
#define S_IREAD S_IRUSR
#define S_IWRITE S_IWUSR
#define S_IEXEC S_IXUSR
#define ACCESSPERMS 0777
#define ALLPERMS 07777
#define DEFFILEMODE 0666
#define S_BLKSIZE 512
#endif

#define UTIME_NOW ((1 << 30) - 1)
#define UTIME_OMIT ((1 << 30) - 2)

__BEGIN_DECLS
int chmod(const char *__path, mode_t __mode);
int fchmod(int __fd, mode_t __mode);
int fchmodat(int __dir, const char *__path, mode_t __mode, int __flags);
int fstat(int __fd, struct stat *__stat);
int fstatat(int __dir, const char *__restrict __path, struct stat *__restrict __stat, int __flags);
int futimens(int __fd, const struct timespec __times[2]);
int lstat(const char *__restrict __path, struct stat *__restrict __stat);
int mkdir(const char *__path, mode_t __mode);
int mkdirat(int __dir, const char *__path, mode_t __mode);
int mkfifo(const char *__path, mode_t __mode);
int mkfifoat(int __dir, const char *__path, mode_t __mode);
int mknod(const char *__path, mode_t __mode, dev_t __device);
int mknodat(int __dir, const char *__path, mode_t __mode, dev_t __device);
int stat(const char *__restrict __path, struct stat *__restrict __stat);
mode_t umask(mode_t __mask);
int utimensat(int __dir, const char *__path, const struct timespec __times[2], int __flags);
__END_DECLS
