/*
 * mem_reserve.c - however much memory an ordinary user takes, the superuser can still start programs and make pipes.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define SOME_USER 1000
#define PIECE 65536

static const char path[] = "/tmp/mem_reserve";
static int told[2];

/* Pages of its own until there are no more. */
static int take_pages(void *unused)
{
    char *piece;

    (void)unused;
    setuid(SOME_USER);
    while ((piece = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED)
        memset(piece, 1, PIECE);
    write(told[1], "", 1);
    pause();
    return 0;
}

/* A file, until the file system is full. */
static int take_file(void *unused)
{
    static char bytes[PIECE];
    int fd;

    (void)unused;
    setuid(SOME_USER);
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    while (write(fd, bytes, sizeof bytes) > 0)
        continue;
    write(told[1], "", 1);
    pause();
    return 0;
}

static int start_program(void *unused)
{
    (void)unused;
    execl("/bin/true", "true", (char *)NULL);
    return 127;
}

static void test_hog(int (*hog)(void *), const char *what)
{
    pid_t pid = tap_start(hog, NULL);
    int ends[2];
    char byte;

    tap_is(read(told[0], &byte, 1), 1, "an ordinary user takes all memory: %s", what);
    tap_is(tap_child_result(start_program, NULL), 0, "the superuser starts a program");
    tap_works(pipe(ends), "and makes a pipe");
    tap_is(write(ends[1], path, sizeof path), sizeof path, "which takes bytes");
    close(ends[0]);
    close(ends[1]);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    unlink(path);
}

int main(void)
{
    tap_begin();
    pipe(told);
    test_hog(take_pages, "pages");
    test_hog(take_file, "a file");
    return tap_end();
}
