/*
 * seekdir.c - places in a directory.
 */
#include "dir.h"
#include <unistd.h>

static void go_to(DIR *dir, off_t location)
{
    lock_acquire(&dir->lock);
    if (lseek(dir->fd, location, SEEK_SET) != -1) {
        dir->location = location;
        dir->next = dir->filled = 0;
    }
    lock_release(&dir->lock);
}

long telldir(DIR *dir)
{
    return dir->location;
}

void seekdir(DIR *dir, long location)
{
    go_to(dir, location);
}

void rewinddir(DIR *dir)
{
    go_to(dir, 0);
}
