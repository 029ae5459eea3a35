/*
 * several.h - what tests with several threads share: times to wait until, and who is asleep.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* The time on that clock in so many milliseconds. */
struct timespec time_in(clockid_t clock, long milliseconds);
/* Wait until so many threads of this process sleep for a mutex, a condition, a lock ... */
void until_waiting(int count);
/* The calling thread is of that real-time priority from now on (SCHED_FIFO); 0: it shares its time. */
void run_with(int priority);
/* Overwrite what was there with a pattern; and is all of it there still? */
void overwrite(void *memory, size_t size);
bool is_overwritten(const void *memory, size_t size);
/* For tap_until(): is the int at `word`, which another thread sets, not 0? */
bool is_set(void *word);
/* Joins a thread; was it cancelled, and has it ended within 20 s? */
bool ends_cancelled(pthread_t thread);
/* Runs a function in another thread; its answer. */
long in_thread(void *(*function)(void *), void *argument);
/* The real-time priority that a process's first thread has now, what it inherits included (/proc/PID/stat); 0: none. */
int priority_of(pid_t pid);
