/*
 * scale.h - the rows of scale.c, by the file that measures them, and what they share: a crowd of processes.
 */
#pragma once

enum { CROWD_MOST = 1024 };

/* Starts so many processes that call part(their number, from 0 on, argument), and then end. */
void crowd_start(long count, void (*part)(int self, void *argument), void *argument);

/* Waits until they have ended; crowd_end() kills them before. */
void crowd_join(void);
void crowd_end(void);

/* scale_process.c */
void scale_switch(long n, long processes);
void scale_fork(long n, long megabytes);
void scale_pid(long n, long processes);

/* scale_wake.c */
void scale_wake_semaphore(long n, long waiters);
void scale_wake_pipe(long n, long waiters);

/* scale_name.c */
void scale_poll(long n, long descriptors);
void scale_open(long n, long descriptors);
void scale_lookup(long n, long names);

/* scale_pairs.c */
void scale_pairs(long n, long way);
