/*
 * semaphore-mutex.c - mutual exclusion with a semaphore of 1: three processes draw lines on one screen, letter by
 * letter.
 *
 * Without the semaphore their letters mix. With it, who has taken the one unit is alone until he gives it back.
 */
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t *screen;

static void draw(char letter, int guarded)
{
    if (guarded)
        sem_wait(screen);
    for (int i = 0; i < 20; i++) {
        write(1, &letter, 1);
        usleep(1000); /* the others come in between, if they can */
    }
    write(1, "\n", 1);
    if (guarded)
        sem_post(screen);
}

static void run(int guarded)
{
    for (char letter = 'a'; letter <= 'c'; letter++)
        if (fork() == 0) {
            draw(letter, guarded);
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
}

int main(void)
{
    screen = mmap(NULL, sizeof *screen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (screen == MAP_FAILED || sem_init(screen, 1, 1) == -1) {
        perror("semaphore-mutex");
        return 1;
    }
    puts("Three processes write, each a line of its own letter. Nobody guards the screen:");
    fflush(stdout);
    run(0);
    puts("Now a semaphore of 1 guards it: sem_wait() before a line, sem_post() after it:");
    fflush(stdout);
    run(1);
    return 0;
}
