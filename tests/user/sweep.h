/*
 * sweep.h - removing what processes that were killed have left behind under a name.
 */
#pragma once

/* Everything below a folder, however deep.  The working directory is / afterwards. */
void sweep_folder(const char *top);
/* All there is below /dev/shm and /dev/mqueue, and of System V's objects. */
void sweep_objects(void);
