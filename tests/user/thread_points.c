/*
 * thread_points.c - POSIX's cancellation points, each reached with a request made before, and with one made meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "several.h"
#include "tap.h"

static int ends[2]; /* an empty pipe */
static int full[2]; /* a full one */
static mqd_t empty_queue, full_queue;
static int queue_id; /* System V's, empty */
static pid_t child;  /* does not end */
static pthread_t other;
static sem_t semaphore, unit; /* of none, and of one */
static char byte;

static const struct timespec hour = {.tv_sec = 3600}, late = {.tv_sec = 4000000000};
static struct iovec vector = {&byte, 1};

static void sets(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGUSR2);
}

/* Functions that wait for ever. */
static void in_read(void)
{
    read(ends[0], &byte, 1);
}
static void in_readv(void)
{
    readv(ends[0], &vector, 1);
}
static void in_write(void)
{
    write(full[1], &byte, 1);
}
static void in_writev(void)
{
    writev(full[1], &vector, 1);
}
static void in_nanosleep(void)
{
    nanosleep(&hour, NULL);
}
static void in_clock_nanosleep(void)
{
    clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, NULL);
}
static void in_sleep(void)
{
    sleep(3600);
}
static void in_usleep(void)
{
    usleep(900000000);
}
static void in_pause(void)
{
    pause();
}
static void in_poll(void)
{
    poll(NULL, 0, -1);
}
static void in_select(void)
{
    select(0, NULL, NULL, NULL, NULL);
}
static void in_pselect(void)
{
    pselect(0, NULL, NULL, NULL, NULL, NULL);
}
static void in_sigsuspend(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigsuspend(&set);
}
static void in_sigwait(void)
{
    sigset_t set;
    int signal;
    sets(&set);
    sigwait(&set, &signal);
}
static void in_sigwaitinfo(void)
{
    sigset_t set;
    sets(&set);
    sigwaitinfo(&set, NULL);
}
static void in_sigtimedwait(void)
{
    sigset_t set;
    sets(&set);
    sigtimedwait(&set, NULL, &hour);
}
static void in_wait(void)
{
    wait(NULL);
}
static void in_waitpid(void)
{
    waitpid(child, NULL, 0);
}
static void in_waitid(void)
{
    siginfo_t info;
    waitid(P_PID, (id_t)child, &info, WEXITED);
}
static void in_sem_wait(void)
{
    sem_wait(&semaphore);
}
static void in_sem_timedwait(void)
{
    sem_timedwait(&semaphore, &late);
}
static void in_sem_wait_unit(void)
{
    sem_wait(&unit);
}
static void in_sem_timedwait_unit(void)
{
    sem_timedwait(&unit, &late);
}
static void in_sem_clockwait_unit(void)
{
    sem_clockwait(&unit, CLOCK_MONOTONIC, &late);
}
static void in_mq_receive(void)
{
    char text[64];
    mq_receive(empty_queue, text, sizeof text, NULL);
}
static void in_mq_timedreceive(void)
{
    char text[64];
    mq_timedreceive(empty_queue, text, sizeof text, NULL, &late);
}
static void in_mq_send(void)
{
    mq_send(full_queue, "x", 1, 0);
}
static void in_mq_timedsend(void)
{
    mq_timedsend(full_queue, "x", 1, 0, &late);
}
static void in_msgrcv(void)
{
    struct {
        long type;
        char text[8];
    } m;
    msgrcv(queue_id, &m, sizeof m.text, 0, 0);
}
static void in_join(void)
{
    pthread_join(other, NULL);
}
static void in_open(void)
{
    open("/tmp/thread_points.fifo", O_RDONLY);
}
static void in_openat(void)
{
    openat(AT_FDCWD, "/tmp/thread_points.fifo", O_RDONLY);
}
static void in_creat(void)
{
    creat("/tmp/thread_points.fifo", 0600);
}
static void in_lock(void)
{
    struct flock lock = {.l_type = F_WRLCK};
    fcntl(STDIN_FILENO, F_SETLKW, &lock);
}
static void in_lockf(void)
{
    lockf(STDIN_FILENO, F_LOCK, 0);
}
static void in_system(void)
{
    system("sleep 3600");
}

/* Functions that do not wait here, but are points all the same. */
static void in_close(void)
{
    close(-1);
}
static void in_fsync(void)
{
    fsync(-1);
}
static void in_fdatasync(void)
{
    fdatasync(-1);
}
static void in_pread(void)
{
    pread(-1, &byte, 1, 0);
}
static void in_pwrite(void)
{
    pwrite(-1, &byte, 1, 0);
}
static void in_msync(void)
{
    msync(NULL, 0, MS_SYNC);
}
static void in_msgsnd(void)
{
    msgsnd(-1, &byte, 0, 0);
}
static void in_tcdrain(void)
{
    tcdrain(-1);
}
static void in_testcancel(void)
{
    pthread_testcancel();
}

static const struct point {
    const char *name;
    void (*function)(void);
    bool waits;
} points[] = {
    {"read", in_read, true},
    {"readv", in_readv, true},
    {"write", in_write, true},
    {"writev", in_writev, true},
    {"nanosleep", in_nanosleep, true},
    {"clock_nanosleep", in_clock_nanosleep, true},
    {"sleep", in_sleep, true},
    {"usleep", in_usleep, true},
    {"pause", in_pause, true},
    {"poll", in_poll, true},
    {"select", in_select, true},
    {"pselect", in_pselect, true},
    {"sigsuspend", in_sigsuspend, true},
    {"sigwait", in_sigwait, true},
    {"sigwaitinfo", in_sigwaitinfo, true},
    {"sigtimedwait", in_sigtimedwait, true},
    {"wait", in_wait, true},
    {"waitpid", in_waitpid, true},
    {"waitid", in_waitid, true},
    {"sem_wait", in_sem_wait, true},
    {"sem_timedwait", in_sem_timedwait, true},
    {"mq_receive", in_mq_receive, true},
    {"mq_timedreceive", in_mq_timedreceive, true},
    {"mq_send", in_mq_send, true},
    {"mq_timedsend", in_mq_timedsend, true},
    {"msgrcv", in_msgrcv, true},
    {"pthread_join", in_join, true},
    {"open", in_open, true},
    {"openat", in_openat, true},
    {"creat", in_creat, true},
    {"sem_wait, with a unit there,", in_sem_wait_unit, false},
    {"sem_timedwait, with a unit there,", in_sem_timedwait_unit, false},
    {"sem_clockwait, with a unit there,", in_sem_clockwait_unit, false},
    {"close", in_close, false},
    {"fsync", in_fsync, false},
    {"fdatasync", in_fdatasync, false},
    {"pread", in_pread, false},
    {"pwrite", in_pwrite, false},
    {"msync", in_msync, false},
    {"msgsnd", in_msgsnd, false},
    {"tcdrain", in_tcdrain, false},
    {"fcntl(F_SETLKW)", in_lock, false},
    {"lockf(F_LOCK)", in_lockf, false},
    {"system", in_system, false},
    {"pthread_testcancel", in_testcancel, false},
};

static volatile int cleaned, go, here;

static void clean(void *unused)
{
    (void)unused;
    cleaned++;
}

static void *is_at_point(void *argument)
{
    const struct point *point = argument;

    pthread_cleanup_push(clean, NULL);
    here = 1;
    point->function();
    pthread_cleanup_pop(0);
    return NULL;
}

/* Cancelled before it gets there. */
static void *comes_to_point(void *argument)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    here = 1;
    while (!go)
        sched_yield();
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    return is_at_point(argument);
}

static bool cancelled_before(const struct point *point)
{
    pthread_t thread;

    go = here = cleaned = 0;
    pthread_create(&thread, NULL, comes_to_point, (void *)point);
    tap_until(is_set, (void *)&here);
    pthread_cancel(thread);
    go = 1;
    return ends_cancelled(thread) && cleaned == 1;
}

static bool cancelled_inside(const struct point *point)
{
    struct timespec little = {.tv_nsec = 3000000};
    pthread_t thread;

    here = cleaned = 0;
    pthread_create(&thread, NULL, is_at_point, (void *)point);
    tap_until(is_set, (void *)&here);
    nanosleep(&little, NULL); /* mostly it waits by then; what holds does so in either case */
    pthread_cancel(thread);
    return ends_cancelled(thread) && cleaned == 1;
}

static void *waits(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static int waits_too(void *unused)
{
    waits(unused);
    return 0;
}

static void prepare_points(void)
{
    struct mq_attr shape = {.mq_maxmsg = 1, .mq_msgsize = 64};
    sigset_t set;

    sets(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pipe(ends);
    pipe2(full, O_NONBLOCK);
    while (write(full[1], &points, 1) == 1)
        continue;
    fcntl(full[1], F_SETFL, 0);
    empty_queue = mq_open("/thread_points1", O_RDWR | O_CREAT, 0600, &shape);
    full_queue = mq_open("/thread_points2", O_RDWR | O_CREAT, 0600, &shape);
    mq_send(full_queue, "x", 1, 0);
    mq_unlink("/thread_points1");
    mq_unlink("/thread_points2");
    queue_id = msgget(IPC_PRIVATE, 0600);
    mkfifo("/tmp/thread_points.fifo", 0600);
    sem_init(&semaphore, 0, 0);
    sem_init(&unit, 0, 1);
    child = tap_start(waits_too, NULL);
    pthread_create(&other, NULL, waits, NULL);
}

static void finish_points(void)
{
    pthread_cancel(other);
    pthread_join(other, NULL);
    tap_kill(child);
    unlink("/tmp/thread_points.fifo");
    msgctl(queue_id, IPC_RMID, NULL);
    mq_close(empty_queue);
    mq_close(full_queue);
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(full[i]);
    }
}

static void test_points(void)
{
    int units;

    prepare_points();
    for (unsigned i = 0; i < sizeof points / sizeof points[0]; i++) {
        tap_ok(cancelled_before(&points[i]), "POSIX 2.9.5: %s is a cancellation point", points[i].name);
        if (points[i].waits)
            tap_ok(cancelled_inside(&points[i]), "and one that waits in it is cancelled");
    }
    sem_getvalue(&unit, &units);
    tap_is(units, 1, "a cancelled sem_wait has taken no unit");
    finish_points();
}

int main(void)
{
    tap_begin();
    test_points();
    return tap_end();
}
