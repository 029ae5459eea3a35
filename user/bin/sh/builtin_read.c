/*
 * builtin_read.c - read: one line of standard input, split into variables.
 *
 * Not a byte behind the newline is taken, for the next command may read on.  So it reads byte by byte.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

/* One byte; -1 at the end, or when a signal has something to say. */
static int read_byte(void)
{
    unsigned char c;
    for (;;) {
        ssize_t n = read(0, &c, 1);
        if (n == 1)
            return c;
        if (n == 0 || errno != EINTR || trap_pending())
            return -1;
    }
}

/* Reads a line into x, with the mask that tells what a backslash has quoted.  False at the end of the input. */
static bool read_line(struct expansion *x, bool raw)
{
    int c;
    while ((c = read_byte()) >= 0 && c != '\n') {
        int mask = MASK_EXPANDED;
        if (c == '\\' && !raw) {
            c = read_byte();
            if (c == '\n')
                continue;
            if (c < 0)
                break;
            mask = MASK_QUOTED;
        }
        if (c) {
            buffer_add(&x->text, c);
            buffer_add(&x->mask, mask);
        }
    }
    return c == '\n';
}

/* The last variable gets all that is left, without white space (or one lone separator) at its end. */
static size_t rest_end(struct expansion *x, size_t at)
{
    size_t length = x->text.length, start, end, after = at;
    const char *text = x->text.data, *mask = x->mask.data;
    if (ifs_next(text, mask, length, &after, &start, &end) && after >= length)
        return end;
    for (size_t i = length; i > at; i--) {
        size_t blanks = i - 1;
        ifs_skip(text, mask, length, &blanks);
        if (blanks < length)
            return i;
    }
    return at;
}

static void read_assign(struct expansion *x, char **names)
{
    size_t at = 0, start, end, length = x->text.length;
    const char *text = x->text.data, *mask = x->mask.data;
    ifs_skip(text, mask, length, &at);
    for (; *names && !sh.skip; names++) {
        start = end = at;
        if (!names[1])
            end = rest_end(x, at);
        else
            ifs_next(text, mask, length, &at, &start, &end);
        var_set(*names, end > start ? scratch_copy(text + start, end - start) : "");
    }
}

int builtin_read(int argc, char **argv)
{
    static char *reply[] = {"REPLY", NULL};
    bool raw = false;
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++) {
        if (strcmp(argv[first], "-r") == 0) {
            raw = true;
        } else if (strcmp(argv[first], "-p") == 0 && first + 1 < argc) {
            write_all(2, argv[first + 1], strlen(argv[first + 1]));
            first++;
        } else {
            error_say("read: %s: bad option", argv[first]);
            return 2;
        }
    }
    for (int i = first; i < argc; i++) {
        if (!var_is_name(argv[i], strlen(argv[i]))) {
            error_say("read: %s: bad variable name", argv[i]);
            return 2;
        }
    }
    edit_release();
    struct expansion x = {0};
    bool ok = read_line(&x, raw);
    read_assign(&x, first < argc ? argv + first : reply);
    expansion_free(&x);
    return sh.skip ? sh.status : !ok;
}
