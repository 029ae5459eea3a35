/*
 * semaphore-order.c - ordering with a semaphore of 0: the second step waits for the first, whoever starts earlier.
 *
 * A semaphore that begins with no unit is a promise: sem_wait() comes back only after somebody's sem_post().
 */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/demo-order"

static void say(const char *text)
{
    printf("%5d: %s\n", (int)getpid(), text);
    fflush(stdout);
}

/* Has the semaphore by its name alone, as a program of its own would. */
static int second_step(void)
{
    sem_t *cooked = sem_open(NAME, 0);

    if (cooked == SEM_FAILED)
        return 1;
    say("I eat. I am early, so I wait: sem_wait()");
    sem_wait(cooked);
    say("sem_wait() is back: the meal is there, I eat");
    sem_close(cooked);
    return 0;
}

int main(void)
{
    sem_t *cooked;

    sem_unlink(NAME);
    cooked = sem_open(NAME, O_CREAT | O_EXCL, 0600, 0);
    if (cooked == SEM_FAILED) {
        perror("sem_open");
        return 1;
    }
    say("I made the semaphore " NAME " with the value 0; ls -l /dev/shm shows it");
    if (fork() == 0)
        _exit(second_step());
    usleep(200000);
    say("I cook");
    usleep(200000);
    say("the meal is ready: sem_post()");
    sem_post(cooked);
    wait(NULL);
    sem_close(cooked);
    sem_unlink(NAME);
    return 0;
}
