/*
 * copy.h - copying files and trees.
 */
#pragma once

#include <stdbool.h>

struct copy_options {
    bool recursive;   /* directories too; links, FIFOs and devices are made anew, not read */
    bool preserve;    /* owner, mode and times */
    bool force;       /* a target that cannot be opened is removed first */
    bool interactive; /* ask before a target is overwritten */
    bool keep;        /* never overwrite one */
    bool verbose;
};

bool copy_tree(const char *from, const char *to, const struct copy_options *options);
