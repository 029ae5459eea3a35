/*
 * mq_message.c - sending to and receiving from POSIX message queues: order, every error, waiting, deadlines, signals,
 * poll.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define DEPTH 4
#define SIZE 32

static mqd_t q;
static char buffer[SIZE];
static unsigned priority;

static mqd_t make_queue(int flags)
{
    struct mq_attr shape = {.mq_maxmsg = DEPTH, .mq_msgsize = SIZE};
    mqd_t queue = mq_open("/message", O_RDWR | O_CREAT | O_EXCL | flags, 0600, &shape);

    mq_unlink("/message");
    return queue;
}

static void set_nonblocking(bool on)
{
    struct mq_attr attributes = {.mq_flags = on ? O_NONBLOCK : 0};

    mq_setattr(q, &attributes, NULL);
}

static long messages(void)
{
    struct mq_attr attributes;

    mq_getattr(q, &attributes);
    return attributes.mq_curmsgs;
}

/* `ms` milliseconds from now on CLOCK_REALTIME. */
static struct timespec in_ms(long ms)
{
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += ms % 1000 * 1000000;
    time.tv_sec += ms / 1000 + time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

static void test_order(void)
{
    static const unsigned priorities[] = {5, MQ_PRIO_MAX - 1, 0, 5};
    char got[DEPTH + 1] = "";

    for (int i = 0; i < DEPTH; i++)
        mq_send(q, &"abcd"[i], 1, priorities[i]);
    tap_is(messages(), DEPTH, "four messages");
    for (int i = 0; i < DEPTH; i++)
        mq_receive(q, &got[i], SIZE, &priority);
    tap_is_text(got, "badc", "the highest priority first, and each in the order sent");
    tap_is(priority, 0, "the priority is told");
}

static void test_errors(void)
{
    static char large[SIZE + 1];
    char *hole = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    tap_fails(mq_send(q, large, SIZE + 1, 0), EMSGSIZE, "POSIX mq_send: EMSGSIZE");
    tap_fails(mq_receive(q, large, SIZE - 1, NULL), EMSGSIZE, "POSIX mq_receive: EMSGSIZE");
    tap_fails(mq_send(q, large, 1, MQ_PRIO_MAX), EINVAL, "POSIX mq_send: EINVAL");
    tap_fails(mq_send(99, large, 1, 0), EBADF, "POSIX mq_send: EBADF");
    tap_fails(mq_receive(-1, large, SIZE, NULL), EBADF, "POSIX mq_receive: EBADF");
    tap_fails(mq_send(0, large, 1, 0), EBADF, "POSIX mq_send: EBADF, no queue");
    tap_fails(mq_send(q, hole, 1, 0), EFAULT, "bytes that cannot be read");
    tap_fails(mq_send(q, (char *)0x7ffffff0, SIZE, 0), EFAULT, "bytes that reach into the kernel");
    tap_is(messages(), 0, "nothing was sent");
    tap_works(mq_send(q, "", 0, 3), "an empty message");
    tap_works(mq_send(q, "full", 4, 2), "and another");
    tap_is(mq_receive(q, hole, SIZE, NULL), 0, "is received without touching the buffer");
    tap_fails(mq_receive(q, hole, SIZE, NULL), EFAULT, "bytes that cannot be written");
    tap_fails(mq_receive(q, large, SIZE, (unsigned *)hole), EFAULT, "a priority that cannot be written");
    tap_is(messages(), 1, "the message stays");
    tap_is(mq_receive(q, large, SIZE, &priority), 4, "and is received");
    set_nonblocking(true);
    tap_fails(mq_receive(q, large, SIZE, NULL), EAGAIN, "POSIX mq_receive: EAGAIN");
    for (int i = 0; i < DEPTH; i++)
        mq_send(q, large, SIZE, 0);
    tap_fails(mq_send(q, large, 1, 0), EAGAIN, "POSIX mq_send: EAGAIN");
    for (int i = 0; i < DEPTH; i++)
        mq_receive(q, large, SIZE, NULL);
    set_nonblocking(false);
    munmap(hole, 4096);
}

static void test_deadlines(void)
{
    struct timespec past = {1, 0}, bad = {1, 1000000000}, soon = in_ms(30), now;

    tap_fails(mq_timedreceive(q, buffer, SIZE, NULL, &past), ETIMEDOUT, "POSIX mq_timedreceive: ETIMEDOUT");
    tap_fails(mq_timedreceive(q, buffer, SIZE, NULL, &bad), EINVAL, "POSIX mq_timedreceive: EINVAL");
    tap_fails(mq_timedreceive(q, buffer, SIZE, NULL, (struct timespec *)4), EFAULT, "a time that cannot be read");
    tap_fails(mq_timedreceive(q, buffer, SIZE, NULL, &soon), ETIMEDOUT, "a deadline to come");
    clock_gettime(CLOCK_REALTIME, &now);
    tap_ok(now.tv_sec > soon.tv_sec || (now.tv_sec == soon.tv_sec && now.tv_nsec >= soon.tv_nsec),
           "it does not end before");
    for (int i = 0; i < DEPTH; i++)
        tap_works(mq_timedsend(q, "x", 1, 0, &bad), "who need not wait is not asked for a time");
    tap_fails(mq_timedsend(q, "x", 1, 0, &past), ETIMEDOUT, "POSIX mq_timedsend: ETIMEDOUT");
    tap_fails(mq_timedsend(q, "x", 1, 0, &bad), EINVAL, "POSIX mq_timedsend: EINVAL");
    for (int i = 0; i < DEPTH; i++)
        mq_timedreceive(q, buffer, SIZE, NULL, &past);
    tap_is(messages(), 0, "what is there is received past any deadline");
}

static void on_signal(int number)
{
    (void)number;
}

static int signals_then_sends(void *parent)
{
    if (!tap_until(tap_is_asleep, parent) || kill(*(pid_t *)parent, SIGUSR1) != 0 || !tap_until(tap_is_asleep, parent))
        return 1;
    return mq_send(q, "late", 4, 7);
}

static void test_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct timespec later = in_ms(600000);
    pid_t self = getpid(), child;

    sigaction(SIGUSR1, &action, NULL);
    child = tap_signal_when_asleep(SIGUSR1);
    tap_fails(mq_receive(q, buffer, SIZE, NULL), EINTR, "POSIX mq_receive: EINTR");
    tap_wait(child);
    child = tap_signal_when_asleep(SIGUSR1);
    tap_fails(mq_timedreceive(q, buffer, SIZE, NULL, &later), EINTR, "POSIX mq_timedreceive: EINTR");
    tap_wait(child);
    for (int i = 0; i < DEPTH; i++)
        mq_send(q, "x", 1, 0);
    child = tap_signal_when_asleep(SIGUSR1);
    tap_fails(mq_send(q, "x", 1, 0), EINTR, "POSIX mq_send: EINTR");
    tap_wait(child);
    for (int i = 0; i < DEPTH; i++)
        mq_receive(q, buffer, SIZE, NULL);
    tap_is(messages(), 0, "an interrupted message was not sent");
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, NULL);
    child = tap_start(signals_then_sends, &self);
    tap_is(mq_receive(q, buffer, SIZE, &priority), 4, "with SA_RESTART it waits on");
    tap_is(tap_wait(child), 0, "for the message");
    tap_is(priority, 7, "which comes whole");
    signal(SIGUSR1, SIG_DFL);
}

static int receives(void *expected)
{
    if (mq_receive(q, buffer, SIZE, NULL) < 1)
        return 100;
    return buffer[0] == *(char *)expected ? 0 : 1;
}

static int sends(void *letter)
{
    return mq_send(q, letter, 1, 0);
}

/* Receivers are served in the order in which they came; each sender when there is room. */
static void test_waiting(void)
{
    pid_t children[3];
    unsigned got = 0;

    for (int i = 0; i < 3; i++) {
        children[i] = tap_start_asleep(receives, &"abc"[i]);
    }
    for (int i = 0; i < 3; i++)
        mq_send(q, &"abc"[i], 1, (unsigned)i);
    tap_is(messages(), 0, "messages are handed to who waits");
    tap_is(tap_wait(children[0]) | tap_wait(children[1]) | tap_wait(children[2]), 0, "in the order of waiting");
    for (int i = 0; i < DEPTH; i++)
        mq_send(q, "x", 1, 9);
    for (int i = 0; i < 3; i++) {
        children[i] = tap_start_asleep(sends, &"abc"[i]);
    }
    set_nonblocking(true);
    tap_fails(mq_send(q, "y", 1, 0), EAGAIN, "a full queue");
    set_nonblocking(false);
    for (int i = 0; i < DEPTH; i++)
        mq_receive(q, buffer, SIZE, NULL);
    for (int i = 0; i < 3; i++) {
        mq_receive(q, buffer, SIZE, NULL);
        got |= 1u << (buffer[0] - 'a');
    }
    tap_is(got, 7, "waiting senders are let in");
    tap_is(tap_wait(children[0]) | tap_wait(children[1]) | tap_wait(children[2]), 0, "and all have sent");
}

static int receives_as_realtime(void *expected)
{
    struct sched_param parameters = {.sched_priority = 5};

    sched_setscheduler(0, SCHED_FIFO, &parameters);
    return receives(expected);
}

static void test_priority_of_waiters(void)
{
    pid_t ordinary = tap_start(receives, "b"), realtime;

    tap_until(tap_is_asleep, &ordinary);
    realtime = tap_start_asleep(receives_as_realtime, "a");
    mq_send(q, "a", 1, 0);
    mq_send(q, "b", 1, 0);
    tap_is(tap_wait(realtime), 0, "POSIX mq_receive: of those who wait the one of highest priority is served first");
    tap_is(tap_wait(ordinary), 0, "then the others");
}

static int receives_for_ever(void *unused)
{
    (void)unused;
    return (int)mq_receive(q, buffer, SIZE, NULL);
}

static void test_killed(void)
{
    pid_t child = tap_start_asleep(receives_for_ever, NULL);
    tap_kill(child);
    mq_send(q, "x", 1, 0);
    tap_is(messages(), 1, "no message goes to a receiver that was killed");
    mq_receive(q, buffer, SIZE, NULL);
}

static int sends_to_sleeper(void *parent)
{
    return tap_until(tap_is_asleep, parent) ? mq_send(q, "x", 1, 0) : 1;
}

static void test_poll(void)
{
    struct pollfd set = {.fd = q, .events = POLLIN | POLLOUT};
    pid_t child, self = getpid();

    tap_is(poll(&set, 1, 0), 1, "an empty queue");
    tap_is(set.revents, POLLOUT, "takes messages");
    mq_send(q, "x", 1, 0);
    poll(&set, 1, 0);
    tap_is(set.revents, POLLIN | POLLOUT, "one with a message gives some, too");
    for (int i = 1; i < DEPTH; i++)
        mq_send(q, "x", 1, 0);
    poll(&set, 1, 0);
    tap_is(set.revents, POLLIN, "a full one gives alone");
    for (int i = 0; i < DEPTH; i++)
        mq_receive(q, buffer, SIZE, NULL);
    set.events = POLLIN;
    child = tap_start(sends_to_sleeper, &self);
    tap_is(poll(&set, 1, 100000), 1, "poll waits for a message");
    tap_is(tap_wait(child), 0, "that another process sends");
    mq_receive(q, buffer, SIZE, NULL);
}

/* Nanoseconds for a message sent to and received from a queue that has `others` of all priorities. */
static long long cost(mqd_t queue, int others)
{
    struct timespec start, end;
    char byte = 0;

    for (int i = 0; i < others; i++)
        mq_send(queue, &byte, 1, (unsigned)i * 2654435761u % MQ_PRIO_MAX);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < 100; i++) {
        mq_send(queue, &byte, 1, (unsigned)i * 300);
        mq_receive(queue, &byte, 1, NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    for (int i = 0; i < others; i++)
        mq_receive(queue, &byte, 1, NULL);
    return (end.tv_sec - start.tv_sec) * 1000000000ll + end.tv_nsec - start.tv_nsec;
}

static void test_long_queue(void)
{
    struct mq_attr shape = {.mq_maxmsg = 5000, .mq_msgsize = 1};
    mqd_t queue = mq_open("/long", O_RDWR | O_CREAT, 0600, &shape);
    long long few, many;

    mq_unlink("/long");
    few = cost(queue, 50);
    many = cost(queue, 4900);
    tap_note("a message costs %lld ns beside 50 others, %lld ns beside 4900", few / 100, many / 100);
    tap_in_time(many < few * 3 / 2, "the cost does not grow with the queue");
    mq_close(queue);
}

int main(void)
{
    tap_begin();
    q = make_queue(0);
    test_order();
    test_errors();
    test_deadlines();
    test_signals();
    test_waiting();
    test_priority_of_waiters();
    test_killed();
    test_poll();
    test_long_queue();
    mq_close(q);
    return tap_end();
}
