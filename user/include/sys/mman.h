/*
 * sys/mman.h - mapping memory.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <abi/mman.h>

#define MAP_FAILED ((void *)-1)

#define POSIX_MADV_NORMAL 0
#define POSIX_MADV_RANDOM 1
#define POSIX_MADV_SEQUENTIAL 2
#define POSIX_MADV_WILLNEED 3
#define POSIX_MADV_DONTNEED 4

__BEGIN_DECLS
int madvise(void *__address, size_t __length, int __advice);
int mincore(void *__address, size_t __length, unsigned char *__resident);
int mlock(const void *__address, size_t __length);
int mlockall(int __flags);
void *mmap(void *__address, size_t __length, int __protection, int __flags, int __fd, off_t __offset);
int mprotect(void *__address, size_t __length, int __protection);
int msync(void *__address, size_t __length, int __flags);
int munlock(const void *__address, size_t __length);
int munlockall(void);
int munmap(void *__address, size_t __length);
int posix_madvise(void *__address, size_t __length, int __advice);
int shm_open(const char *__name, int __flags, mode_t __mode);
int shm_unlink(const char *__name);
__END_DECLS
