/*
 * thread_streams.c - exit() and fflush(NULL) while other threads are busy with streams: nobody who waits for input, or
 * has locked a stream for good, holds them up, and what was written is not lost.
 */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"

static int in[2], out[2];
static FILE *input, *output;
static sem_t locked;

/* Two streams over pipes; what is written to `output` stays in its buffer. */
static void open_streams(void)
{
    pipe(in);
    pipe2(out, O_NONBLOCK);
    input = fdopen(in[0], "r");
    output = fdopen(out[1], "w");
    sem_init(&locked, 0, 0);
}

static void close_streams(void)
{
    fclose(input);
    fclose(output);
    close(in[1]);
    close(out[0]);
}

/* What has come out of `output`. */
static const char *written(void)
{
    static char text[16];
    ssize_t length = read(out[0], text, sizeof text - 1);

    text[length > 0 ? length : 0] = '\0';
    return text;
}

static void *reads(void *unused)
{
    getc(input);
    return unused;
}

static pthread_t start_reader(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, reads, NULL);
    tap_until(somebody_reads_pipe, NULL);
    return thread;
}

static int exit_with_reader(void *unused)
{
    (void)unused;
    alarm(20);
    fputs("kept", output);
    start_reader();
    exit(3);
}

static void *locks_for_good(void *unused)
{
    flockfile(output);
    fputs("kept", output);
    sem_post(&locked);
    for (;;)
        pause();
    return unused;
}

static int exit_with_locked(void *unused)
{
    pthread_t thread;

    (void)unused;
    alarm(20);
    pthread_create(&thread, NULL, locks_for_good, NULL);
    sem_wait(&locked);
    exit(3);
}

static void test_exit(void)
{
    open_streams();
    tap_is(tap_child_result(exit_with_reader, NULL), 3, "exit() does not wait for a thread that reads from a stream");
    tap_is_text(written(), "kept", "POSIX exit: the other streams are flushed");
    tap_is(tap_child_result(exit_with_locked, NULL), 3, "nor for one that has locked a stream");
    tap_is_text(written(), "kept", "what that thread had written is flushed");
    close_streams();
}

static int flush_with_reader(void *unused)
{
    pthread_t thread;

    (void)unused;
    alarm(20);
    thread = start_reader();
    fputs("kept", output);
    if (fflush(NULL) != 0)
        return 1;
    write(in[1], "x", 1);
    return pthread_join(thread, NULL);
}

static void *writes_slowly(void *unused)
{
    flockfile(output);
    fputs("first", output);
    sem_post(&locked);
    usleep(5000);
    fputs("last", output);
    funlockfile(output);
    return unused;
}

static void test_flush(void)
{
    pthread_t thread;

    open_streams();
    tap_is(tap_child_result(flush_with_reader, NULL), 0, "fflush(NULL) passes over a stream that is read from");
    tap_is_text(written(), "kept", "and POSIX fflush: flushes all streams that were written to");
    pthread_create(&thread, NULL, writes_slowly, NULL);
    sem_wait(&locked);
    tap_is(fflush(NULL), 0, "fflush(NULL) while another thread has locked a stream to write");
    tap_is_text(written(), "firstlast", "waits for that thread");
    pthread_join(thread, NULL);
    close_streams();
}

int main(void)
{
    tap_begin();
    test_exit();
    test_flush();
    return tap_end();
}
