/*
 * several.c - what tests with several threads share.
 */
#define _GNU_SOURCE /* pthread_clockjoin_np() */
#include "several.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"

struct timespec time_in(clockid_t clock, long milliseconds)
{
    struct timespec time;

    clock_gettime(clock, &time);
    time.tv_sec += milliseconds / 1000;
    time.tv_nsec += milliseconds % 1000 * 1000000;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

static bool so_many_wait(void *count)
{
    return waiters_for_words(getpid()) == *(int *)count;
}

void until_waiting(int count)
{
    tap_until(so_many_wait, &count);
}

void run_with(int priority)
{
    struct sched_param param = {.sched_priority = priority};

    pthread_setschedparam(pthread_self(), priority != 0 ? SCHED_FIFO : SCHED_OTHER, &param);
}

void overwrite(void *memory, size_t size)
{
    memset(memory, 0x5a, size);
    __asm__ volatile("" ::: "memory");
}

bool is_overwritten(const void *memory, size_t size)
{
    const volatile char *byte = memory;

    while (size > 0 && byte[size - 1] == 0x5a)
        size--;
    return size == 0;
}

long in_thread(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    void *result;

    if (pthread_create(&thread, NULL, function, argument) != 0)
        tap_give_up("no thread");
    pthread_join(thread, &result);
    return (long)result;
}

bool is_set(void *word)
{
    return *(volatile int *)word != 0;
}

bool ends_cancelled(pthread_t thread)
{
    struct timespec deadline = time_in(CLOCK_MONOTONIC, 20000);
    void *result = NULL;

    return pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, &deadline) == 0 && result == PTHREAD_CANCELED;
}

int priority_of(pid_t pid)
{
    char path[32], line[512] = "";
    int priority = 99;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "r");
    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        sscanf(strrchr(line, ')'), ") %*c %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %d", &priority);
    if (file != NULL)
        fclose(file);
    return priority < 0 ? -1 - priority : 0;
}
