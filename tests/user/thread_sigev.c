/*
 * thread_sigev.c - SIGEV_THREAD: timers and message queues that call a function in a thread of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

/* An event's value tells its round, too: a thread that an earlier one has started may come late, and counts no more.
 * The lock keeps a round from beginning in the midst of a call. */
enum { values = 100 };
static pthread_mutex_t round_lock = PTHREAD_MUTEX_INITIALIZER;

static volatile int round_now, calls, value_seen, in_first;
static pthread_t first;
static size_t stack_seen;

static void begin_round(void)
{
    pthread_mutex_lock(&round_lock);
    round_now++;
    calls = 0;
    pthread_mutex_unlock(&round_lock);
}

static void note(union sigval value)
{
    pthread_attr_t attr;
    void *stack;

    pthread_mutex_lock(&round_lock);
    if (value.sival_int / values == round_now) {
        pthread_getattr_np(pthread_self(), &attr);
        pthread_attr_getstack(&attr, &stack, &stack_seen);
        value_seen = value.sival_int % values;
        in_first |= pthread_equal(first, pthread_self());
        calls++;
    }
    pthread_mutex_unlock(&round_lock);
}

static bool were_called(void *count)
{
    return calls >= *(int *)count;
}

static timer_t make_timer(int value, pthread_attr_t *attr)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD,
                             .sigev_notify_function = note,
                             .sigev_notify_attributes = attr,
                             .sigev_value = {.sival_int = round_now * values + value}};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
        tap_give_up("timer_create: %s", strerror(errno));
    return timer;
}

static void test_timer(void)
{
    struct itimerspec once = {.it_value = {.tv_nsec = 2000000}}, often = {{.tv_nsec = 1000000}, {.tv_nsec = 1000000}};
    timer_t timer = make_timer(42, NULL);
    int one = 1, five = 6;

    timer_settime(timer, 0, &once, NULL);
    tap_ok(tap_until(were_called, &one), "timer_create: SIGEV_THREAD calls the function");
    tap_is(value_seen, 42, "with the value");
    tap_ok(!in_first, "in a thread of its own");
    timer_settime(timer, 0, &often, NULL);
    tap_ok(tap_until(were_called, &five), "each time that the timer fires");
    tap_is(timer_delete(timer), 0, "timer_delete");
    tap_fails(timer_delete(timer), EINVAL, "POSIX timer_delete: EINVAL, it is gone");
}

static void test_attributes(void)
{
    struct itimerspec once = {.it_value = {.tv_nsec = 2000000}};
    pthread_attr_t attr;
    timer_t timer;
    int one = 1;

    begin_round();
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 65536);
    timer = make_timer(1, &attr);
    timer_settime(timer, 0, &once, NULL);
    tap_until(were_called, &one);
    tap_ok(stack_seen >= 65536 && stack_seen < 2 * 65536, "the thread has the event's attributes");
    timer_delete(timer);
}

static void test_many_timers(void)
{
    struct itimerspec once = {.it_value = {.tv_nsec = 3000000}};
    timer_t timers[20];
    int all = 20;

    begin_round();
    for (int i = 0; i < all; i++)
        timers[i] = make_timer(i, NULL);
    for (int i = 0; i < all; i++)
        timer_settime(timers[i], 0, &once, NULL);
    tap_ok(tap_until(were_called, &all), "twenty timers that fire together: none is lost");
    for (int i = 0; i < all; i++)
        timer_delete(timers[i]);
}

static void test_queue(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = note};
    struct mq_attr shape = {.mq_maxmsg = 2, .mq_msgsize = 8};
    mqd_t queue = mq_open("/thread_sigev", O_RDWR | O_CREAT, 0600, &shape);
    char text[8];
    int one = 1, two = 2;

    begin_round();
    event.sigev_value.sival_int = round_now * values + 7;
    tap_is(mq_notify(queue, &event), 0, "mq_notify: SIGEV_THREAD");
    tap_fails(mq_notify(queue, &event), EBUSY, "POSIX mq_notify: EBUSY");
    mq_send(queue, "a", 1, 0);
    tap_ok(tap_until(were_called, &one) && value_seen == 7, "a message calls the function");
    mq_receive(queue, text, sizeof text, NULL);
    mq_notify(queue, &event);
    mq_send(queue, "b", 1, 0);
    tap_ok(tap_until(were_called, &two), "and after a new registration again");
    mq_receive(queue, text, sizeof text, NULL);
    mq_notify(queue, &event);
    tap_is(mq_notify(queue, NULL), 0, "a registration is taken back");
    mq_send(queue, "c", 1, 0);
    tap_is(calls, 2, "nobody is told then");
    tap_fails(mq_notify((mqd_t)-1, &event), EBADF, "POSIX mq_notify: EBADF");
    mq_close(queue);
    mq_unlink("/thread_sigev");
}

static void *hidden(void *unused)
{
    sigset_t old;

    pthread_sigmask(SIG_BLOCK, NULL, &old);
    return old == 0 ? unused : &first;
}

/* The library's thread neither shows nor keeps the process alive. */
static void test_hidden(void)
{
    void *result;
    pthread_t thread;

    pthread_create(&thread, NULL, hidden, NULL);
    pthread_join(thread, &result);
    tap_ok(result == NULL, "the library's signal is in nobody's mask");
}

static int exits_after_timer(void *unused)
{
    timer_t timer = make_timer(1, NULL);

    (void)unused;
    (void)timer;
    pthread_exit(NULL);
}

/* After fork the child has no such thread, and gets one of its own. */
static int forked_timer(void *unused)
{
    struct itimerspec once = {.it_value = {.tv_nsec = 2000000}};
    timer_t timer;
    int one = 1;

    (void)unused;
    begin_round();
    timer = make_timer(1, NULL);
    timer_settime(timer, 0, &once, NULL);
    return tap_until(were_called, &one) ? 0 : 1;
}

int main(void)
{
    tap_begin();
    first = pthread_self();
    test_timer();
    test_attributes();
    test_many_timers();
    test_queue();
    test_hidden();
    tap_is(tap_child_result(exits_after_timer, NULL), 0, "the last thread's end is the process's all the same");
    tap_is(tap_child_result(forked_timer, NULL), 0, "a child after fork has such events too");
    return tap_end();
}
