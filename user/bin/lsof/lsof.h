/*
 * lsof.h - what processes have, and what they share.
 */
#pragma once

#include <sys/stat.h>

#include "../lib/proc.h"

/* One thing that a process has. */
struct use {
    const struct process *process;
    char how[8];        /* "cwd", "txt", "mem", or the descriptor with r, w or u */
    const char *path;   /* as /proc shows it */
    struct stat status; /* all zero: not known */
};

/* Of one process its descriptors; of all that are asked for all they have. */
void visit_descriptors(const struct process *process, void (*visit)(struct use *use));
void visit_all(void (*visit)(struct use *use));

/* objects.c */
int list_objects(void);
