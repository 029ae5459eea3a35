/*
 * input.c - where commands come from: a string, a script, standard input, a person.
 *
 * A source keeps its text from the start of the command that is being read, so that any number of characters can be
 * given back and a job can be shown as it was typed.  Aliases are pushed in front of the text and read first.
 *
 * Standard input is shared with the utilities that run: `sh` must not take bytes that the next one should read (POSIX
 * sh, STDIN).  It is read up to the newline and no further: by the byte from a pipe, while from a file what is too
 * much is given back with lseek.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum { END = -1, READ_SIZE = 1024 };

struct pushed {
    struct pushed *next;
    char *text;
    size_t at, length;
    char name[];
};

/* A source that reads a copy of text, whose first line has this number. */
void source_string(struct source *source, const char *text, int line)
{
    *source = (struct source){.fd = -1, .line = line};
    buffer_string(&source->text, text);
}

/* A source that reads a descriptor: the shell's standard input, or one that the source owns. */
void source_file(struct source *source, int fd)
{
    *source = (struct source){.fd = fd, .line = 1, .exact = fd == 0};
    source->edited = fd == 0 && sh.interactive && isatty(0);
}

static void pushed_pop(struct source *source)
{
    struct pushed *pushed = source->pushed;
    source->pushed = pushed->next;
    free(pushed->text);
    free(pushed);
}

static void source_drop_aliases(struct source *source)
{
    while (source->pushed)
        pushed_pop(source);
}

void source_close(struct source *source)
{
    source_drop_aliases(source);
    buffer_free(&source->text);
    if (source->fd > 0)
        close(source->fd);
}

/* A command begins here: the text before it is not needed any more. */
void source_forget(struct source *source)
{
    source->more = false;
    if (sh.skip == SKIP_ERROR) {
        source_drop_aliases(source);
        source->at = source->text.length;
    }
    size_t rest = source->text.length - source->at;
    if (rest > 0)
        memmove(source->text.data, source->text.data + source->at, rest);
    source->text.length = rest;
    source->at = 0;
}

static ssize_t read_again(int fd, char *data, size_t size)
{
    ssize_t n;
    while ((n = read(fd, data, size)) < 0 && errno == EINTR && !trap_interrupted)
        ;
    return n;
}

/* Reads a piece, or to the end of the line when the source must be exact.  False at the end of file. */
static bool source_read(struct source *source)
{
    char data[READ_SIZE];
    bool seekable = source->exact && lseek(source->fd, 0, SEEK_CUR) >= 0;
    size_t size = source->exact && !seekable ? 1 : sizeof data;
    ssize_t n;
    do {
        n = read_again(source->fd, data, size);
        if (n <= 0)
            return source->at < source->text.length;
        char *newline = memchr(data, '\n', (size_t)n);
        if (seekable && newline) {
            ssize_t wanted = newline + 1 - data;
            lseek(source->fd, wanted - n, SEEK_CUR);
            n = wanted;
        }
        buffer_append(&source->text, data, (size_t)n);
    } while (source->exact && data[n - 1] != '\n');
    return true;
}

static char *source_prompt(struct source *source)
{
    if (!source->more)
        job_notify();
    return source->more ? expand_prompt("PS2", "> ") : expand_prompt("PS1", getuid() ? "$ " : "# ");
}

static bool source_edit(struct source *source)
{
    char *prompt = source_prompt(source);
    size_t start = source->text.length;
    enum edit_result result = edit_line(prompt, &source->text);
    if (result == EDIT_INTERRUPTED)
        trap_interrupted = true;
    if (result != EDIT_LINE)
        return false;
    history_add(source->text.data + start);
    buffer_add(&source->text, '\n');
    return true;
}

static bool source_prompt_and_read(struct source *source)
{
    if (sh.interactive && source->fd == 0) {
        char *prompt = source_prompt(source);
        write_all(2, prompt, strlen(prompt));
    }
    return source_read(source);
}

static bool source_fill(struct source *source)
{
    if (source->fd < 0)
        return false;
    struct mark mark = scratch_mark();
    size_t start = source->text.length;
    bool ok = source->edited ? source_edit(source) : source_prompt_and_read(source);
    scratch_release(mark);
    source->more = true;
    if (ok && sh.option['v'])
        write_all(2, source->text.data + start, source->text.length - start);
    return ok;
}

/* The next character, or -1 for ever after the end. */
int source_get(struct source *source)
{
    while (source->pushed) {
        struct pushed *pushed = source->pushed;
        if (pushed->at < pushed->length)
            return (unsigned char)pushed->text[pushed->at++];
        /* A blank ends the alias's last word while the alias still counts as being read. */
        if (pushed->at++ == pushed->length)
            return ' ';
        source->alias_blank = pushed->length > 0 && strchr(" \t", pushed->text[pushed->length - 1]);
        pushed_pop(source);
    }
    for (;;) {
        if (source->at >= source->text.length && (source->eof || !source_fill(source))) {
            source->eof = true;
            return END;
        }
        unsigned char c = (unsigned char)source->text.data[source->at++];
        if (c == '\n')
            source->line++;
        if (c != '\0')
            return c;
    }
}

/* Takes back what source_get gave. */
void source_unget(struct source *source, int c)
{
    if (c == END)
        return;
    if (source->pushed && source->pushed->at > 0) {
        source->pushed->at--;
    } else if (source->at > 0) {
        source->at--;
        if (c == '\n')
            source->line--;
    }
}

/* Reads the alias's text next, if there is one of that name that is not being read already. */
bool source_push_alias(struct source *source, const char *name)
{
    const char *text = alias_get(name);
    if (!text)
        return false;
    for (struct pushed *p = source->pushed; p; p = p->next) {
        if (strcmp(p->name, name) == 0)
            return false;
    }
    struct pushed *pushed = memory_get(sizeof *pushed + strlen(name) + 1);
    strcpy(pushed->name, name);
    pushed->text = memory_copy(text);
    pushed->length = strlen(text);
    pushed->at = 0;
    pushed->next = source->pushed;
    source->pushed = pushed;
    return true;
}

/* Nothing but blanks is left of a string: the command just read was its last. */
bool source_is_used_up(struct source *source)
{
    if (source->fd >= 0 || source->pushed)
        return false;
    for (size_t i = source->at; i < source->text.length; i++) {
        if (!strchr(" \t\n", source->text.data[i]))
            return false;
    }
    return true;
}
