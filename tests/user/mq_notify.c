/*
 * mq_notify.c - being told of a message: once, by which signal with what value, and when not.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tap.h"

static mqd_t q;
static volatile sig_atomic_t told;
static volatile int code, value;
static volatile pid_t sender;
static char buffer[32];

static void on_message(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    told++;
    code = info->si_code;
    value = info->si_value.sival_int;
    sender = info->si_pid;
}

static struct sigevent by_signal(int number, int with)
{
    return (struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number, .sigev_value.sival_int = with};
}

static int sends(void *unused)
{
    (void)unused;
    return mq_send(q, "x", 1, 0);
}

static void take_all(void)
{
    struct mq_attr attributes;

    for (mq_getattr(q, &attributes); attributes.mq_curmsgs > 0; attributes.mq_curmsgs--)
        mq_receive(q, buffer, sizeof buffer, NULL);
}

static void test_signal(int number)
{
    struct sigaction action = {.sa_sigaction = on_message, .sa_flags = SA_SIGINFO};
    struct sigevent event = by_signal(number, 4711);
    pid_t child;

    told = 0;
    sigaction(number, &action, NULL);
    tap_works(mq_notify(q, &event), "mq_notify with signal %d", number);
    child = tap_start(sends, NULL);
    tap_is(tap_wait(child), 0, "a message comes");
    tap_is(told, 1, "and the signal");
    tap_ok(code == SI_MESGQ && value == 4711 && sender == child, "with SI_MESGQ, the value and who has sent");
    sends(NULL);
    take_all();
    sends(NULL);
    tap_is(told, 1, "once alone");
    take_all();
    signal(number, SIG_DFL);
}

static int registers(void *unused)
{
    struct sigevent event = by_signal(SIGUSR1, 0);

    (void)unused;
    return mq_notify(q, &event) == 0 ? 0 : errno;
}

static void test_registration(void)
{
    struct sigevent event = by_signal(SIGUSR1, 1), none = {.sigev_notify = SIGEV_NONE};
    struct sigaction action = {.sa_sigaction = on_message, .sa_flags = SA_SIGINFO};
    char text[80] = "", expected[80];
    int fd;

    told = 0;
    sigaction(SIGUSR1, &action, NULL);
    sends(NULL);
    tap_works(mq_notify(q, &event), "registered while a message is there");
    sends(NULL);
    tap_is(told, 0, "the queue was not empty: no signal");
    tap_is(tap_child_result(registers, NULL), EBUSY, "POSIX mq_notify: EBUSY");
    tap_fails(mq_notify(q, &event), EBUSY, "POSIX mq_notify: EBUSY for one's own, too");
    fd = open("/dev/mqueue/notify", O_RDONLY);
    read(fd, text, sizeof text - 1);
    snprintf(expected, sizeof expected, "QSIZE:2          NOTIFY:0     SIGNO:%-5d NOTIFY_PID:%-6d\n", SIGUSR1,
             getpid());
    tap_is_text(text, expected, "the queue's file tells");
    close(fd);
    take_all();
    tap_works(mq_notify(q, &event), "closing any descriptor of the queue has ended it");
    tap_works(mq_notify(q, NULL), "NULL ends it");
    sends(NULL);
    tap_is(told, 0, "no signal then");
    tap_works(mq_notify(q, NULL), "NULL without a registration");
    take_all();
    tap_works(mq_notify(q, &none), "SIGEV_NONE");
    tap_is(tap_child_result(registers, NULL), EBUSY, "takes the place");
    sends(NULL);
    tap_is(told, 0, "and tells nothing");
    take_all();
    tap_is(tap_child_result(registers, NULL), 0, "the message has ended it");
    tap_works(mq_notify(q, &event), "a registration ends with its process");
    mq_notify(q, NULL);
    signal(SIGUSR1, SIG_DFL);
}

static void test_errors(void)
{
    struct sigevent event = by_signal(0, 0);

    tap_fails(mq_notify(q, &event), EINVAL, "POSIX mq_notify: EINVAL, no signal");
    event.sigev_signo = 65;
    tap_fails(mq_notify(q, &event), EINVAL, "POSIX mq_notify: EINVAL, no such signal");
    event.sigev_notify = 77;
    tap_fails(mq_notify(q, &event), EINVAL, "POSIX mq_notify: EINVAL, no such way");
    tap_fails(mq_notify(99, NULL), EBADF, "POSIX mq_notify: EBADF");
}

static int receives(void *unused)
{
    (void)unused;
    return mq_receive(q, buffer, sizeof buffer, NULL) == 1 ? 0 : 1;
}

static void test_receiver_first(void)
{
    struct sigaction action = {.sa_sigaction = on_message, .sa_flags = SA_SIGINFO};
    struct sigevent event = by_signal(SIGUSR1, 1);
    pid_t child = tap_start(receives, NULL);

    told = 0;
    sigaction(SIGUSR1, &action, NULL);
    tap_until(tap_is_asleep, &child);
    tap_works(mq_notify(q, &event), "registered while a receiver waits");
    sends(NULL);
    tap_is(tap_wait(child), 0, "the receiver has the message");
    tap_is(told, 0, "there is no signal");
    sends(NULL);
    tap_is(told, 1, "but for the next message");
    take_all();
    signal(SIGUSR1, SIG_DFL);
}

/* A fork that fails when the child's descriptors are there already: the user has as many processes as it may. */
static int cannot_fork(void *unused)
{
    struct sigaction action = {.sa_sigaction = on_message, .sa_flags = SA_SIGINFO};
    struct sigevent event = by_signal(SIGUSR1, 1);
    struct rlimit one = {1, 1};

    (void)unused;
    told = 0;
    sigaction(SIGUSR1, &action, NULL);
    if (setrlimit(RLIMIT_NPROC, &one) != 0 || setuid(1000) != 0 || mq_notify(q, &event) != 0)
        return 1;
    if (fork() != -1 || errno != EAGAIN)
        return 2;
    sends(NULL);
    return told == 1 ? 0 : 3;
}

static void look_at_descriptors(int pid)
{
    char path[32];
    DIR *directory;

    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    directory = opendir(path);
    while (directory != NULL && readdir(directory) != NULL)
        continue;
    if (directory != NULL)
        closedir(directory);
}

/* At those of all processes, until it is killed. */
static int looks_at_descriptors(void *unused)
{
    (void)unused;
    for (int pid = 1;; pid = pid % 100 + 1)
        look_at_descriptors(pid);
    return 0;
}

/* Who looks holds their tables, but it is their end that closes their descriptors, and at once. */
static void test_looked_at(void)
{
    pid_t looker = tap_start(looks_at_descriptors, NULL);
    int wrong = 0;

    for (int i = 0; i < 300; i++)
        wrong += tap_child_result(registers, NULL) != 0;
    tap_is(wrong, 0, "a registration ends with its process, whoever looks at its descriptors");
    tap_kill(looker);
}

int main(void)
{
    struct mq_attr shape = {.mq_maxmsg = 4, .mq_msgsize = 32};

    tap_begin();
    q = mq_open("/notify", O_RDWR | O_CREAT, 0600, &shape);
    test_signal(SIGUSR1);
    test_signal(SIGRTMIN + 3);
    test_registration();
    test_errors();
    test_receiver_first();
    tap_is(tap_child_result(cannot_fork, NULL), 0, "a fork that fails leaves its caller's registration alone");
    take_all();
    test_looked_at();
    mq_close(q);
    mq_unlink("/notify");
    return tap_end();
}
