/*
 * proc_account.c - limits that are a user's: what all processes of a user hold counts together, and is given back by
 * whoever destroys it.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hand_thread.h"
#include "tap.h"

enum { some_user = 1000, other_user = 1001 };

static int go[2]; /* a child waits for bytes here */

/* A queue of some 4000 bytes, where 6000 are allowed. */
static mqd_t make_queue(const char *name)
{
    struct mq_attr shape = {.mq_maxmsg = 1, .mq_msgsize = 3500};
    struct rlimit limit = {6000, 6000};

    setrlimit(RLIMIT_MSGQUEUE, &limit);
    return mq_open(name, O_RDWR | O_CREAT, 0600, &shape);
}

static int queue_fits(void *user)
{
    if (setuid(*(uid_t *)user) != 0)
        return 1;
    if (make_queue("/account2") == -1)
        return errno == EMFILE ? 2 : 3;
    return mq_unlink("/account2") != 0;
}

static void test_processes_together(void)
{
    uid_t user = some_user, other = other_user;
    mqd_t queue;

    setreuid(some_user, -1); /* the superuser still, by the effective one */
    queue = make_queue("/account");
    setreuid(0, -1);
    tap_ok(queue != -1, "a queue whose maker has become another user");
    tap_is(tap_child_result(queue_fits, &user), 2, "Linux mq_open: EMFILE, other processes of the real user count");
    tap_is(tap_child_result(queue_fits, &other), 0, "other users do not");
    mq_unlink("/account");
    tap_is(tap_child_result(queue_fits, &user), 2, "an open queue without a name counts");
    mq_close(queue);
    tap_is(tap_child_result(queue_fits, &user), 0, "the user has back what root destroys");
}

static int waits(void *user)
{
    char byte;

    if (setuid(*(uid_t *)user) != 0)
        return 1;
    return read(go[0], &byte, 1) != 1;
}

static int forks(void *user)
{
    struct rlimit limit = {2, 2};
    pid_t child;

    setrlimit(RLIMIT_NPROC, &limit);
    if (setuid(*(uid_t *)user) != 0)
        return 1;
    child = fork();
    if (child == -1)
        return errno == EAGAIN ? 2 : 3;
    if (child == 0)
        _exit(0);
    return tap_wait(child) != 0;
}

static void test_processes(void)
{
    uid_t user = some_user, other = other_user;
    pid_t child;

    pipe(go);
    child = tap_start_asleep(waits, &user);
    tap_is(tap_child_result(forks, &user), 2, "POSIX fork: EAGAIN, another process of the user counts");
    tap_is(tap_child_result(forks, &other), 0, "those of other users do not");
    write(go[1], "", 1);
    tap_is(tap_wait(child), 0, "it ends");
    tap_is(tap_child_result(forks, &user), 0, "and counts no more");
    close(go[0]);
    close(go[1]);
}

/* How many of three real-time signals this process of `user` can queue for itself. */
static int queue_signals(uid_t user)
{
    struct rlimit limit = {3, 3};
    sigset_t all;
    int count = 0;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    if (setrlimit(RLIMIT_SIGPENDING, &limit) != 0 || setuid(user) != 0)
        return -1;
    while (count < 3 && sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0)
        count++;
    return count == 3 || errno == EAGAIN ? count : -1;
}

static int queues_signals(void *user)
{
    return queue_signals(*(uid_t *)user);
}

/* Takes one back, and waits with the other two. */
static int keeps_signals(void *user)
{
    sigset_t set;
    int count = queue_signals(*(uid_t *)user);

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    return count != 3 || sigwaitinfo(&set, NULL) != SIGRTMIN || waits(user) != 0;
}

static void test_signals(void)
{
    uid_t user = some_user, other = other_user;
    pid_t child;

    pipe(go);
    child = tap_start_asleep(keeps_signals, &user);
    tap_is(tap_child_result(queues_signals, &user), 1,
           "POSIX sigqueue: EAGAIN, what waits for other processes of the user counts");
    tap_is(tap_child_result(queues_signals, &other), 3, "that of other users does not");
    write(go[1], "", 1);
    tap_is(tap_wait(child), 0, "it ends");
    tap_is(tap_child_result(queues_signals, &user), 3, "and its signals count no more");
    close(go[0]);
    close(go[1]);
}

static volatile int thread_may_end;

static void thread_body(int unused)
{
    (void)unused;
    while (!thread_may_end)
        sched_yield();
}

static bool thread_is_gone(void *tid)
{
    return syscall(SYS_tgkill, getpid(), *(long *)tid, 0) == -1;
}

/* With a thread of its own a process becomes another user's: both are charged to that one. */
static int starts_threads(void *user)
{
    struct rlimit limit = {2, 2};
    long tid = hand_start(0, thread_body, 0);

    setrlimit(RLIMIT_NPROC, &limit);
    if (tid < 0 || setuid(*(uid_t *)user) != 0)
        return 1;
    if (hand_start(1, thread_body, 0) != -EAGAIN)
        return 2;
    thread_may_end = true;
    if (!tap_until(thread_is_gone, &tid))
        return 3;
    return hand_start(0, thread_body, 0) < 0 ? 4 : 0;
}

static void test_threads(void)
{
    uid_t user = some_user;

    tap_is(tap_child_result(starts_threads, &user), 0, "POSIX pthread_create: EAGAIN, a user's threads count");
    tap_is(tap_child_result(forks, &user), 0, "and no more when they have ended");
}

int main(void)
{
    tap_begin();
    test_processes_together();
    test_processes();
    test_signals();
    test_threads();
    return tap_end();
}
