/*
 * output.c - what built-ins write, and what the shell itself has to say.
 *
 * Built-ins collect their output here; it is written when the built-in ends, so that nothing lies in the buffer when
 * the shell forks.  Messages go straight to descriptor 2, each in one write.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum { OUT_LIMIT = 4096 };

static struct buffer out;
static int out_error;

/* Writes all of data; false with errno when that fails. */
bool write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, data, length);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            data += n;
            length -= (size_t)n;
        }
    }
    return true;
}

static void out_write(int fd)
{
    if (out.length > 0 && !write_all(fd, out.data, out.length))
        out_error = errno;
    out.length = 0;
}

void out_char(int c)
{
    buffer_add(&out, c);
    if (out.length >= OUT_LIMIT)
        out_write(1);
}

void out_string(const char *text)
{
    while (*text)
        out_char(*text++);
}

void out_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_format(&out, format, arguments);
    va_end(arguments);
}

/* The text in quotes, so that the shell would read it as this one word. */
void out_quoted(const char *text)
{
    out_char('\'');
    for (; *text; text++) {
        if (*text == '\'')
            out_string("'\\''");
        else
            out_char(*text);
    }
    out_char('\'');
}

/* Writes what was collected.  0, or the errno value of a write that failed since the last call. */
int out_flush(void)
{
    return out_flush_to(1);
}

/* The same to another descriptor. */
int out_flush_to(int fd)
{
    out_write(fd);
    int error = out_error;
    out_error = 0;
    buffer_free(&out);
    return error;
}

static void error_write(const char *format, va_list arguments)
{
    struct buffer text = {0};
    buffer_string(&text, sh.name);
    buffer_string(&text, ": ");
    if (!sh.interactive && sh.line > 0) {
        buffer_string(&text, number_text(sh.line));
        buffer_string(&text, ": ");
    }
    buffer_format(&text, format, arguments);
    buffer_add(&text, '\n');
    write_all(2, text.data, text.length);
    buffer_free(&text);
}

/* A message with the shell's name and the line number before it. */
void error_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_write(format, arguments);
    va_end(arguments);
}

/* An error that ends the running command line, and the shell if nobody types to it.  Answers the status. */
int error_set(int status, const char *format, ...)
{
    /* Only the first error counts: the rest of an abandoned command may complain about what is missing. */
    if (sh.skip == SKIP_ERROR)
        return sh.status;
    va_list arguments;
    va_start(arguments, format);
    error_write(format, arguments);
    va_end(arguments);
    sh.skip = SKIP_ERROR;
    return sh.status = status;
}

/* POSIX 2.8.1: an error in a special built-in ends the shell, unless `command` ran it.  Answers its status, 2. */
int error_special(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_write(format, arguments);
    va_end(arguments);
    if (!sh.forgiving)
        sh.skip = SKIP_ERROR;
    return sh.status = 2;
}
