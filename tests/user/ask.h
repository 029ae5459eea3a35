/*
 * ask.h - what several tests ask of the kernel.
 */
#pragma once

#include <stdbool.h>

/* A system call without the C library: a thread made by hand has no errno of its own.  Answers >= 0 or -errno. */
long plain_call(long number, long a, long b, long c, long d);
/* Change a limit in /proc/sys; answers what it was. */
long limit_change(const char *path, long to);
/* What /proc/PID/NAME says, without the end of the line, at most 80 bytes; "" where there is no such thing.  It stays
 * until the next question. */
const char *process_text(int pid, const char *name);
/* Does it execute a program of that name, and sleep? */
bool sleeps_in(int pid, const char *program);
/* How many threads of a process sleep for a futex's word. */
int waiters_for_words(int pid);
/* Does a process sleep for a futex's word? For tap_until(); context: pid_t *. */
bool waits_for_word(void *pid);
/* Does somebody sleep in a read() of a pipe without a name, as /proc/pipes tells? For tap_until(). */
bool somebody_reads_pipe(void *unused);
