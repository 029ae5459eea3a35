/*
 * library-cost.c - what malloc, stdio and errno cost in a program of one thread, and with a second thread there.
 *
 * With --icount an instruction takes one nanosecond, so that the figures are instructions:
 *
 *      tools/parley-run --smp 1 --icount /demos/library-cost
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { rounds = 10000 };

static FILE *stream;
static char text[64];

static void allocate(void)
{
    void *volatile memory = malloc(40);

    free(memory);
}

static void put_character(void)
{
    putc('x', stream);
}

static void put_character_unlocked(void)
{
    putc_unlocked('x', stream);
}

static void put_string(void)
{
    fputs("sixteen letters.", stream);
}

static void print_number(void)
{
    fprintf(stream, "%d", 12345);
}

static void print_to_memory(void)
{
    snprintf(text, sizeof text, "%d", 12345);
}

static void lock_stream(void)
{
    flockfile(stream);
    funlockfile(stream);
}

static void set_errno(void)
{
    errno = EINTR;
}

static void nothing(void) {}

static const struct {
    const char *name;
    void (*once)(void);
} operations[] = {
    {"malloc and free", allocate},
    {"flockfile and funlockfile", lock_stream},
    {"putc", put_character},
    {"putc_unlocked", put_character_unlocked},
    {"fputs of 16 letters", put_string},
    {"fprintf of a number", print_number},
    {"snprintf of a number", print_to_memory},
    {"errno set", set_errno},
};
enum { count = sizeof operations / sizeof operations[0] };

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long time_of(void (*volatile once)(void))
{
    long long start = now();

    for (int i = 0; i < rounds; i++)
        once();
    return now() - start;
}

/* Tenths of a nanosecond for each operation, without those of the loop. */
static void measure(long *tenths)
{
    long long loop = time_of(nothing);

    for (int i = 0; i < count; i++) {
        operations[i].once();
        tenths[i] = (long)((time_of(operations[i].once) - loop) * 10 / rounds);
    }
}

static void *sleep_on(void *mutex)
{
    pthread_mutex_lock(mutex);
    return NULL;
}

int main(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    long alone[count], with_another[count];
    pthread_t thread;

    stream = fopen("/dev/null", "w");
    if (stream == NULL)
        return 1;
    setvbuf(stream, NULL, _IOFBF, 1 << 16);
    measure(alone);
    pthread_mutex_lock(&mutex);
    pthread_create(&thread, NULL, sleep_on, &mutex);
    measure(with_another);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    printf("%-28s %12s %12s\n", "nanoseconds", "one thread", "two threads");
    for (int i = 0; i < count; i++)
        printf("%-28s %10ld.%ld %10ld.%ld\n", operations[i].name, alone[i] / 10, alone[i] % 10, with_another[i] / 10,
               with_another[i] % 10);
    return 0;
}
