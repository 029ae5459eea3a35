/*
 * thread_data.c - what belongs to threads: attributes, keys, once, scheduling, names, signals, CPU time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static void test_attributes(void)
{
    pthread_attr_t attr;
    struct sched_param param = {.sched_priority = 33};
    void *stack;
    size_t size;
    int value;

    tap_is(pthread_attr_init(&attr), 0, "pthread_attr_init");
    tap_ok(pthread_attr_getdetachstate(&attr, &value) == 0 && value == PTHREAD_CREATE_JOINABLE, "joinable");
    tap_is(pthread_attr_setdetachstate(&attr, 5), EINVAL, "POSIX pthread_attr_setdetachstate: EINVAL");
    tap_ok(pthread_attr_getguardsize(&attr, &size) == 0 && size == 4096, "a guard of one page");
    tap_is(pthread_attr_setguardsize(&attr, ~(size_t)0), EINVAL, "POSIX pthread_attr_setguardsize: EINVAL");
    tap_is(pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN - 1), EINVAL, "POSIX pthread_attr_setstacksize: EINVAL");
    tap_is(pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN), 0, "PTHREAD_STACK_MIN is enough");
    tap_ok(pthread_attr_getstacksize(&attr, &size) == 0 && size == PTHREAD_STACK_MIN, "pthread_attr_getstacksize");
    tap_is(pthread_attr_setstack(&attr, (char *)8 + 1, 65536), EINVAL,
           "POSIX pthread_attr_setstack: EINVAL, not aligned");
    tap_is(pthread_attr_setstack(&attr, (char *)8, 104), EINVAL, "POSIX pthread_attr_setstack: EINVAL, too small");
    tap_ok(pthread_attr_getstack(&attr, &stack, &size) == 0 && stack == NULL && size == PTHREAD_STACK_MIN,
           "a call that fails changes nothing");
    tap_is(pthread_attr_setstack(&attr, &attr, 65536), 0, "pthread_attr_setstack");
    tap_ok(pthread_attr_getstack(&attr, &stack, &size) == 0 && stack == &attr && size == 65536,
           "pthread_attr_getstack");
    tap_is(pthread_attr_setinheritsched(&attr, 9), EINVAL, "POSIX pthread_attr_setinheritsched: EINVAL");
    tap_ok(pthread_attr_getinheritsched(&attr, &value) == 0 && value == PTHREAD_INHERIT_SCHED, "inherited by default");
    tap_is(pthread_attr_setschedpolicy(&attr, 9), EINVAL, "POSIX pthread_attr_setschedpolicy: EINVAL");
    tap_is(pthread_attr_setschedpolicy(&attr, SCHED_RR), 0, "pthread_attr_setschedpolicy");
    tap_ok(pthread_attr_getschedpolicy(&attr, &value) == 0 && value == SCHED_RR, "pthread_attr_getschedpolicy");
    tap_is(pthread_attr_setschedparam(&attr, &param), EINVAL, "POSIX pthread_attr_setschedparam: EINVAL");
    param.sched_priority = 5;
    tap_is(pthread_attr_setschedparam(&attr, &param), 0, "pthread_attr_setschedparam");
    param.sched_priority = 0;
    tap_ok(pthread_attr_getschedparam(&attr, &param) == 0 && param.sched_priority == 5, "pthread_attr_getschedparam");
    tap_is(pthread_attr_setscope(&attr, PTHREAD_SCOPE_PROCESS), ENOTSUP, "POSIX pthread_attr_setscope: ENOTSUP");
    tap_is(pthread_attr_setscope(&attr, 7), EINVAL, "POSIX pthread_attr_setscope: EINVAL");
    tap_ok(pthread_attr_getscope(&attr, &value) == 0 && value == PTHREAD_SCOPE_SYSTEM, "pthread_attr_getscope");
    tap_is(pthread_attr_destroy(&attr), 0, "pthread_attr_destroy");
}

/* What a thread finds itself to have. */
struct found {
    char *stack, *here;
    size_t size, guard;
    int detached, policy, priority;
    cpu_set_t cpus;
};

static void *finds(void *to)
{
    struct found *found = to;
    struct sched_param param;
    pthread_attr_t attr;

    found->here = __builtin_frame_address(0);
    pthread_getattr_np(pthread_self(), &attr);
    pthread_attr_getstack(&attr, (void **)&found->stack, &found->size);
    pthread_attr_getguardsize(&attr, &found->guard);
    pthread_attr_getdetachstate(&attr, &found->detached);
    pthread_getschedparam(pthread_self(), &found->policy, &param);
    found->priority = param.sched_priority;
    pthread_getaffinity_np(pthread_self(), sizeof found->cpus, &found->cpus);
    return NULL;
}

static int found_with(pthread_attr_t *attr, struct found *found)
{
    pthread_t thread;
    int error = pthread_create(&thread, attr, finds, found);

    if (error == 0)
        pthread_join(thread, NULL);
    return error;
}

static void test_created_with(void)
{
    static char own[65536] __attribute__((aligned(8)));
    struct found found;
    struct sched_param param = {.sched_priority = 3};
    pthread_attr_t attr;
    cpu_set_t cpu;

    tap_is(found_with(NULL, &found), 0, "a thread without attributes");
    tap_ok(found.here > found.stack && found.here < found.stack + found.size, "stands on its stack");
    tap_ok(found.size >= 1024 * 1024 && found.guard == 4096 && found.policy == SCHED_OTHER, "and has the default ones");
    pthread_attr_init(&attr);
    pthread_attr_setstack(&attr, own, sizeof own);
    tap_is(found_with(&attr, &found), 0, "a thread on a stack of the caller's");
    tap_ok(found.stack == own && found.size == sizeof own && found.here > own && found.here < own + sizeof own,
           "stands there");
    pthread_attr_init(&attr);
    pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
    tap_is(found_with(&attr, &found), EINVAL, "POSIX pthread_create: EINVAL, no priority for SCHED_FIFO");
    pthread_attr_setschedparam(&attr, &param);
    tap_is(found_with(&attr, &found), 0, "PTHREAD_EXPLICIT_SCHED");
    tap_ok(found.policy == SCHED_FIFO && found.priority == 3, "the thread begins with that policy and priority");
    pthread_attr_init(&attr);
    CPU_ZERO(&cpu);
    CPU_SET(0, &cpu);
    pthread_attr_setaffinity_np(&attr, sizeof cpu, &cpu);
    tap_is(found_with(&attr, &found), 0, "pthread_attr_setaffinity_np");
    tap_ok(CPU_EQUAL(&found.cpus, &cpu), "the thread begins on that CPU");
    finds(&found);
    tap_ok(found.here > found.stack && found.here < found.stack + found.size, "pthread_getattr_np of the first thread");
}

static int explicit_as_user(void *unused)
{
    struct sched_param param = {.sched_priority = 3};
    struct found found;
    pthread_attr_t attr;

    (void)unused;
    setuid(1000);
    pthread_attr_init(&attr);
    pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
    pthread_attr_setschedparam(&attr, &param);
    return found_with(&attr, &found);
}

static volatile int go;
static volatile pid_t waiter;

static void *waits_for_go(void *argument)
{
    waiter = gettid();
    while (!go)
        sched_yield();
    return argument;
}

/* On each CPU that the thread may run on it is told that one's number. */
static void test_cpus(void)
{
    cpu_set_t all, one, got;
    int wrong = 0;

    pthread_getaffinity_np(pthread_self(), sizeof all, &all);
    CPU_ZERO(&got);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &all)) {
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            pthread_setaffinity_np(pthread_self(), sizeof one, &one);
            wrong += sched_getcpu() != cpu;
            CPU_OR(&got, &got, &one);
        }
    pthread_setaffinity_np(pthread_self(), sizeof all, &all);
    tap_is(wrong, 0, "sched_getcpu tells the CPU that the thread may run on");
    CPU_XOR(&one, &all, &got);
    tap_is(CPU_COUNT(&one), 0, "of all");
}

static void test_scheduling(void)
{
    struct sched_param param = {.sched_priority = 4};
    struct timespec time;
    clockid_t clock;
    pthread_t thread;
    cpu_set_t cpu;
    int policy;

    go = 0;
    pthread_create(&thread, NULL, waits_for_go, NULL);
    tap_is(pthread_setschedparam(pthread_self(), SCHED_RR, &param), 0, "pthread_setschedparam");
    tap_ok(pthread_getschedparam(pthread_self(), &policy, &param) == 0 && policy == SCHED_RR &&
               param.sched_priority == 4,
           "pthread_getschedparam");
    tap_is(pthread_setschedprio(pthread_self(), 6), 0, "pthread_setschedprio");
    pthread_getschedparam(pthread_self(), &policy, &param);
    tap_ok(policy == SCHED_RR && param.sched_priority == 6, "changes the priority alone");
    tap_is(pthread_setschedprio(pthread_self(), 99), EINVAL, "POSIX pthread_setschedprio: EINVAL");
    tap_is(pthread_setschedparam(pthread_self(), 77, &param), EINVAL, "POSIX pthread_setschedparam: EINVAL");
    param.sched_priority = 0;
    pthread_setschedparam(pthread_self(), SCHED_OTHER, &param);
    pthread_getschedparam(thread, &policy, &param);
    tap_is(policy, SCHED_OTHER, "one thread's policy is not another's");
    tap_ok(pthread_getcpuclockid(thread, &clock) == 0 && clock_gettime(clock, &time) == 0, "pthread_getcpuclockid");
    CPU_ZERO(&cpu);
    tap_is(pthread_setaffinity_np(thread, sizeof cpu, &cpu), EINVAL, "pthread_setaffinity_np: EINVAL");
    CPU_SET(0, &cpu);
    tap_is(pthread_setaffinity_np(thread, sizeof cpu, &cpu), 0, "pthread_setaffinity_np");
    test_cpus();
    tap_is(pthread_setconcurrency(-1), EINVAL, "POSIX pthread_setconcurrency: EINVAL");
    tap_ok(pthread_setconcurrency(3) == 0 && pthread_getconcurrency() == 3, "pthread_getconcurrency");
    go = 1;
    pthread_join(thread, NULL);
    tap_is(tap_child_result(explicit_as_user, NULL), EPERM, "POSIX pthread_create: EPERM");
}

/* The name that /proc has for a thread of this process (0: for the process itself). */
static const char *name_in_proc(pid_t tid)
{
    static char name[32];
    char path[48];
    FILE *file;

    snprintf(path, sizeof path, tid != 0 ? "/proc/self/task/%d/comm" : "/proc/self/comm", (int)tid);
    file = fopen(path, "r");
    if (file == NULL || fgets(name, sizeof name, file) == NULL)
        return NULL;
    fclose(file);
    name[strcspn(name, "\n")] = '\0';
    return name;
}

static volatile pid_t named;

static void *has_name(void *unused)
{
    named = gettid();
    while (!go)
        sched_yield();
    return unused;
}

static int renames_as_user(void *unused)
{
    (void)unused;
    return setuid(1000) == 0 && syscall(SYS_set_thread_name, getppid(), "fifteen letters") == -1 ? errno : 0;
}

static void test_names_in_kernel(void)
{
    pthread_t thread;

    go = 0;
    tap_is_text(name_in_proc(getpid()), "fifteen letters", "/proc/PID/task/TID/comm has the name");
    tap_is_text(name_in_proc(0), "fifteen letters", "the first thread's is the process's");
    pthread_create(&thread, NULL, has_name, NULL);
    while (named == 0)
        sched_yield();
    tap_is_text(name_in_proc(named), "fifteen letters", "a thread inherits its creator's");
    tap_is(pthread_setname_np(thread, "worker"), 0, "and gets another from another thread");
    tap_is_text(name_in_proc(named), "worker", "which /proc has as well");
    tap_is_text(name_in_proc(0), "fifteen letters", "the process keeps its own");
    tap_is(tap_child_result(renames_as_user, NULL), EPERM, "another user cannot change it: EPERM");
    go = 1;
    pthread_join(thread, NULL);
}

static void test_names(void)
{
    char name[16];

    tap_is(pthread_setname_np(pthread_self(), "sixteen letters!"), ERANGE, "pthread_setname_np: ERANGE");
    tap_is(pthread_setname_np(pthread_self(), "fifteen letters"), 0, "pthread_setname_np");
    tap_is(pthread_getname_np(pthread_self(), name, 15), ERANGE, "pthread_getname_np: ERANGE");
    tap_is(pthread_getname_np(pthread_self(), name, 16), 0, "pthread_getname_np");
    tap_is_text(name, "fifteen letters", "the name");
    test_names_in_kernel();
}

static int destroyed, rounds;
static pthread_key_t first_key, second_key, stubborn_key;

static void destroys(void *value)
{
    destroyed += (int)(intptr_t)value;
}

static void sets_again(void *value)
{
    rounds++;
    pthread_setspecific(stubborn_key, value);
}

static void *has_values(void *unused)
{
    intptr_t wrong = pthread_getspecific(first_key) != NULL;

    (void)unused;
    pthread_setspecific(first_key, (void *)1);
    pthread_setspecific(second_key, (void *)100);
    pthread_setspecific(stubborn_key, (void *)1);
    wrong |= pthread_getspecific(first_key) != (void *)1;
    return (void *)wrong;
}

static void test_keys(void)
{
    static pthread_key_t keys[PTHREAD_KEYS_MAX + 1];
    void *result;
    pthread_t thread;
    int made = 0, error;

    tap_is(pthread_key_create(&first_key, destroys), 0, "pthread_key_create");
    pthread_key_create(&second_key, NULL);
    pthread_key_create(&stubborn_key, sets_again);
    pthread_setspecific(first_key, (void *)7);
    pthread_create(&thread, NULL, has_values, NULL);
    pthread_join(thread, &result);
    tap_ok(result == NULL, "a key's value begins as NULL, and is the thread's own");
    tap_is(destroyed, 1, "the destructor is called with it, and none where there is none");
    tap_is(rounds, PTHREAD_DESTRUCTOR_ITERATIONS, "up to PTHREAD_DESTRUCTOR_ITERATIONS times");
    tap_ok(pthread_getspecific(first_key) == (void *)7, "the first thread's value stays");
    tap_is(pthread_key_delete(first_key), 0, "pthread_key_delete");
    tap_is(pthread_key_delete(first_key), EINVAL, "POSIX pthread_key_delete: EINVAL");
    tap_is(pthread_setspecific(first_key, NULL), EINVAL, "POSIX pthread_setspecific: EINVAL");
    pthread_key_create(&first_key, NULL);
    tap_ok(pthread_getspecific(first_key) == NULL, "a key that is made anew has no old value");
    while ((error = pthread_key_create(&keys[made], NULL)) == 0)
        made++;
    tap_is(error, EAGAIN, "POSIX pthread_key_create: EAGAIN");
    tap_is(made, PTHREAD_KEYS_MAX - 3, "after PTHREAD_KEYS_MAX");
    while (made-- > 0)
        pthread_key_delete(keys[made]);
}

static pthread_once_t once = PTHREAD_ONCE_INIT, cancelled_once = PTHREAD_ONCE_INIT;
static volatile int called, began;

static void calls_slowly(void)
{
    for (int i = 0; i < 50; i++)
        sched_yield();
    called++;
}

static void *comes_once(void *unused)
{
    pthread_once(&once, calls_slowly);
    return called == 1 ? unused : &once;
}

static void waits_inside(void)
{
    began++;
    if (began == 1)
        for (;;)
            pause();
}

static void *cancelled_inside(void *unused)
{
    pthread_once(&cancelled_once, waits_inside);
    return unused;
}

static bool has_begun(void *unused)
{
    (void)unused;
    return began == 1;
}

static void test_once(void)
{
    pthread_t threads[8];
    int wrong = 0;
    void *result;

    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, comes_once, NULL);
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], &result);
        wrong += result != NULL;
    }
    tap_ok(wrong == 0 && called == 1, "pthread_once calls once, and all wait for the end");
    pthread_create(&threads[0], NULL, cancelled_inside, NULL);
    tap_until(has_begun, NULL);
    pthread_cancel(threads[0]);
    pthread_join(threads[0], &result);
    tap_ok(result == PTHREAD_CANCELED, "a thread is cancelled in the function");
    pthread_once(&cancelled_once, waits_inside);
    tap_is(began, 2, "POSIX pthread_once: then it was not called");
}

static volatile pthread_t taker;
static volatile int taken_code, taken_value;

static void takes(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    taken_code = info->si_code;
    taken_value = info->si_value.sival_int;
    taker = pthread_self();
}

static bool was_taken(void *unused)
{
    (void)unused;
    return taker != 0;
}

/* Queued for the running thread, until the limit is reached; then taken. */
static int reaches_limit(void *unused)
{
    struct rlimit limit = {3, 3};
    sigset_t set;
    siginfo_t info;
    int sent = 0, error;

    (void)unused;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    setrlimit(RLIMIT_SIGPENDING, &limit);
    setuid(1000);
    while ((error = pthread_sigqueue(pthread_self(), SIGRTMIN, (union sigval){.sival_int = sent})) == 0)
        sent++;
    if (error != EAGAIN || sent != 3)
        return 1;
    for (int i = 0; i < sent; i++)
        if (sigwaitinfo(&set, &info) != SIGRTMIN || info.si_value.sival_int != i || info.si_code != SI_QUEUE)
            return 2;
    return 0;
}

static bool waiter_has_ended(void *unused)
{
    char path[32];

    (void)unused;
    snprintf(path, sizeof path, "/proc/self/task/%d", (int)waiter);
    return access(path, F_OK) == -1;
}

static void test_signals(void)
{
    struct sigaction action = {.sa_sigaction = takes, .sa_flags = SA_SIGINFO};
    sigset_t set, old;
    pthread_t thread;

    sigaction(SIGUSR1, &action, NULL);
    go = 0;
    pthread_create(&thread, NULL, waits_for_go, NULL);
    tap_is(pthread_kill(thread, 0), 0, "pthread_kill");
    tap_is(pthread_kill(thread, 99), EINVAL, "POSIX pthread_kill: EINVAL");
    pthread_kill(thread, SIGUSR1);
    tap_ok(tap_until(was_taken, NULL) && pthread_equal(taker, thread), "the thread takes the signal");
    taker = 0;
    tap_is(pthread_sigqueue(thread, SIGUSR1, (union sigval){.sival_int = 42}), 0, "pthread_sigqueue");
    tap_ok(tap_until(was_taken, NULL) && pthread_equal(taker, thread) && taken_code == SI_QUEUE && taken_value == 42,
           "the thread takes the signal with its value");
    tap_is(pthread_sigqueue(thread, 99, (union sigval){0}), EINVAL, "pthread_sigqueue: EINVAL");
    tap_is(tap_child_result(reaches_limit, NULL), 0, "pthread_sigqueue: EAGAIN, and the thread's own come in order");
    go = 1;
    tap_until(waiter_has_ended, NULL);
    tap_is(pthread_sigqueue(thread, SIGUSR1, (union sigval){0}), 0, "to one that has ended: nothing happens");
    pthread_join(thread, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    tap_is(pthread_sigmask(SIG_BLOCK, &set, &old), 0, "pthread_sigmask");
    tap_is(pthread_sigmask(99, &set, NULL), EINVAL, "POSIX pthread_sigmask: EINVAL");
    pthread_sigmask(SIG_SETMASK, &old, &set);
    tap_ok(sigismember(&set, SIGUSR1) && !sigismember(&old, SIGUSR1), "and what it was");
}

int main(void)
{
    tap_begin();
    test_attributes();
    test_created_with();
    test_scheduling();
    test_names();
    test_keys();
    test_once();
    test_signals();
    return tap_end();
}
