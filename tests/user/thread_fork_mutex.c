/*
 * thread_fork_mutex.c - mutexes that a thread has when it forks: they are the child's thread's too.
 */
#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "several.h"
#include "tap.h"

static pthread_mutex_t mutex;

static void make_mutex(int type, int protocol, int shared)
{
    pthread_mutexattr_t attr;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, type);
    pthread_mutexattr_setprotocol(&attr, protocol);
    pthread_mutexattr_setpshared(&attr, shared);
    pthread_mutex_init(&mutex, &attr);
}

/* In the child: it is the only thread's, then free, then it is like any other. */
static int uses_mutex(void *unused)
{
    (void)unused;
    if (pthread_mutex_unlock(&mutex) != 0)
        return 1;
    if (pthread_mutex_unlock(&mutex) != EPERM)
        return 2;
    if (pthread_mutex_lock(&mutex) != 0 || pthread_mutex_unlock(&mutex) != 0)
        return 3;
    return pthread_mutex_trylock(&mutex);
}

/* Locks it, and forks; what the child says of it. */
static void *forks_with_mutex(void *unused)
{
    long status;
    pid_t pid;

    (void)unused;
    pthread_mutex_lock(&mutex);
    pid = fork();
    if (pid == 0)
        _exit(uses_mutex(NULL));
    status = WEXITSTATUS(tap_wait(pid));
    return (void *)(pthread_mutex_unlock(&mutex) == 0 ? status : -1);
}

static int forks_twice(void *unused)
{
    pid_t pid;

    (void)unused;
    pthread_mutex_lock(&mutex);
    pid = fork();
    if (pid == 0)
        _exit(tap_child_result(uses_mutex, NULL));
    return WEXITSTATUS(tap_wait(pid));
}

static void *locks_and_unlocks(void *unused)
{
    (void)unused;
    return (void *)(long)(pthread_mutex_lock(&mutex) != 0 || pthread_mutex_unlock(&mutex) != 0);
}

static void *locks_in_vain(void *unused)
{
    struct timespec soon = time_in(CLOCK_REALTIME, 20);

    (void)unused;
    return (void *)(long)pthread_mutex_timedlock(&mutex, &soon);
}

/* In the child: other threads wait for what the first one has had since before fork(). */
static int hands_mutex_on(void *unused)
{
    pthread_t threads[2];
    void *wrong[2];

    (void)unused;
    alarm(20);
    if (in_thread(locks_in_vain, NULL) != ETIMEDOUT)
        return 1;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, locks_and_unlocks, NULL);
    until_waiting(2);
    if (pthread_mutex_unlock(&mutex) != 0)
        return 2;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], &wrong[i]);
    return wrong[0] == NULL && wrong[1] == NULL ? pthread_mutex_trylock(&mutex) : 3;
}

static int forks_for_others(void *unused)
{
    pid_t pid;

    (void)unused;
    pthread_mutex_lock(&mutex);
    pid = fork();
    if (pid == 0)
        _exit(hands_mutex_on(NULL));
    return tap_wait(pid);
}

static void test_mutexes(void)
{
    static const struct {
        int type, protocol;
        const char *name;
    } kinds[] = {{PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE, "recursive"},
                 {PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, "error-checking"},
                 {PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, "priority-inheriting"},
                 {PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_PROTECT, "priority-protecting"}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        make_mutex(kinds[i].type, kinds[i].protocol, PTHREAD_PROCESS_PRIVATE);
        tap_is((long)forks_with_mutex(NULL), 0, "the child unlocks a %s mutex that was locked before fork",
               kinds[i].name);
        tap_is(in_thread(forks_with_mutex, NULL), 0, "also where another thread than the first forks");
        tap_is(tap_child_result(forks_twice, NULL), 0, "and a child's child");
        tap_is(tap_child_result(forks_for_others, NULL), 0, "and hands it on to threads of the child that wait for it");
    }
    make_mutex(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, PTHREAD_PROCESS_SHARED);
    tap_is((long)forks_with_mutex(NULL), 1, "one that processes share stays the parent's");
}

static int gives_rwlock_back(void *lock)
{
    int error = pthread_rwlock_unlock(lock);

    return error != 0 ? error : pthread_rwlock_wrlock(lock);
}

static void test_rwlock(void)
{
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

    pthread_rwlock_wrlock(&lock);
    tap_is(tap_child_result(gives_rwlock_back, &lock), 0, "a child has the lock that its parent wrote under");
    tap_is(pthread_rwlock_unlock(&lock), 0, "and so has the parent");
    tap_is(pthread_rwlock_unlock(&lock), EPERM, "once");
}

int main(void)
{
    tap_begin();
    test_mutexes();
    test_rwlock();
    return tap_end();
}
