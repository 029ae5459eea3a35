/*
 * syslog.c - messages for the kernel's log, through /dev/kmsg.
 *
 * One write is one line, so lines of several programs do not mix.  The lock is not held while a line is written to a
 * terminal or the like, which may take as long as it wants to.  Left out on purpose: a daemon that would sort them
 * by facility; the facility is not written.
 */
#include "lock.h"
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#define LINE_SIZE 1024

volatile int __syslog_lock;
static const char *log_name; /* all of these: __syslog_lock */
static int log_options, log_mask = 0xff, log_fd = -1;

static void open_locked(void)
{
    if (log_fd == -1)
        log_fd = __open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
}

void openlog(const char *name, int options, int facility)
{
    (void)facility;
    lock_acquire(&__syslog_lock);
    log_name = name;
    log_options = options;
    if (options & LOG_NDELAY)
        open_locked();
    lock_release(&__syslog_lock);
}

void closelog(void)
{
    lock_acquire(&__syslog_lock);
    if (log_fd != -1)
        __close(log_fd); /* no cancellation point, as the lock is held */
    log_fd = -1;
    log_name = NULL;
    log_options = 0;
    lock_release(&__syslog_lock);
}

/* POSIX setlogmask: 0 asks only. */
int setlogmask(int mask)
{
    int old;

    lock_acquire(&__syslog_lock);
    old = log_mask;
    if (mask != 0)
        log_mask = mask;
    lock_release(&__syslog_lock);
    return old;
}

/* "name[pid]: " */
static size_t write_head(char *line)
{
    size_t n = snprintf(line, LINE_SIZE / 4, "%s", log_name != NULL ? log_name : __program_name());

    if (n >= LINE_SIZE / 4)
        n = LINE_SIZE / 4 - 1;
    if (log_options & LOG_PID)
        n += sprintf(line + n, "[%d]", (int)getpid());
    return n + sprintf(line + n, ": ");
}

/* "%m" is the error's text: replace it in the format, as much as fits. */
static void expand_error(char *to, size_t size, const char *format, int error)
{
    size_t n = 0;

    for (; *format != '\0' && n + 2 < size; format++) {
        if (format[0] == '%' && format[1] == 'm') {
            for (const char *s = strerror(error); *s != '\0' && n + 3 < size; s++) {
                if (*s == '%')
                    to[n++] = '%';
                to[n++] = *s;
            }
            format++;
            continue;
        }
        if (format[0] == '%' && format[1] == '%')
            to[n++] = *format++;
        to[n++] = *format;
    }
    to[n] = '\0';
}

/* No cancellation point, as the lock is held. */
static bool put_locked(const char *line, size_t n)
{
    open_locked();
    return log_fd != -1 && __write(log_fd, line, n) == (ssize_t)n;
}

static void put_on_console(const char *line, size_t n)
{
    int console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);

    if (console == -1)
        return;
    write(console, line, n);
    close(console);
}

void vsyslog(int priority, const char *format, va_list arguments)
{
    char line[LINE_SIZE], expanded[LINE_SIZE];
    int saved = errno, options = 0;
    bool is_logged = true;
    size_t n = 0, rest;

    lock_acquire(&__syslog_lock);
    if (log_mask & LOG_MASK(LOG_PRI(priority))) {
        expand_error(expanded, sizeof expanded, format, saved);
        n = write_head(line);
        rest = vsnprintf(line + n, sizeof line - n - 1, expanded, arguments);
        n += rest < sizeof line - n - 1 ? rest : sizeof line - n - 2;
        if (line[n - 1] != '\n')
            line[n++] = '\n';
        is_logged = put_locked(line, n);
        options = log_options;
    }
    lock_release(&__syslog_lock);
    if (!is_logged && options & LOG_CONS)
        put_on_console(line, n);
    if (options & LOG_PERROR)
        write(STDERR_FILENO, line, n);
    errno = saved;
}

void syslog(int priority, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}
