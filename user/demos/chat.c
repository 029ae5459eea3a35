/*
 * chat.c - a chat over FIFOs, without a server.
 *
 *      /tmp/chat/ann   <--- write() --- bob, carl        each member reads the FIFO that has its name,
 *      /tmp/chat/bob   <--- write() --- ann, carl        and writes to those of all others
 *      /tmp/chat/carl  <--- write() --- ann, bob
 *
 * Lines of several writers are never mixed: up to PIPE_BUF bytes a write is whole.  A member whose FIFO nobody reads
 * any more is noticed at once: opening it for writing without waiting fails with ENXIO.
 *
 * Usage: chat NAME     join, on as many terminals as you like; end of input leaves
 *        chat          watch three processes talk
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROOM "/tmp/chat"

__attribute__((noreturn)) static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* One line to one member. */
static void tell(const char *member, const char *line, size_t length)
{
    char path[sizeof ROOM + NAME_MAX + 1];
    int fifo;

    snprintf(path, sizeof path, ROOM "/%s", member);
    fifo = open(path, O_WRONLY | O_NONBLOCK);
    if (fifo < 0) {
        unlink(path); /* ENXIO: it died and left its FIFO behind */
        return;
    }
    write(fifo, line, length);
    close(fifo);
}

static void tell_all(const char *self, const char *text)
{
    char line[PIPE_BUF];
    int length = snprintf(line, sizeof line, "%s: %s", self, text);
    DIR *room = opendir(ROOM);
    struct dirent *entry;

    if (!room)
        fail(ROOM);
    while ((entry = readdir(room)))
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, self) != 0)
            tell(entry->d_name, line, (size_t)length < sizeof line ? (size_t)length : sizeof line);
    closedir(room);
}

/* Open for both, the FIFO never comes to an end of file when the last writer leaves. */
static int join(const char *path)
{
    int fifo;

    mkdir(ROOM, 01777);
    if (mkfifo(path, 0622) < 0)
        fail(path);
    chmod(path, 0622);
    fifo = open(path, O_RDWR);
    if (fifo < 0)
        fail(path);
    return fifo;
}

/* What the others have written, each line marked with who hears it when several share a terminal.  A read answers all
 * that has come: several lines, or half a one. */
static void hear(int fifo, const char *mark)
{
    static int line_begins = 1;
    char text[PIPE_BUF];
    ssize_t n = read(fifo, text, sizeof text);

    for (ssize_t i = 0; i < n; i++) {
        if (line_begins)
            fputs(mark, stdout);
        putchar(text[i]);
        line_begins = text[i] == '\n';
    }
    fflush(stdout);
}

/* False: end of input. */
static int say(const char *name)
{
    char text[1024];
    ssize_t n = read(0, text, sizeof text - 1);

    if (n <= 0)
        return 0;
    text[n] = '\0';
    tell_all(name, text);
    return 1;
}

static int chat(const char *name, const char *mark)
{
    char path[sizeof ROOM + NAME_MAX + 1];
    struct pollfd set[2] = {{.fd = 0, .events = POLLIN}, {.events = POLLIN}};

    snprintf(path, sizeof path, ROOM "/%s", name);
    set[1].fd = join(path);
    tell_all(name, "(comes in)\n");
    for (;;) {
        if (poll(set, 2, -1) < 0)
            fail("poll");
        if (set[1].revents)
            hear(set[1].fd, mark);
        else if (set[0].revents && !say(name))
            break;
    }
    tell_all(name, "(leaves)\n");
    unlink(path);
    return 0;
}

/* A member whose keyboard is a pipe; answers where to type. */
static int start_member(const char *name)
{
    char mark[64];
    int keyboard[2];

    snprintf(mark, sizeof mark, "[%s hears] ", name);
    if (pipe(keyboard) < 0)
        fail("pipe");
    fcntl(keyboard[1], F_SETFD, FD_CLOEXEC);
    switch (fork()) {
    case -1:
        fail("fork");
    case 0:
        dup2(keyboard[0], 0);
        for (int fd = 3; fd < 16; fd++)
            close(fd); /* the other members' keyboards too, or they would never end */
        exit(chat(name, mark));
    }
    close(keyboard[0]);
    return keyboard[1];
}

static void pause_a_moment(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL); /* people are slow */
}

static void type(int keyboard, const char *text)
{
    write(keyboard, text, strlen(text));
    pause_a_moment();
}

static void leave(int keyboard)
{
    close(keyboard);
    pause_a_moment();
}

int main(int argc, char **argv)
{
    int ann, bob;

    if (argc > 1)
        return chat(argv[1], "");
    printf("three processes talk, each over a FIFO of its own in " ROOM ":\n");
    fflush(stdout);
    ann = start_member("ann");
    pause_a_moment();
    bob = start_member("bob");
    type(bob, "Good morning.\n");
    type(ann, "Hello, bob!\n");
    leave(start_member("carl"));
    type(bob, "carl came and went.\n");
    leave(bob);
    type(ann, "Nobody is left to hear this.\n");
    leave(ann);
    while (wait(NULL) > 0)
        continue;
    rmdir(ROOM); /* unless others are still in it */
    return 0;
}
