/*
 * redirect.c - redirections: descriptors are opened, and put back afterwards where the command ran in the shell.
 *
 * The shell's own descriptors (the script, the terminal, saved copies) are 10 and above and close on exec, so that
 * no redirection that can be written meets one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

enum { OWN_FDS = 10 };

struct saved_fd {
    struct saved_fd *next;
    int fd;
    int copy; /* -1: it was closed */
};

/* Moves a descriptor out of the way of redirections; it closes on exec.  -1 with errno when that fails. */
int fd_move_up(int fd)
{
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, OWN_FDS);
    int error = errno;
    close(fd);
    errno = error;
    return moved;
}

/* Gives a descriptor that number, whatever had it before. */
void fd_become(int fd, int number)
{
    if (fd == number) {
        fcntl(fd, F_SETFD, 0); /* as dup2() does */
        return;
    }
    dup2(fd, number);
    close(fd);
}

/* noclobber: a regular file that exists must not be overwritten. */
static int open_new(const char *path)
{
    struct stat status;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd >= 0 || errno != EEXIST || stat(path, &status) < 0 || S_ISREG(status.st_mode))
        return fd;
    return open(path, O_WRONLY);
}

static int redirect_open(enum token_kind kind, const char *path)
{
    switch (kind) {
    case TOKEN_LESS:
        return open(path, O_RDONLY);
    case TOKEN_GREAT:
        if (sh.option['C'])
            return open_new(path);
        /* fall through */
    case TOKEN_CLOBBER:
        return open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    case TOKEN_APPEND:
        return open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    default:
        return open(path, O_RDWR | O_CREAT, 0666);
    }
}

/* A pipe that holds the text.  Where it might not hold all of it, a child writes. */
static int heredoc_open(const char *text)
{
    enum { HOLDS = 4096 };
    size_t length = strlen(text);
    int fds[2];
    if (pipe(fds) < 0)
        return -1;
    if (length <= HOLDS) {
        write_all(fds[1], text, length);
    } else if (job_fork(NULL, FORK_PLAIN) == 0) {
        close(fds[0]);
        write_all(fds[1], text, length);
        _exit(0);
    }
    close(fds[1]);
    return fds[0];
}

static void fd_note(struct saved_fds *saved, int fd, int copy)
{
    struct saved_fd *entry = memory_get(sizeof *entry);
    *entry = (struct saved_fd){.next = saved->list, .fd = fd, .copy = copy};
    saved->list = entry;
}

/* Keeps a copy of a descriptor that will be replaced, the first time; false when there is no room for one. */
static bool fd_save(struct saved_fds *saved, int fd)
{
    for (struct saved_fd *s = saved->list; s; s = s->next) {
        if (s->fd == fd)
            return true;
    }
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, OWN_FDS);
    if (copy < 0 && errno != EBADF)
        return false;
    fd_note(saved, fd, copy);
    return true;
}

static bool redirect_fail(const char *what)
{
    error_say("%s: %s", what, strerror(errno));
    return false;
}

/* n>&word: word is a descriptor, or "-". */
static bool redirect_dup(struct redirect *redirect, const char *word)
{
    intmax_t from;
    if (strcmp(word, "-") == 0) {
        close(redirect->fd);
        return true;
    }
    if (word[strspn(word, "0123456789")] || !number_parse(word, &from) || from > 9999) {
        error_say("%s: a descriptor number is expected", word);
        return false;
    }
    int flags = fcntl((int)from, F_GETFD);
    if (flags >= 0 && from >= OWN_FDS && (flags & FD_CLOEXEC)) {
        flags = -1; /* the shell's own */
        errno = EBADF;
    }
    if (flags < 0 || dup2((int)from, redirect->fd) < 0)
        return redirect_fail(word);
    return true;
}

static bool redirect_one(struct redirect *redirect, struct saved_fds *saved)
{
    char *word = expand_string(redirect->word);
    if (sh.skip)
        return false;
    bool duplicates = redirect->kind == TOKEN_LESS_AMP || redirect->kind == TOKEN_GREAT_AMP;
    bool here = redirect->kind == TOKEN_HERE || redirect->kind == TOKEN_HERE_TABS;
    int fd = duplicates ? -1 : here ? heredoc_open(word) : redirect_open(redirect->kind, word);
    if (!duplicates && fd < 0)
        return redirect_fail(here ? "here-document" : word);
    if (fd == redirect->fd) {
        /* It was closed, and open() took its number. */
        if (saved)
            fd_note(saved, fd, -1);
        return true;
    }
    bool ok = !saved || fd_save(saved, redirect->fd) || redirect_fail(word);
    if (duplicates)
        return ok && redirect_dup(redirect, word);
    ok = ok && (dup2(fd, redirect->fd) >= 0 || redirect_fail(word));
    close(fd);
    return ok;
}

/* Makes the redirections, writing down in *saved (unless NULL) how to undo them.  False after a message. */
bool redirect_apply(struct redirect *list, struct saved_fds *saved)
{
    struct mark mark = scratch_mark();
    bool ok = true;
    for (; list && ok; list = list->next)
        ok = redirect_one(list, saved);
    scratch_release(mark);
    return ok;
}

/* Puts all descriptors back. */
void redirect_undo(struct saved_fds *saved)
{
    struct saved_fd *entry;
    while ((entry = saved->list)) {
        saved->list = entry->next;
        close(entry->fd);
        if (entry->copy >= 0) {
            dup2(entry->copy, entry->fd);
            close(entry->copy);
        }
        free(entry);
    }
}

/* Lets the redirections stay: what `exec` is for. */
void redirect_keep(struct saved_fds *saved)
{
    struct saved_fd *entry;
    while ((entry = saved->list)) {
        saved->list = entry->next;
        if (entry->copy >= 0)
            close(entry->copy);
        free(entry);
    }
}
