/*
 * folder.h - the way down into a tree, however deep: what is looked up by its name alone in the folder that one stands
 * in, needs no path, and a path may be longer than the system takes.
 */
#pragma once

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

struct folder {
    struct folder *up; /* from where it was entered; NULL: from the working directory */
    int fd;            /* -1: closed until one comes back */
    bool pinned;       /* one went on through a link: ".." does not lead back */
    dev_t device;
    ino_t inode;
};

bool folder_enter(struct folder *folder, struct folder *up, const char *name, bool follow);
bool folder_leave(struct folder *folder);
int folder_fd(const struct folder *folder);
bool folder_is_above(const struct folder *folder, const struct stat *status);
DIR *folder_read(const struct folder *folder);
