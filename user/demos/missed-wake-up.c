/*
 * missed-wake-up.c - who looks whether to sleep, and then sleeps, misses the wake-up that comes between.
 *
 * The cure is always the same: to look and to fall asleep become one step.  sigsuspend() lets the signal in only while
 * it sleeps; a futex sleeps only if the word still is what was seen; a condition variable gives the mutex back
 * as it falls asleep, and so nobody who holds it comes between; a semaphore remembers what was posted before.
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <abi/futex.h>

#include "lib/stage.h"

static volatile int flag;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t flagged, seen; /* seen: the sleeper is ready for the next round */

/* The sleeper sleeps until the flag is 1, the waker makes it so; a round after another. */
static void play_rounds(int self, void (*sleep_until_flag)(void), void (*wake)(void))
{
    for (int i = 0; i < stage_rounds; i++) {
        if (self == 0) {
            sleep_until_flag();
            stage_step("awake");
            flag = 0;
            sem_post(&seen);
        } else {
            wake();
            stage_step("has set the flag");
            sem_wait(&seen);
        }
    }
}

static void raise_flag(int number)
{
    (void)number;
    flag = 1;
}

static void wake_by_signal(void)
{
    kill(getpid(), SIGUSR1); /* all but the sleeper block it */
}

static void sleep_in_pause(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    while (!flag) {
        stage_step("no flag: pause()");
        pause();
    }
}

static void sleep_in_sigsuspend(void)
{
    sigset_t set;

    sigemptyset(&set);
    while (!flag) {
        stage_step("no flag: sigsuspend()");
        sigsuspend(&set);
    }
}

static void wake_by_futex(void)
{
    flag = 1;
    syscall(SYS_futex, &flag, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void sleep_in_blind_futex(void)
{
    while (!flag) {
        stage_step("no flag: sleeps");
        syscall(SYS_futex, &flag, FUTEX_WAIT, flag, NULL, NULL, 0); /* as long as it is what it is now */
    }
}

static void sleep_in_futex(void)
{
    while (!flag) {
        stage_step("no flag: sleeps");
        syscall(SYS_futex, &flag, FUTEX_WAIT, 0, NULL, NULL, 0); /* only if it is still 0 */
    }
}

static void wake_by_semaphore(void)
{
    sem_post(&flagged);
}

static void sleep_in_semaphore(void)
{
    stage_step("sem_wait()");
    sem_wait(&flagged);
}

static void wake_without_mutex(void)
{
    flag = 1; /* while the sleeper, with the mutex, is about to sleep */
    pthread_cond_signal(&changed);
}

static void wake_by_condition(void)
{
    pthread_mutex_lock(&lock);
    flag = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void sleep_in_condition(void)
{
    pthread_mutex_lock(&lock);
    while (!flag) {
        stage_step("no flag: waits");
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

static void with_pause(int self)
{
    play_rounds(self, sleep_in_pause, wake_by_signal);
}

static void with_sigsuspend(int self)
{
    play_rounds(self, sleep_in_sigsuspend, wake_by_signal);
}

static void with_blind_futex(int self)
{
    play_rounds(self, sleep_in_blind_futex, wake_by_futex);
}

static void with_futex(int self)
{
    play_rounds(self, sleep_in_futex, wake_by_futex);
}

static void without_mutex(int self)
{
    play_rounds(self, sleep_in_condition, wake_without_mutex);
}

static void with_condition(int self)
{
    play_rounds(self, sleep_in_condition, wake_by_condition);
}

static void with_semaphore(int self)
{
    play_rounds(self, sleep_in_semaphore, wake_by_semaphore);
}

static const struct variant variants[] = {
    {"pause", broken, "looks at the flag, then pause(); the signal comes between", with_pause},
    {"sigsuspend", mended, "the signal is blocked but in sigsuspend()", with_sigsuspend},
    {"blind-futex", broken, "waits until the word is not what it is by now", with_blind_futex},
    {"futex", mended, "waits until the word is not what was seen", with_futex},
    {"no-mutex", broken, "the flag is set and the condition signalled without the mutex", without_mutex},
    {"condition", mended, "the same with it; pthread_cond_wait() gives it back as it falls asleep", with_condition},
    {"semaphore", mended, "no flag: the semaphore remembers", with_semaphore},
    {},
};

static const struct play play = {
    .about = "A missed wake-up: one sleeps until there is a flag, the other sets it and wakes.",
    .actors = {"sleeper", "waker"},
    .rounds = 2,
    .quiet_rounds = 8,
    .variants = variants,
};

int main(int argc, char **argv)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = raise_flag}, NULL);
    sem_init(&flagged, 0, 0);
    sem_init(&seen, 0, 0);
    return stage_main(argc, argv, &play);
}
