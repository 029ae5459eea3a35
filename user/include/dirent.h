/*
 * dirent.h - reading directories.
 *
 * struct dirent is what the kernel's getdents fills in.  d_name is as long as the name needs, so copy an entry by its
 * d_reclen, never by sizeof.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>

struct dirent {
    ino_t d_ino;
    off_t d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[256];
};

typedef struct __dir DIR;

#if __MISC_VISIBLE
#define MAXNAMLEN 255
#define d_fileno d_ino
#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12
#define IFTODT(__mode) (((__mode)&0170000) >> 12)
#define DTTOIF(__type) ((__type) << 12)
#endif

__BEGIN_DECLS
int alphasort(const struct dirent **__a, const struct dirent **__b);
int closedir(DIR *__dir);
int dirfd(DIR *__dir);
DIR *fdopendir(int __fd);
DIR *opendir(const char *__path);
struct dirent *readdir(DIR *__dir);
int readdir_r(DIR *__restrict __dir, struct dirent *__restrict __entry, struct dirent **__restrict __result);
void rewinddir(DIR *__dir);
int scandir(const char *__path, struct dirent ***__names, int (*__select)(const struct dirent *),
            int (*__compare)(const struct dirent **, const struct dirent **));
void seekdir(DIR *__dir, long __location);
long telldir(DIR *__dir);
__END_DECLS
