/*
 * syslog.c - messages for the kernel's log, through /dev/kmsg.
 *
 * One write is one line, so lines of several programs do not mix.  Left out on purpose: a daemon that would sort them
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
        log_fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
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
        close(log_fd);
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

static void put(const char *line, size_t n)
{
    int console;

    open_locked();
    if ((log_fd != -1 && write(log_fd, line, n) == (ssize_t)n) || !(log_options & LOG_CONS))
        return;
    console = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (console == -1)
        return;
    write(console, line, n);
    close(console);
}

void vsyslog(int priority, const char *format, va_list arguments)
{
    char line[LINE_SIZE], expanded[LINE_SIZE];
    int saved = errno;
    size_t n, rest;

    lock_acquire(&__syslog_lock);
    if (log_mask & LOG_MASK(LOG_PRI(priority))) {
        expand_error(expanded, sizeof expanded, format, saved);
        n = write_head(line);
        rest = vsnprintf(line + n, sizeof line - n - 1, expanded, arguments);
        n += rest < sizeof line - n - 1 ? rest : sizeof line - n - 2;
        if (line[n - 1] != '\n')
            line[n++] = '\n';
        put(line, n);
        if (log_options & LOG_PERROR)
            write(STDERR_FILENO, line, n);
    }
    lock_release(&__syslog_lock);
    errno = saved;
}

void syslog(int priority, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}
