/*
 * path_walk.h - the walk along a path, step by step; for path*.c.
 */
#pragma once

#include <fs/path.h>

struct walk {
    struct inode *dir; /* where it stands, held */
    const char *rest;  /* what is still to go */
    char *text;        /* holds `rest` once a link was followed, or NULL */
    unsigned flags;    /* WALK_... */
    unsigned links;    /* followed so far */
    struct name last;  /* the component to look up next; length 0: the path is "/" */
    bool slash;        /* slashes stand behind it */
};

/* Begin at the root or at `dirfd`.  0 or -errno; walk_end() is needed after either. */
int walk_start(struct walk *walk, int dirfd, const char *path, unsigned flags);
void walk_end(struct walk *walk);
/* Go to the directory of the last component, which is in walk->last then. */
int walk_parent(struct walk *walk);
/* May names be looked up where the walk stands?  0, -ENOTDIR, -EACCES. */
int walk_search(const struct walk *walk);
/* walk_start() and walk_parent(), for calls that make or remove a name. */
int walk_to_name(struct walk *walk, int dirfd, const char *path);
/* The referenced inode of walk->last in walk->dir. */
int walk_find(struct walk *walk, struct inode **found);
/* Go on along a link, whose reference is taken over: walk_parent() comes next. */
int walk_follow(struct walk *walk, struct inode *link);
/* As walk_find(), but make it from `request` where there is none (*made).  `exclusive`: -EEXIST where there is one. */
int walk_make(struct walk *walk, struct inode_request *request, bool exclusive, struct inode **found, bool *made);
/* Make a file that has no name so far, in the file system of the directory at `path` (O_TMPFILE). */
int path_make_unnamed(int dirfd, const char *path, uint32_t mode, struct inode **made);
/* walk->last is an ordinary name: not "/", "." or "..". */
bool walk_name_ordinary(const struct walk *walk);
/* May the running process take `target` out of `dir`?  0, -EACCES, -EPERM, -EBUSY.  `dir` is locked. */
int walk_may_remove(struct inode *dir, struct inode *target);
