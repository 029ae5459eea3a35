/*
 * path_search.h - a program's file along PATH, for execvp() and posix_spawnp().
 */
#pragma once

/* Call attempt(path, context) with each file that `file` may mean, until one answers 0 or fails with an error that does
 * not say "look further".  0, or -1 with errno: EACCES where a file was found that may not be run.  No malloc. */
int __path_search(const char *file, int (*attempt)(const char *path, void *context), void *context);
