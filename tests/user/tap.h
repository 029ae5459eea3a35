/*
 * tap.h - the tests' voice: each point is a line, "ok 3 - what was looked at" or "not ok ...", the plan comes last.
 *
 *      int main(void)
 *      {
 *          tap_begin();
 *          tap_is(getpid() > 0, true, "a process has a number");
 *          tap_fails(close(99), EBADF, "POSIX close: EBADF");
 *          return tap_end();
 *      }
 *
 * tap_begin() forks: the child goes on as the test, the parent waits for its end, sees that nothing is left behind, and
 * prints the plan. So a test that dies, or that leaves a page, a file or a process, fails by itself.
 *
 * Points are printed by the process that called tap_begin(), not by those it forks: these tell by their exit status.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

void tap_begin(void);
/* Checks nothing of its own: some tests change for good what the leak check counts, and say so. */
void tap_begin_unchecked(const char *reason);
/* The test's exit status: 0 when all was right. */
int tap_end(void);

/* A point: `right` says whether it holds.  Answers `right`. */
#define tap_ok(right, ...) tap_point(__FILE__, __LINE__, (right), __VA_ARGS__)
/* A point: two integers are equal.  Both are shown when they are not. */
#define tap_is(actual, expected, ...) tap_point_is(__FILE__, __LINE__, (actual), (expected), __VA_ARGS__)
/* A point: two strings are equal; either may be NULL. */
#define tap_is_text(actual, expected, ...) tap_point_text(__FILE__, __LINE__, (actual), (expected), __VA_ARGS__)
/* A point: a call answered -1 and left `error` in errno. */
#define tap_fails(call, error, ...) tap_point_fails(__FILE__, __LINE__, (call), (error), __VA_ARGS__)
/* A point: a call answered what is not negative; errno is shown when it is. */
#define tap_works(call, ...) tap_point_works(__FILE__, __LINE__, (call), __VA_ARGS__)

/* A point that judges how long something took.  When it does not hold it fails only where the machine's time is exact
 * (--icount): elsewhere a busy host may be to blame, and it is skipped. */
#define tap_in_time(right, ...) tap_point_in_time(__FILE__, __LINE__, (right), __VA_ARGS__)
/* Is this machine's time exact, and its kernel one that does not take longer to find its own mistakes? */
bool tap_time_is_exact(void);

/* A point that cannot be looked at here, and why. */
void tap_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A remark. */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Ends the test as failed: going on makes no sense. */
void tap_give_up(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Let the calling thread run on the CPUs of that mask alone; answers as sched_setaffinity(). */
int tap_bind(unsigned mask);
/* fork(), which must work: a pid of -1 would make of kill() one for all processes. */
pid_t tap_fork(void);
/* Fork a process that runs body(context) and exits with what it answers.  Answers its pid. */
pid_t tap_start(int (*body)(void *context), void *context);
/* Wait for the end of a process; answers its wait status. */
int tap_wait(pid_t pid);
/* Both: run a body in a process of its own; answers its wait status. */
int tap_child(int (*body)(void *context), void *context);
/* The same, as one number: the exit status, or -signal when it was killed. */
int tap_child_result(int (*body)(void *context), void *context);
/* Wait (by looking every millisecond, two minutes at most) until `holds` answers true; answers whether it did, and is a
 * failed point if not. */
bool tap_until(bool (*holds)(void *context), void *context);
/* Is that process asleep (state S in /proc/PID/stat)? For tap_until(); context: pid_t *. */
bool tap_is_asleep(void *pid);
/* tap_start(), and waits until it is asleep. */
pid_t tap_start_asleep(int (*body)(void *context), void *context);
/* Kills a child and waits for its end. */
void tap_kill(pid_t pid);
/* Fork a process that sends this one a signal as soon as it is asleep, however late that is.  Answers its pid. */
pid_t tap_signal_when_asleep(int signal);

bool tap_point(const char *file, int line, bool right, const char *format, ...) __attribute__((format(printf, 4, 5)));
bool tap_point_in_time(const char *file, int line, bool right, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool tap_point_is(const char *file, int line, long long actual, long long expected, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
bool tap_point_text(const char *file, int line, const char *actual, const char *expected, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
bool tap_point_fails(const char *file, int line, long long answer, int error, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
bool tap_point_works(const char *file, int line, long long answer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
