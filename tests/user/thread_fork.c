/*
 * thread_fork.c - fork and exec in a process of several threads: handlers, the library's locks in the child, and who is
 * left.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { busy_threads = 3, forks = 60 };

extern char **environ;

static char order[1024]; /* every fork adds to it */

static void prepare_a(void)
{
    strcat(order, "a");
}
static void prepare_b(void)
{
    strcat(order, "b");
}
static void parent_a(void)
{
    strcat(order, "1");
}
static void parent_b(void)
{
    strcat(order, "2");
}
static void child_a(void)
{
    strcat(order, "x");
}
static void child_b(void)
{
    strcat(order, "y");
}

static void test_handlers(void)
{
    pid_t pid;

    tap_is(pthread_atfork(prepare_a, parent_a, child_a), 0, "pthread_atfork");
    pthread_atfork(NULL, NULL, NULL);
    pthread_atfork(prepare_b, parent_b, child_b);
    pid = fork();
    if (pid == 0)
        _exit(strcmp(order, "baxy") == 0 ? 0 : 1);
    tap_is(tap_wait(pid), 0, "POSIX pthread_atfork: the handlers in the child, in their order");
    tap_is_text(order, "ba12", "and in the parent; those before fork the other way round");
    order[0] = '\0';
}

static volatile int stop;

/* Uses malloc, streams and the environment all the time. */
static void *is_busy(void *unused)
{
    FILE *null = fopen("/dev/null", "w");

    while (!stop) {
        char *memory = malloc(1000);

        fprintf(null, "%p\n", (void *)memory);
        setenv("BUSY", "yes", 1);
        free(memory);
        fclose(fopen("/dev/null", "r"));
    }
    fclose(null);
    return unused;
}

static void *answers(void *argument)
{
    return argument;
}

/* In the child all of that works, and threads too. */
static int uses_all(void)
{
    void *result = NULL, *memory[100];
    pthread_t thread;
    FILE *file = fopen("/dev/null", "w");

    for (int i = 0; i < 100; i++)
        memory[i] = malloc((size_t)i * 50);
    for (int i = 0; i < 100; i++)
        free(memory[i]);
    if (file == NULL || fprintf(file, "x") != 1 || fclose(file) != 0 || setenv("CHILD", "1", 1) != 0)
        return 1;
    if (pthread_create(&thread, NULL, answers, order) != 0 || pthread_join(thread, &result) != 0)
        return 2;
    fflush(NULL);
    return result == order && getpid() == gettid() ? 0 : 3;
}

static void test_locks(void)
{
    pthread_t threads[busy_threads];
    int wrong = 0;

    for (int i = 0; i < busy_threads; i++)
        pthread_create(&threads[i], NULL, is_busy, NULL);
    for (int i = 0; i < forks; i++) {
        pid_t pid = fork();

        if (pid == 0)
            exit(uses_all()); /* which flushes what the others were in the middle of */
        wrong += tap_wait(pid) != 0;
    }
    tap_is(wrong, 0, "malloc, streams, threads and exit() work in %d children of a busy process", forks);
    stop = 1;
    for (int i = 0; i < busy_threads; i++)
        pthread_join(threads[i], NULL);
}

static int ends[2];

static void *reads_stream(void *stream)
{
    getc(stream);
    return NULL;
}

/* A thread that waits in a stream holds its lock: fork does not wait for it, and the child has the stream. */
static void test_stream(void)
{
    struct timespec little = {.tv_nsec = 3000000};
    pthread_t thread;
    FILE *stream;
    pid_t pid;

    pipe(ends);
    stream = fdopen(ends[0], "r");
    pthread_create(&thread, NULL, reads_stream, stream);
    nanosleep(&little, NULL);
    pid = fork();
    if (pid == 0) {
        alarm(20);
        _exit(ftrylockfile(stream) == 0 ? 0 : 1);
    }
    tap_is(tap_wait(pid), 0, "a stream that another thread had locked is free in the child");
    write(ends[1], "x", 1);
    pthread_join(thread, NULL);
    fclose(stream);
    close(ends[1]);
}

static void *forks_and_ends(void *unused)
{
    pid_t pid = fork();

    (void)unused;
    if (pid == 0)
        pthread_exit(NULL); /* the child's only thread */
    return (void *)(long)tap_wait(pid);
}

static void *execs(void *unused)
{
    execve("/tests/thread_fork", (char *[]){"thread_fork", "ends", NULL}, environ);
    return unused;
}

static void *waits(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static int exec_in_thread(void *unused)
{
    pthread_t thread;

    (void)unused;
    pthread_create(&thread, NULL, waits, NULL);
    pthread_create(&thread, NULL, execs, NULL);
    waits(NULL);
    return 1;
}

static void test_ends(void)
{
    pthread_t thread;
    void *result = &thread;

    pthread_create(&thread, NULL, forks_and_ends, NULL);
    pthread_join(thread, &result);
    tap_ok(result == NULL, "a thread forks, and its end is the child's");
    tap_is(tap_child_result(exec_in_thread, NULL), 17, "exec in a thread ends the others");
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 17;
    tap_begin();
    test_handlers();
    test_locks();
    test_stream();
    test_ends();
    return tap_end();
}
