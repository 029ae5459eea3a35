/*
 * dir.h - an open directory.
 */
#pragma once

#include "lock.h"
#include <dirent.h>

struct __dir {
    int fd;
    volatile int lock;
    size_t next, filled; /* lock: in the buffer: the next entry, the end of the last */
    off_t location;      /* lock: what telldir() answers: the place of the next entry */
    char buffer[2048] __attribute__((aligned(8)));
};

/* readdir with the lock held: the next entry, or NULL at the end (errno as it was) or on failure. */
struct dirent *__dir_next(DIR *dir);
