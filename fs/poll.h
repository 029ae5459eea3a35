/*
 * poll.h - waiting for several open files at once.
 */
#pragma once

#include <fs/file.h>

/* struct pollfd. */
struct poll_entry {
    int32_t fd;
    int16_t events, revents;
};

/* Fill in revents of `count` entries, waiting until one is not 0.  Answers how many are not 0, 0 at the deadline (in
 * ticks; 0: do not wait), or -ERESTART, -ENOMEM. */
long poll_files(struct poll_entry *set, unsigned count, uint64_t deadline);
