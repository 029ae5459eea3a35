/*
 * tap.c - points and the plan (see tap.h), and processes for tests.
 *
 * Lines go out with one write() each, past stdio: so forked processes inherit no half-filled buffer, and a test that
 * dies has lost nothing. The supervising parent and the test share one page of counts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "leak.h"
#include "tap.h"

enum { until_milliseconds = 120000 };

struct counts {
    int points;
    int failed;
    bool ended;
};

static struct counts *counts;
static struct leak_snapshot before;

static void say(const char *head, const char *format, va_list arguments)
{
    char line[512];
    size_t used = snprintf(line, sizeof line, "%s", head);
    used += vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    if (used > sizeof line - 2)
        used = sizeof line - 2;
    line[used] = '\n';
    if (write(1, line, used + 1) < 0)
        _exit(1);
}

void tap_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("# ", format, arguments);
    va_end(arguments);
}

static bool point(const char *file, int line, bool right, const char *format, va_list arguments)
{
    char head[32];
    counts->points++;
    counts->failed += !right;
    snprintf(head, sizeof head, "%sok %d - ", right ? "" : "not ", counts->points);
    say(head, format, arguments);
    if (!right)
        tap_note("at %s:%d", file, line);
    return right;
}

/* Supervises the test in the child; does not return. */
static _Noreturn void supervise(pid_t test, const char *unchecked)
{
    int status = tap_wait(test);
    if (!counts->ended) {
        if (WIFSIGNALED(status))
            tap_ok(false, "the test ended by itself: it was killed by signal %d", WTERMSIG(status));
        else
            tap_ok(false, "the test ended by itself: it called exit(%d) before its end", WEXITSTATUS(status));
    }
    if (unchecked) {
        tap_note("no leak check: %s", unchecked);
    } else {
        const char *difference = leak_since(&before);
        tap_ok(!difference, "nothing is left behind%s%s", difference ? ":" : "", difference ? difference : "");
    }
    printf("1..%d\n", counts->points);
    fflush(stdout);
    _exit(counts->failed > 0);
}

/* Takes the snapshot; not before all that the check itself needs is there. */
static bool take_before(void)
{
    pid_t first = fork(); /* what fork and the first look touch is there before the second look */

    if (first == 0)
        _exit(0);
    return waitpid(first, NULL, 0) == first && leak_take(&before) && leak_take(&before);
}

static void begin(const char *unchecked)
{
    counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (counts == MAP_FAILED) {
        perror("Bail out! mmap");
        _exit(1);
    }
    *counts = (struct counts){0};
    if (!unchecked && !take_before()) {
        perror("Bail out! /proc");
        _exit(1);
    }
    pid_t test = fork();
    if (test < 0) {
        perror("Bail out! fork");
        _exit(1);
    }
    if (test > 0)
        supervise(test, unchecked);
}

void tap_begin(void)
{
    begin(NULL);
}

void tap_begin_unchecked(const char *reason)
{
    begin(reason);
}

int tap_end(void)
{
    counts->ended = true;
    return counts->failed > 0;
}

void tap_skip(const char *format, ...)
{
    char head[32];
    va_list arguments;
    counts->points++;
    snprintf(head, sizeof head, "ok %d # SKIP ", counts->points);
    va_start(arguments, format);
    say(head, format, arguments);
    va_end(arguments);
}

void tap_give_up(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    point("tap_give_up", 0, false, format, arguments);
    va_end(arguments);
    exit(tap_end());
}

bool tap_point(const char *file, int line, bool right, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    point(file, line, right, format, arguments);
    va_end(arguments);
    return right;
}

/* Has the file a word that is this one, or begins so where it ends in "="? */
static bool has_word(const char *path, const char *word)
{
    char text[512] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
        text[0] = '\0';
    close(fd);
    for (char *next = strtok(text, " ()\n"); next; next = strtok(NULL, " ()\n")) {
        if (strncmp(next, word, strlen(word)) == 0 && (strchr(word, '=') || strlen(next) == strlen(word)))
            return true;
    }
    return false;
}

bool tap_time_is_exact(void)
{
    return has_word("/proc/cmdline", "icount") && !has_word("/proc/cmdline", "sched_seed=") &&
           !has_word("/proc/version", "sanitizers");
}

bool tap_point_in_time(const char *file, int line, bool right, const char *format, ...)
{
    bool exact = right || tap_time_is_exact();
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    if (exact)
        point(file, line, right, format, arguments);
    else
        vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!exact)
        tap_skip("a busy host may have taken the time: %s", text);
    return right;
}

bool tap_point_is(const char *file, int line, long long actual, long long expected, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    point(file, line, actual == expected, format, arguments);
    va_end(arguments);
    if (actual != expected)
        tap_note("is %lld (%#llx), should be %lld (%#llx)", actual, actual, expected, expected);
    return actual == expected;
}

bool tap_point_text(const char *file, int line, const char *actual, const char *expected, const char *format, ...)
{
    bool right = actual && expected ? strcmp(actual, expected) == 0 : actual == expected;
    va_list arguments;
    va_start(arguments, format);
    point(file, line, right, format, arguments);
    va_end(arguments);
    if (!right)
        tap_note("is \"%s\", should be \"%s\"", actual ? actual : "(null)", expected ? expected : "(null)");
    return right;
}

bool tap_point_fails(const char *file, int line, long long answer, int error, const char *format, ...)
{
    int found = errno;
    bool right = answer == -1 && found == error;
    va_list arguments;
    va_start(arguments, format);
    point(file, line, right, format, arguments);
    va_end(arguments);
    if (!right)
        tap_note("answers %lld with errno %d (%s), should be -1 with %d (%s)", answer, found, strerror(found), error,
                 strerror(error));
    return right;
}

bool tap_point_works(const char *file, int line, long long answer, const char *format, ...)
{
    int found = errno;
    va_list arguments;
    va_start(arguments, format);
    point(file, line, answer >= 0, format, arguments);
    va_end(arguments);
    if (answer < 0)
        tap_note("answers %lld with errno %d (%s)", answer, found, strerror(found));
    return answer >= 0;
}

int tap_bind(unsigned mask)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (mask >> cpu & 1)
            CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof set, &set);
}

pid_t tap_fork(void)
{
    pid_t pid = fork();
    if (pid < 0)
        tap_give_up("fork: %s", strerror(errno));
    return pid;
}

pid_t tap_start(int (*body)(void *context), void *context)
{
    pid_t pid = tap_fork();
    if (pid == 0)
        _exit(body(context));
    return pid;
}

int tap_wait(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return status;
}

int tap_child(int (*body)(void *context), void *context)
{
    return tap_wait(tap_start(body, context));
}

int tap_child_result(int (*body)(void *context), void *context)
{
    int status = tap_child(body, context);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

bool tap_until(bool (*holds)(void *context), void *context)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int i = 0; i < until_milliseconds; i++) {
        if (holds(context))
            return true;
        nanosleep(&pause, NULL);
    }
    tap_ok(false, "what was waited for comes within %d seconds", until_milliseconds / 1000);
    return false;
}

bool tap_is_asleep(void *pid)
{
    char path[32], line[256];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)*(pid_t *)pid);
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line - 1);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return false;
    line[n] = '\0';
    const char *behind_name = strrchr(line, ')');
    return behind_name && behind_name[1] == ' ' && behind_name[2] == 'S';
}

pid_t tap_start_asleep(int (*body)(void *context), void *context)
{
    pid_t pid = tap_start(body, context);

    tap_until(tap_is_asleep, &pid);
    return pid;
}

void tap_kill(pid_t pid)
{
    kill(pid, SIGKILL);
    tap_wait(pid);
}

struct sleeper {
    pid_t pid; /* not asked for by getppid(): if it is gone, that would be init, which ends the machine */
    int signal;
};

static int signals_sleeper(void *context)
{
    struct sleeper *sleeper = context;

    return tap_until(tap_is_asleep, &sleeper->pid) ? kill(sleeper->pid, sleeper->signal) : 1;
}

pid_t tap_signal_when_asleep(int signal)
{
    return tap_start(signals_sleeper, &(struct sleeper){getpid(), signal});
}
