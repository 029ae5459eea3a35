/*
 * walk.h - visiting all files below a directory.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

enum walk_when {
    walk_enter, /* a file of any kind; for a directory before what is in it: the answer says whether to go in */
    walk_leave, /* a directory, after what is in it */
    walk_error, /* `errno` says why `path` cannot be looked at (status NULL) or into */
};

/* A path is for people: it may be longer than the system takes.  Visitors go by `directory` and `name`. */
struct walk {
    bool (*visit)(struct walk *walk, enum walk_when when, const char *path, const struct stat *status);
    bool follow;       /* go through symbolic links */
    bool follow_first; /* through those that are named, not those that are found */
    bool failed;       /* for the visitors' use */
    /* Of the file that is visited: */
    int depth;        /* 0 for the one that was named */
    int directory;    /* where it is, for openat() and its like */
    const char *name; /* its name there */
};

void walk_tree(struct walk *walk, const char *path);
