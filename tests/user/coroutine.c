/*
 * coroutine.c - coroutines: whose turn it is, values, every error, the guard below a stack, signals and threads.
 */
#include <coroutine.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "command.h"
#include "several.h"
#include "tap.h"

static struct coroutine *made(void *(*function)(void *), size_t stack_size)
{
    struct coroutine *coroutine;
    int error = coroutine_create(&coroutine, function, stack_size);

    if (error != 0)
        tap_give_up("coroutine_create: %s", strerror(error));
    return coroutine;
}

/* What a resume with that value hands out; -1 when it answers an error. */
static long resumed(struct coroutine *coroutine, long value)
{
    void *answer;

    return coroutine_resume(coroutine, (void *)value, &answer) == 0 ? (long)answer : -1;
}

static long yielded(long value)
{
    void *answer = (void *)-1;

    coroutine_yield((void *)value, &answer);
    return (long)answer;
}

static void *adds(void *first)
{
    long sum = (long)first;

    while (sum < 100)
        sum += yielded(sum);
    return (void *)(sum + 1000);
}

static void test_values(void)
{
    struct coroutine *coroutine = made(adds, 0);

    tap_is(coroutine_state(coroutine), COROUTINE_SUSPENDED, "it has not begun");
    tap_is(resumed(coroutine, 5), 5, "the first value is its function's argument");
    tap_is(resumed(coroutine, 20), 25, "the next ones its yield's answer");
    tap_is(coroutine_state(coroutine), COROUTINE_SUSPENDED, "it has yielded");
    tap_is(coroutine_resume(coroutine, (void *)1, NULL), 0, "nobody need want a value");
    tap_is(resumed(coroutine, 80), 1106, "what it returns");
    tap_is(coroutine_state(coroutine), COROUTINE_FINISHED, "it has finished");
    tap_is(coroutine_resume(coroutine, NULL, NULL), ESRCH, "coroutine_resume: ESRCH, it has finished");
    tap_is(coroutine_destroy(coroutine), 0, "coroutine_destroy");
}

static struct coroutine *outer, *inner;
static int errors[5];
static enum coroutine_state states[2];

static void *makes_mistakes(void *unused)
{
    (void)unused;
    errors[0] = coroutine_resume(inner, NULL, NULL);
    errors[1] = coroutine_resume(outer, NULL, NULL);
    errors[2] = coroutine_destroy(inner);
    errors[3] = coroutine_destroy(outer);
    errors[4] = coroutine_self() == inner ? 0 : -1;
    states[0] = coroutine_state(inner);
    states[1] = coroutine_state(outer);
    return NULL;
}

static void *resumes_inner(void *unused)
{
    (void)unused;
    resumed(inner, 0);
    return (void *)(long)(coroutine_self() == outer && coroutine_state(outer) == COROUTINE_RUNNING);
}

static void test_mistakes(void)
{
    outer = made(resumes_inner, 0);
    inner = made(makes_mistakes, 0);
    tap_ok(coroutine_self() == NULL, "no coroutine runs");
    tap_is(coroutine_yield(NULL, NULL), EPERM, "coroutine_yield: EPERM, the caller is no coroutine");
    tap_is(resumed(outer, 0), 1, "a coroutine resumes another, and goes on when that ends");
    tap_is(errors[0], EDEADLK, "coroutine_resume: EDEADLK, itself");
    tap_is(errors[1], EDEADLK, "coroutine_resume: EDEADLK, one that waits for the caller");
    tap_is(errors[2], EBUSY, "coroutine_destroy: EBUSY, itself");
    tap_is(errors[3], EBUSY, "coroutine_destroy: EBUSY, one that waits");
    tap_is(errors[4], 0, "coroutine_self");
    tap_ok(states[0] == COROUTINE_RUNNING && states[1] == COROUTINE_WAITING, "one runs and one waits");
    coroutine_destroy(inner);
    coroutine_destroy(outer);
}

static void test_create(void)
{
    struct rlimit all, some = {32 << 20, RLIM_INFINITY};
    struct coroutine *coroutine = NULL;

    tap_is(coroutine_create(&coroutine, adds, PTHREAD_STACK_MIN - 1), EINVAL, "coroutine_create: EINVAL");
    errno = 7;
    tap_is(coroutine_create(&coroutine, adds, SIZE_MAX), ENOMEM, "coroutine_create: ENOMEM, more than there can be");
    tap_is(coroutine_create(&coroutine, adds, SIZE_MAX / 4), ENOMEM, "coroutine_create: ENOMEM, more than there is");
    getrlimit(RLIMIT_AS, &all);
    some.rlim_max = all.rlim_max;
    setrlimit(RLIMIT_AS, &some);
    tap_is(coroutine_create(&coroutine, adds, 64 << 20), ENOMEM, "coroutine_create: ENOMEM, past RLIMIT_AS");
    setrlimit(RLIMIT_AS, &all);
    tap_ok(coroutine == NULL && errno == 7, "a failed call changes neither its variable nor errno");
    coroutine = made(adds, PTHREAD_STACK_MIN);
    tap_is(resumed(coroutine, 1), 1, "PTHREAD_STACK_MIN is enough");
    tap_is(coroutine_destroy(coroutine), 0, "one that is suspended can be destroyed");
}

/* Use at least so many bytes of stack; answers what keeps the compiler from leaving that out. */
__attribute__((noinline)) static long deep(long bytes)
{
    volatile char frame[512];

    memset((char *)frame, 1, sizeof frame);
    return bytes <= 0 ? 0 : deep(bytes - (long)sizeof frame) + frame[bytes % 512];
}

static void *uses_stack(void *bytes)
{
    return (void *)(deep((long)bytes) > 0);
}

static char *touched;
static volatile char *lowest;

static void notes_address(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    touched = info->si_addr;
    _exit(touched < (char *)lowest && touched >= lowest - 4096 ? 0 : 1);
}

/* A handler on a stack of its own tells where the coroutine's went too far. */
static void *overflows(void *handled)
{
    static char alternate[SIGSTKSZ];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    struct sigaction action = {.sa_sigaction = notes_address, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    if (handled != NULL) {
        sigaltstack(&stack, NULL);
        sigaction(SIGSEGV, &action, NULL);
    }
    return (void *)deep(1 << 20);
}

static int grows_too_far(void *handled)
{
    struct coroutine *coroutine = made(overflows, 16384);

    /* Its memory ends behind the coroutine, and is 4096 for the guard, 16384, and what the coroutine needs. */
    lowest = (volatile char *)(((uintptr_t)coroutine & -4096u) - 16384);
    resumed(coroutine, handled != NULL);
    return 2;
}

static void test_stack(void)
{
    struct coroutine *coroutine = made(uses_stack, 65536);

    tap_is(resumed(coroutine, 60000), 1, "60000 bytes of 65536 are there");
    coroutine_destroy(coroutine);
    tap_is(tap_child_result(grows_too_far, NULL), -SIGSEGV, "a stack that grows too far is a fault");
    tap_is(tap_child_result(grows_too_far, &outer), 0, "in the page below it");
}

static volatile sig_atomic_t handled_at;

static void handler(int signal)
{
    (void)signal;
    handled_at = coroutine_self() == NULL ? 1 : coroutine_self() == outer ? 2 : 3;
}

static bool is_blocked(int signal)
{
    sigset_t now;

    sigprocmask(SIG_BLOCK, NULL, &now);
    return sigismember(&now, signal);
}

static void *blocks(void *unused)
{
    sigset_t set;

    (void)unused;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    yielded(0);
    yielded(is_blocked(SIGUSR1) && handled_at == 0);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return (void *)(long)handled_at;
}

static void test_signals(void)
{
    struct sigaction action = {.sa_handler = handler};

    sigaction(SIGUSR1, &action, NULL);
    outer = made(blocks, 0);
    resumed(outer, 0);
    tap_ok(!is_blocked(SIGUSR1), "a coroutine's mask is its own");
    raise(SIGUSR1);
    tap_is(handled_at, 1, "a handler runs in the thread itself");
    handled_at = 0;
    tap_is(resumed(outer, 0), 1, "the coroutine finds its mask again");
    sigprocmask(SIG_BLOCK, &(sigset_t){1u << (SIGUSR1 - 1)}, NULL);
    raise(SIGUSR1);
    tap_is(resumed(outer, 0), 2, "a signal that waits is handled where it is not blocked, on that stack");
    coroutine_destroy(outer);
    tap_ok(is_blocked(SIGUSR1), "and the thread finds its own");
    sigprocmask(SIG_UNBLOCK, &(sigset_t){1u << (SIGUSR1 - 1)}, NULL);
    signal(SIGUSR1, SIG_DFL);
}

static volatile sig_atomic_t alarms;

static void counts_alarms(int signal)
{
    (void)signal;
    alarms++;
}

/* Signals come while coroutines take turns: at each moment there is a stack, a mask and an FPSCR that a handler can run
 * with. */
static void *yields_always(void *unused)
{
    while (coroutine_yield(NULL, NULL) == 0)
        continue;
    return unused;
}

static void test_interrupted(void)
{
    const struct itimerval often = {{0, 100}, {0, 100}}, never = {{0, 0}, {0, 0}};
    struct coroutine *coroutine = made(yields_always, PTHREAD_STACK_MIN);
    struct sigaction action = {.sa_handler = counts_alarms};

    alarms = 0;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    while (alarms < 100)
        coroutine_resume(coroutine, NULL, NULL);
    setitimer(ITIMER_REAL, &never, NULL);
    tap_is(coroutine_state(coroutine), COROUTINE_SUSPENDED, "a hundred signals while coroutines take turns");
    coroutine_destroy(coroutine);
    signal(SIGALRM, SIG_DFL);
}

/* Two threads, each with coroutines of its own that take turns a thousand times. */
enum { turns = 1000 };

static void *counts(void *unused)
{
    static __thread int calls;

    (void)unused;
    for (int i = 0; i < turns; i++) {
        errno = i;
        yielded(++calls);
    }
    return (void *)(long)calls;
}

static void *takes_turns(void *theirs)
{
    struct coroutine *a = made(counts, 0), *b = made(counts, 0);
    long wrong = coroutine_resume(theirs, NULL, NULL) != EPERM || coroutine_self() != NULL;

    for (int i = 0; i < turns; i++)
        wrong += resumed(a, 0) != 2 * i + 1 || errno != i || resumed(b, 0) != 2 * i + 2;
    wrong += resumed(a, 0) != 2 * turns || resumed(b, 0) != 2 * turns;
    coroutine_destroy(a);
    coroutine_destroy(b);
    return (void *)wrong;
}

static void test_threads(void)
{
    struct coroutine *mine = made(counts, 0);
    pthread_t threads[4];
    void *wrong;

    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, takes_turns, mine);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &wrong);
        tap_is((long)wrong, 0, "thread %d: its coroutines take turns, and another's is refused: EPERM", i);
    }
    tap_is(resumed(mine, 0), 1, "that one has not begun");
    coroutine_destroy(mine);
}

static int resumes_in_child(void *coroutine)
{
    return (int)resumed(coroutine, 30);
}

static void test_fork(void)
{
    struct coroutine *coroutine = made(adds, 0);

    resumed(coroutine, 3);
    tap_is(tap_child_result(resumes_in_child, coroutine), 33, "a child goes on with its copy");
    tap_is(resumed(coroutine, 4), 7, "the parent with its own");
    coroutine_destroy(coroutine);
}

/* A chain as deep as memory allows: each resumes the next. */
static void *resumes_next(void *depth)
{
    struct coroutine *next;
    long below;

    if (depth == NULL)
        return NULL;
    next = made(resumes_next, 16384);
    below = resumed(next, (long)depth - 1);
    coroutine_destroy(next);
    return (void *)(below + 1);
}

static void test_demos(void)
{
    int lines = 0;

    tap_is_text(output_of("/demos/coroutine-walk"),
                "flat and deep: all rivers run to the sea - the same\n"
                "deep and other: all rivers run - here they differ\n",
                "two walks at once compare two trees");
    output_of("/demos/switch-cost");
    for (const char *at = output; (at = strstr(at, " ns\n")) != NULL; at++)
        lines++;
    tap_is(lines, 12, "what a switch costs, of each kind");
}

int main(void)
{
    struct coroutine *coroutine;

    tap_begin();
    test_values();
    test_mistakes();
    test_create();
    test_stack();
    test_signals();
    test_interrupted();
    test_threads();
    test_fork();
    coroutine = made(resumes_next, 0);
    tap_is(resumed(coroutine, 100), 100, "a hundred coroutines, each resumed by the one before");
    coroutine_destroy(coroutine);
    test_demos();
    return tap_end();
}
