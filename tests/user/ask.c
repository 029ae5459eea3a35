/*
 * ask.c - what several tests ask of the kernel (see ask.h).
 */
#include "ask.h"

#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "tap.h"

long plain_call(long number, long a, long b, long c, long d)
{
    register long r0 __asm__("r0") = a;
    register long r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    register long r3 __asm__("r3") = d;
    register long r7 __asm__("r7") = number;

    __asm__ volatile("svc #0" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3), "r"(r7) : "memory");
    return r0;
}

long limit_change(const char *path, long to)
{
    FILE *file = fopen(path, "r+");
    long old = -1;

    if (file == NULL || fscanf(file, "%ld", &old) != 1)
        tap_give_up("%s cannot be read", path);
    rewind(file);
    fprintf(file, "%ld\n", to);
    fclose(file);
    return old;
}

const char *process_text(int pid, const char *name)
{
    static char text[80];
    char path[64];
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    file = fopen(path, "r");
    if (file == NULL || fgets(text, sizeof text, file) == NULL)
        text[0] = '\0';
    if (file != NULL)
        fclose(file);
    text[strcspn(text, "\n")] = '\0';
    return text;
}

bool sleeps_in(int pid, const char *program)
{
    return strcmp(process_text(pid, "comm"), program) == 0 && tap_is_asleep(&pid);
}

int waiters_for_words(int pid)
{
    FILE *file = fopen("/proc/futex", "r");
    char line[128];
    int count = 0, number;

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        count += sscanf(line, "%d", &number) == 1 && number == pid;
    if (file != NULL)
        fclose(file);
    return count;
}

bool waits_for_word(void *pid)
{
    return waiters_for_words(*(pid_t *)pid) > 0;
}

bool somebody_reads_pipe(void *unused)
{
    FILE *file = fopen("/proc/pipes", "r");
    char line[300], reading[64];
    bool found = false;

    (void)unused;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "pipe:", 5) == 0 && sscanf(line, "%*s %*s %*s %*s %*s %63s", reading) == 1)
            found |= strcmp(reading, "-") != 0;
    if (file != NULL)
        fclose(file);
    return found;
}
