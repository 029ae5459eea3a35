/*
 * thread_fork.c - fork and exec in a process of several threads: handlers, the library's locks in the child, and who is
 * left.  Mutexes: thread_fork_mutex.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "several.h"
#include "tap.h"

enum { busy_threads = 3, forks = 60, interruptions = 30 };

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

static pthread_mutex_t program_lock = PTHREAD_MUTEX_INITIALIZER;
static bool registering, nested;

static void prepare_more(void)
{
    if (pthread_atfork(prepare_a, parent_a, child_a) != 0)
        strcat(order, "!");
}

/* Forks once more, and waits for that child. */
static void prepare_fork(void)
{
    pid_t pid;

    if (nested)
        return;
    nested = true;
    pid = fork();
    if (pid == 0)
        _exit(3);
    if (WEXITSTATUS(tap_wait(pid)) != 3)
        strcat(order, "!");
}

static int registers_in_handler(void *unused)
{
    pid_t pid;

    (void)unused;
    alarm(20);
    order[0] = '\0';
    pthread_atfork(prepare_more, NULL, NULL);
    pid = fork();
    if (pid == 0)
        _exit(strcmp(order, "baxy"));
    if (tap_wait(pid) != 0 || strcmp(order, "ba12") != 0)
        return 1;
    order[0] = '\0';
    pid = fork();
    if (pid == 0)
        _exit(strcmp(order, "abaxyx"));
    return tap_wait(pid) == 0 && strcmp(order, "aba121") == 0 ? 0 : 2;
}

static int forks_in_handler(void *unused)
{
    pid_t pid;

    (void)unused;
    alarm(20);
    order[0] = '\0';
    pthread_atfork(prepare_fork, NULL, NULL);
    pid = fork();
    if (pid == 0)
        _exit(0);
    return tap_wait(pid) == 0 && strcmp(order, "ba12ba12") == 0 ? 0 : 1;
}

static void lock_program(void)
{
    while (!registering)
        sched_yield();
    pthread_mutex_lock(&program_lock);
}

static void unlock_program(void)
{
    pthread_mutex_unlock(&program_lock);
}

static void *registers(void *unused)
{
    pthread_mutex_lock(&program_lock);
    registering = true;
    until_waiting(1); /* in lock_program() */
    pthread_atfork(NULL, NULL, NULL);
    pthread_mutex_unlock(&program_lock);
    return unused;
}

/* A thread has a lock that a handler takes, and registers handlers itself. */
static int registers_beside_fork(void *unused)
{
    pthread_t thread;
    pid_t pid;

    (void)unused;
    alarm(20);
    pthread_atfork(lock_program, unlock_program, unlock_program);
    pthread_create(&thread, NULL, registers, NULL);
    pid = fork();
    if (pid == 0)
        _exit(pthread_mutex_lock(&program_lock));
    return pthread_join(thread, NULL) == 0 && tap_wait(pid) == 0 ? 0 : 1;
}

static void test_inside_handlers(void)
{
    tap_is(tap_child_result(registers_in_handler, NULL), 0, "a handler registers others, for the next fork");
    tap_is(tap_child_result(forks_in_handler, NULL), 0, "a handler forks");
    tap_is(tap_child_result(registers_beside_fork, NULL), 0, "a handler waits for a thread that registers others");
}

static volatile int stop;

static void does_nothing(union sigval unused)
{
    (void)unused;
}

/* Uses what the library guards by a lock.  0, or which call failed. */
static int uses_locks(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = does_nothing};
    pthread_key_t key;
    timer_t timer;

    if (pthread_key_create(&key, NULL) != 0 || pthread_key_delete(key) != 0)
        return 4;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || timer_delete(timer) != 0)
        return 5;
    return random() < 0 ? 6 : 0;
}

static void *uses_locks_always(void *unused)
{
    while (!stop)
        uses_locks();
    return unused;
}

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
    return result == order && getpid() == gettid() ? uses_locks() : 3;
}

static void test_locks(void)
{
    pthread_t threads[busy_threads];
    int wrong = 0;

    for (int i = 0; i < busy_threads; i++)
        pthread_create(&threads[i], NULL, i == 0 ? uses_locks_always : is_busy, NULL);
    for (int i = 0; i < forks; i++) {
        pid_t pid = fork();

        if (pid == 0)
            exit(uses_all()); /* which flushes what the others were in the middle of */
        wrong += tap_wait(pid) != 0;
    }
    tap_is(wrong, 0, "malloc, streams, threads, keys, timers and exit() work in %d children of a busy process", forks);
    stop = 1;
    for (int i = 0; i < busy_threads; i++)
        pthread_join(threads[i], NULL);
}

static volatile int forked;

static void on_signal(int signal)
{
    pid_t pid = fork();

    (void)signal;
    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
    forked++;
}

/* Sends the signal at any time. */
static void *interrupts(void *first)
{
    unsigned seed = (unsigned)getpid();

    for (int sent = 0; sent < interruptions; sent++) {
        struct timespec little = {.tv_nsec = 20000 + rand_r(&seed) % 200000};

        nanosleep(&little, NULL);
        pthread_kill(*(pthread_t *)first, SIGUSR1);
        while (forked == sent)
            sched_yield();
    }
    return NULL;
}

/* A handler forks, whatever of the library's it has interrupted, and whatever another thread is at. */
static int is_interrupted(void *unused)
{
    pthread_t first = pthread_self(), threads[2];

    (void)unused;
    alarm(60);
    signal(SIGUSR1, on_signal);
    stop = 0;
    pthread_create(&threads[0], NULL, is_busy, NULL);
    pthread_create(&threads[1], NULL, interrupts, &first);
    while (forked < interruptions) {
        uses_locks();
        setenv("BUSY", "not", 1);
    }
    stop = 1;
    return pthread_join(threads[0], NULL) | pthread_join(threads[1], NULL);
}

static volatile pid_t logger;

static bool logger_sleeps(void *unused)
{
    char name[32];

    (void)unused;
    snprintf(name, sizeof name, "task/%d/stat", (int)logger);
    return logger != 0 && strstr(process_text(getpid(), name), ") S") != NULL;
}

static void *logs(void *unused)
{
    logger = gettid();
    openlog("test", LOG_PERROR, LOG_USER);
    syslog(LOG_DEBUG, "a line");
    return unused;
}

/* A thread logs to a pipe that is full. */
static int forks_beside_log(void *unused)
{
    pthread_t thread;
    int full[2];
    pid_t pid;

    (void)unused;
    alarm(20);
    pipe(full);
    fcntl(full[1], F_SETFL, O_NONBLOCK);
    while (write(full[1], order, sizeof order) > 0)
        ;
    fcntl(full[1], F_SETFL, 0);
    dup2(full[1], STDERR_FILENO);
    pthread_create(&thread, NULL, logs, NULL);
    tap_until(logger_sleeps, NULL);
    pid = fork();
    if (pid == 0) {
        closelog();
        _exit(0);
    }
    _exit(tap_wait(pid));
}

static void test_handlers_of_signals(void)
{
    tap_is(tap_child_result(is_interrupted, NULL), 0,
           "POSIX 2.4.3: %d forks in a handler that interrupts the library, beside a busy thread", interruptions);
    tap_is(tap_child_result(forks_beside_log, NULL), 0, "fork does not wait for a line that is being logged");
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

static volatile int asked;

/* What another thread of the child sees of the one that has forked. */
static void *asks_and_joins(void *first)
{
    int seen = pthread_kill(*(pthread_t *)first, 0);

    asked = 1;
    if (seen == 0)
        seen = pthread_join(*(pthread_t *)first, NULL);
    _exit(seen == 0 ? 5 : seen);
}

static int forks_and_is_joined(void *unused)
{
    pthread_t first = pthread_self(), thread;
    pid_t pid;

    (void)unused;
    in_thread(answers, NULL);
    pid = fork();
    if (pid == 0) {
        pthread_create(&thread, NULL, asks_and_joins, &first);
        tap_until(is_set, (void *)&asked);
        pthread_exit(NULL);
    }
    return WEXITSTATUS(tap_wait(pid));
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
    tap_is(tap_child_result(forks_and_is_joined, NULL), 5,
           "in the child others signal and join the thread that forked");
    tap_is(tap_child_result(exec_in_thread, NULL), 17, "exec in a thread ends the others");
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 17;
    tap_begin();
    test_handlers();
    test_inside_handlers();
    test_locks();
    test_handlers_of_signals();
    test_stream();
    test_ends();
    return tap_end();
}
