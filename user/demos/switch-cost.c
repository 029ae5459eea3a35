/*
 * switch-cost.c - what it costs to let another go on: a call of a function, coroutines, threads, processes.
 *
 * Two take turns, and what is printed is a switch: half of there and back.  On one CPU with --icount an instruction
 * takes one nanosecond, so that the figures are instructions:
 *
 *      tools/parley-run --smp 1 --icount /demos/switch-cost
 *
 * With several CPUs two threads or processes stand on two of them, and a figure is the time that a wake-up takes.
 */
#include <coroutine.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { rounds = 2000, stack_size = 16384 };

static long long start_time;

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Round 0 is not measured: memory is touched for the first time. */
static void begin_at(int round)
{
    if (round == 1)
        start_time = now();
}

static void report(const char *what, int switches_a_round)
{
    printf("%-60s %5lld ns\n", what, (now() - start_time) / rounds / switches_a_round);
    fflush(stdout);
}

/* Nobody else: calls. */

__attribute__((noinline)) static void nothing(void)
{
    __asm__ volatile("");
}

static void measure_calls(void)
{
    sigset_t mask;

    for (int i = 0; i <= rounds; i++) {
        begin_at(i);
        nothing();
    }
    report("a function: call and return", 1);
    for (int i = 0; i <= rounds; i++) {
        begin_at(i);
        getppid();
    }
    report("the least system call", 1);
    for (int i = 0; i <= rounds; i++) {
        begin_at(i);
        sigprocmask(SIG_SETMASK, i == 0 ? NULL : &mask, &mask);
    }
    report("sigprocmask, which swapcontext calls", 1);
}

/* The same stack twice: once by registers alone, once by swapcontext. */

static jmp_buf here, there;
static ucontext_t mine, other;
static char *stack;

static void jumps(void)
{
    for (;;)
        if (_setjmp(there) == 0)
            _longjmp(here, 1);
}

static void swaps(void)
{
    for (;;)
        swapcontext(&other, &mine);
}

static void prepare(void (*function)(void))
{
    getcontext(&other);
    other.uc_stack.ss_sp = stack;
    other.uc_stack.ss_size = stack_size;
    makecontext(&other, function, 0);
}

static void measure_contexts(void)
{
    stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    prepare(jumps);
    if (_setjmp(here) == 0)
        setcontext(&other); /* the first time it has no place yet to jump to */
    for (volatile int i = 0; i <= rounds; i++) {
        begin_at(i);
        if (_setjmp(here) == 0)
            _longjmp(there, 1);
    }
    report("registers alone: _setjmp and _longjmp", 2);
    prepare(swaps);
    for (int i = 0; i <= rounds; i++) {
        begin_at(i);
        swapcontext(&mine, &other);
    }
    report("swapcontext: registers and signal mask", 2);
}

/* The library's coroutines. */

static void *yields(void *unused)
{
    while (coroutine_yield(NULL, NULL) == 0)
        continue;
    return unused;
}

static void measure_coroutine(void)
{
    struct coroutine *coroutine;

    if (coroutine_create(&coroutine, yields, 0) != 0)
        exit(1);
    for (int i = 0; i <= rounds; i++) {
        begin_at(i);
        coroutine_resume(coroutine, NULL, NULL);
    }
    report("a coroutine: resume or yield", 2);
    coroutine_destroy(coroutine);
}

/* The kernel's: each waits for the other. */

struct turns {
    sem_t first, second;
    volatile int done;
};

static struct turns *turns; /* shared with the child */
static int ask[2], answer[2];

static void *answers_by_semaphore(void *unused)
{
    (void)unused;
    for (int i = 0; i <= rounds; i++) {
        sem_wait(&turns->first);
        sem_post(&turns->second);
    }
    return NULL;
}

static void asks_by_semaphore(const char *what)
{
    for (int i = 0; i <= rounds; i++) {
        begin_at(i);
        sem_post(&turns->first);
        sem_wait(&turns->second);
    }
    report(what, 2);
}

static void *gives_way(void *unused)
{
    (void)unused;
    while (!turns->done)
        sched_yield();
    return NULL;
}

static void gives_way_and_back(const char *what)
{
    turns->done = 0;
    for (int i = 0; i <= rounds; i++) {
        begin_at(i);
        sched_yield();
    }
    report(what, 2);
    turns->done = 1;
}

static void *answers_by_pipe(void *unused)
{
    char byte;

    (void)unused;
    for (int i = 0; i <= rounds; i++)
        if (read(ask[0], &byte, 1) != 1 || write(answer[1], &byte, 1) != 1)
            break;
    return NULL;
}

static void asks_by_pipe(const char *what)
{
    char byte = 0;

    for (int i = 0; i <= rounds; i++) {
        begin_at(i);
        if (write(ask[1], &byte, 1) != 1 || read(answer[0], &byte, 1) != 1)
            break;
    }
    report(what, 2);
}

static void with_thread(void *(*there_and_back)(void *), void (*measure)(const char *), const char *what)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, there_and_back, NULL) != 0)
        exit(1);
    measure(what);
    pthread_join(thread, NULL);
}

static void with_process(void *(*there_and_back)(void *), void (*measure)(const char *), const char *what)
{
    pid_t pid = fork();

    if (pid == 0) {
        there_and_back(NULL);
        _exit(0);
    }
    measure(what);
    waitpid(pid, NULL, 0);
}

int main(void)
{
    turns = mmap(NULL, sizeof *turns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (turns == MAP_FAILED || pipe(ask) < 0 || pipe(answer) < 0) {
        perror("switch-cost");
        return 1;
    }
    sem_init(&turns->first, 1, 0);
    sem_init(&turns->second, 1, 0);
    measure_calls();
    measure_contexts();
    measure_coroutine();
    with_thread(gives_way, gives_way_and_back, "two threads: sched_yield");
    with_thread(answers_by_semaphore, asks_by_semaphore, "two threads: sem_post, and sem_wait that sleeps");
    with_thread(answers_by_pipe, asks_by_pipe, "two threads: a byte through a pipe");
    with_process(gives_way, gives_way_and_back, "two processes: sched_yield");
    with_process(answers_by_semaphore, asks_by_semaphore, "two processes: sem_post, and sem_wait that sleeps");
    with_process(answers_by_pipe, asks_by_pipe, "two processes: a byte through a pipe");
    return 0;
}
