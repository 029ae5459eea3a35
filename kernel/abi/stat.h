/*
 * stat.h - what stat() answers, the bits of a file's mode, and directory entries.
 */
#pragma once

#include <abi/types.h>

/* The type of a file, in the mode. */
#define ABI_S_IFMT 0170000
#define ABI_S_IFSOCK 0140000
#define ABI_S_IFLNK 0120000
#define ABI_S_IFREG 0100000
#define ABI_S_IFBLK 0060000
#define ABI_S_IFDIR 0040000
#define ABI_S_IFCHR 0020000
#define ABI_S_IFIFO 0010000
#define ABI_S_ISUID 04000
#define ABI_S_ISGID 02000
#define ABI_S_ISVTX 01000

/* <sys/stat.h> gives this layout as struct stat. */
struct abi_stat {
    abi_ino_t st_ino;
    abi_dev_t st_dev;
    uint32_t st_mode;
    uint32_t st_nlink;
    uint32_t st_uid;
    uint32_t st_gid;
    abi_dev_t st_rdev; /* major << 8 | minor */
    abi_off_t st_size;
    struct abi_timespec st_atim, st_mtim, st_ctim;
    uint64_t st_blocks; /* of 512 bytes */
    uint32_t st_blksize;
    uint32_t pad;
};

/* What getdents fills its buffer with: entries of d_reclen bytes, 8-byte aligned.  <dirent.h> gives it as struct
 * dirent. */
struct abi_dirent {
    abi_ino_t d_ino;
    abi_off_t d_off; /* where lseek() finds the entry after this one */
    uint16_t d_reclen;
    uint8_t d_type; /* ABI_S_IF... >> 12, as DT_... */
    char d_name[];  /* ends in a 0 byte */
};

#define ABI_NAME_MAX 255
#define ABI_PATH_MAX 1024 /* with the 0 byte */
#define ABI_SYMLOOP_MAX 8
#define ABI_PIPE_BUF 4096
#define ABI_FILE_SIZE_MAX ((abi_off_t)1 << 40)

/* In f_flag. */
#define ABI_ST_RDONLY 1

/* struct statvfs. */
struct abi_statvfs {
    uint32_t f_bsize, f_frsize;
    uint64_t f_blocks, f_bfree, f_bavail;
    uint64_t f_files, f_ffree, f_favail;
    uint32_t f_fsid, f_flag, f_namemax, pad;
};
