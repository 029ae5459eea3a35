/*
 * why_stuck.c - what the utility why says of processes and threads that wait for each other; and /proc/PID/task and
 * syscall, from which it knows.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "command.h"
#include "tap.h"

/* What the processes of a scene share: each has a number, 0 or 1, and waits for what the other has. */
static sem_t *semaphores[2];
static int pipes[2][2], set;
static const char *const files[] = {"/tmp/why-a", "/tmp/why-b"};

static bool waits_in(pid_t pid, const char *reason)
{
    char path[32], text[32] = "";
    int fd;

    snprintf(path, sizeof path, "/proc/%d/wchan", (int)pid);
    fd = open(path, O_RDONLY);
    read(fd, text, sizeof text - 1);
    close(fd);
    return strcmp(text, reason) == 0;
}

struct sleeper {
    pid_t pid;
    const char *reason;
};

static bool is_there(void *context)
{
    const struct sleeper *sleeper = context;

    return waits_in(sleeper->pid, sleeper->reason);
}

/* Start a process, and wait until the kernel says that it waits for that. */
static pid_t start(int (*body)(void *), void *context, const char *reason)
{
    struct sleeper sleeper = {tap_start(body, context), reason};

    tap_until(is_there, &sleeper);
    return sleeper.pid;
}

/* Two processes, of which the first has its own before the second begins; the end of a scene of two. */
static void has_circle(const char *what, pid_t first, pid_t second)
{
    pid_t low = first < second ? first : second, high = first < second ? second : first;

    has(what, "deadlock: %d why_stuck waits for %d why_stuck waits for %d why_stuck\n", (int)low, (int)high, (int)low);
}

/* Take one's own, tell that by a byte, wait for the start, take the other's. */
static int told[2], go[2];

static void meet(void)
{
    char byte = 0;

    write(told[1], &byte, 1);
    read(go[0], &byte, 1);
}

static void let_two_go(void)
{
    char bytes[2];

    read(told[0], bytes, 1);
    read(told[0], bytes, 1);
    write(go[1], bytes, 2);
}

static int crosses_semaphores(void *number)
{
    int mine = (int)(long)number;

    sem_wait(semaphores[mine]);
    meet();
    return sem_wait(semaphores[!mine]);
}

static int crosses_files(void *number)
{
    int mine = (int)(long)number;

    flock(open(files[mine], O_RDWR | O_CREAT, 0600), LOCK_EX);
    meet();
    return flock(open(files[!mine], O_RDWR | O_CREAT, 0600), LOCK_EX);
}

static int crosses_sets(void *number)
{
    unsigned short mine = (unsigned short)(long)number;

    semop(set, &(struct sembuf){mine, -1, SEM_UNDO}, 1);
    meet();
    return semop(set, &(struct sembuf){!mine, -1, SEM_UNDO}, 1);
}

static void cross(int (*body)(void *), const char *reason, struct sleeper pair[2])
{
    for (long i = 0; i < 2; i++)
        pair[i] = (struct sleeper){tap_start(body, (void *)i), reason};
    let_two_go();
    for (int i = 0; i < 2; i++)
        tap_until(is_there, &pair[i]);
}

static void test_semaphores(void)
{
    struct sleeper pair[2];

    semaphores[0] = sem_open("/why-a", O_CREAT, 0600, 1);
    semaphores[1] = sem_open("/why-b", O_CREAT, 0600, 1);
    cross(crosses_semaphores, "semaphore", pair);
    output_of("why %d", (int)pair[0].pid);
    has("ABBA by semaphores",
        "%d why_stuck: waits for a unit of semaphore /dev/shm/sem.why-b, last taken by %d why_stuck", (int)pair[0].pid,
        (int)pair[1].pid);
    has("the other one", "%d why_stuck: waits for a unit of semaphore /dev/shm/sem.why-a, last taken by %d why_stuck",
        (int)pair[1].pid, (int)pair[0].pid);
    has_circle("the circle", pair[0].pid, pair[1].pid);
    output_of("why -a >/dev/null; echo status $?");
    has("a deadlock's status", "status 2");
    for (int i = 0; i < 2; i++) {
        tap_kill(pair[i].pid);
        sem_close(semaphores[i]);
    }
    sem_unlink("/why-a");
    sem_unlink("/why-b");
}

static void test_files(void)
{
    struct sleeper pair[2];

    cross(crosses_files, "file lock", pair);
    output_of("why %d", (int)pair[1].pid);
    has("ABBA by files", "waits for a lock on %s (all of it), locked through an open file of %d why_stuck", files[0],
        (int)pair[0].pid);
    has_circle("the circle", pair[0].pid, pair[1].pid);
    for (int i = 0; i < 2; i++) {
        tap_kill(pair[i].pid);
        unlink(files[i]);
    }
}

static void test_sets(void)
{
    struct sleeper pair[2];

    set = semget(IPC_PRIVATE, 2, 0600);
    semop(set, (struct sembuf[]){{0, 1, 0}, {1, 1, 0}}, 2);
    cross(crosses_sets, "semop", pair);
    output_of("why %d", (int)pair[0].pid);
    has("ABBA by System V semaphores", "waits for semaphore 1 of System V set %d, which is 0, taken by %d why_stuck",
        set, (int)pair[1].pid);
    has_circle("the circle", pair[0].pid, pair[1].pid);
    for (int i = 0; i < 2; i++)
        tap_kill(pair[i].pid);
    semctl(set, 0, IPC_RMID);
}

/* Reads the pipe of its number, and could write to the other. */
static int reads_pipe(void *number)
{
    int mine = (int)(long)number;
    char byte;

    close(pipes[mine][1]);
    close(pipes[!mine][0]);
    return (int)read(pipes[mine][0], &byte, 1);
}

static void pipes_make(void)
{
    for (int i = 0; i < 2; i++)
        pipe2(pipes[i], O_CLOEXEC);
}

static void pipe_close(int number)
{
    close(pipes[number][0]);
    close(pipes[number][1]);
}

static void test_pipes(void)
{
    pid_t pair[2];

    pipes_make();
    for (long i = 0; i < 2; i++)
        pair[i] = start(reads_pipe, (void *)i, "pipe-read");
    pipe_close(0);
    pipe_close(1);
    output_of("why %d", (int)pair[0]);
    has("two pipes", "%d why_stuck: waits for bytes in pipe:[", (int)pair[0]);
    has("two pipes", "written by %d why_stuck", (int)pair[1]);
    has_circle("the circle", pair[0], pair[1]);
    for (int i = 0; i < 2; i++)
        tap_kill(pair[i]);
}

/* Both ends are its own. */
static int reads_itself(void *unused)
{
    char byte;

    (void)unused;
    pipe_close(1);
    return (int)read(pipes[0][0], &byte, 1);
}

static void test_itself(void)
{
    pid_t pid;

    pipes_make();
    pid = start(reads_itself, NULL, "pipe-read");
    output_of("why %d", (int)pid);
    has("several may write", "written by %d why_stuck; in reads_itself (why_stuck.c:", (int)getpid());
    pipe_close(0);
    pipe_close(1);
    output_of("why %d", (int)pid);
    has("only itself could write", "written by itself alone");
    has("and that is a deadlock", "deadlock: %d why_stuck waits for %d why_stuck\n", (int)pid, (int)pid);
    tap_kill(pid);
}

static int takes_and_pauses(void *unused)
{
    (void)unused;
    sem_wait(semaphores[0]);
    return pause();
}

static int waits_in_chain(void *unused)
{
    (void)unused;
    pipe_close(1);
    close(pipes[0][0]);
    return sem_wait(semaphores[0]);
}

static int reads_chain(void *unused)
{
    char byte;

    (void)unused;
    pipe_close(1);
    close(pipes[0][1]);
    return (int)read(pipes[0][0], &byte, 1);
}

static void test_chain(void)
{
    pid_t first, second, third;

    pipes_make();
    semaphores[0] = sem_open("/why-a", O_CREAT, 0600, 1);
    third = start(takes_and_pauses, NULL, "sigsuspend");
    second = start(waits_in_chain, NULL, "semaphore");
    first = start(reads_chain, NULL, "pipe-read");
    kill(third, SIGSTOP); /* it has the pipe's ends still */
    output_of("why %d", (int)first);
    has("a chain of three, any of two", "written by any of %d why_stuck, %d why_stuck", (int)getpid(), (int)third);
    tap_kill(third);
    pipe_close(0);
    output_of("why %d", (int)first);
    has("its first", "written by %d why_stuck", (int)second);
    has("a holder that has ended", "of which thread %d took the last one, which has ended", (int)third);
    has_not("a chain is no circle", "deadlock");
    tap_kill(first);
    tap_kill(second);
    pipe_close(1);
    sem_close(semaphores[0]);
    sem_unlink("/why-a");
}

static pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static volatile bool taken[2];

static void *crosses_mutexes(void *number)
{
    int mine = (int)(long)number;

    pthread_mutex_lock(&mutexes[mine]);
    taken[mine] = true;
    while (!taken[!mine])
        sched_yield();
    pthread_mutex_lock(&mutexes[!mine]);
    return NULL;
}

static int has_threads(void *unused)
{
    pthread_t threads[2];

    (void)unused;
    for (long i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, crosses_mutexes, (void *)i);
    return pthread_join(threads[0], NULL);
}

static bool three_wait(void *pid)
{
    return waiters_for_words(*(pid_t *)pid) == 3;
}

static void test_threads(void)
{
    pid_t pid = tap_start(has_threads, NULL);
    int first = pid + 1, second = pid + 2;

    tap_until(three_wait, &pid);
    output_of("why %d", (int)pid);
    has("a thread that waits for another's end",
        "%d why_stuck: waits for the end of a thread, which is %d why_stuck of", (int)pid, first);
    has("a mutex", "%d why_stuck of process %d: waits for mutex mutexes+32, held by", first, (int)pid);
    has("its owner", "held by %d why_stuck of process %d", second, (int)pid);
    has("the circle of threads", "deadlock: %d why_stuck of process %d waits for %d", first, (int)pid, second);
    output_of("ls /proc/%d/task", (int)pid);
    has("/proc/PID/task has the first thread", "%d\n", (int)pid);
    has("and another", "%d\n", second);
    tap_kill(pid);
}

static int waits_for_threads(void *child)
{
    pid_t pid = tap_start(has_threads, NULL);

    tap_until(three_wait, &pid);
    *(volatile pid_t *)child = pid;
    return waitpid(pid, NULL, 0);
}

static void test_threads_of_a_child(void)
{
    volatile pid_t *child = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t waits = start(waits_for_threads, (void *)child, "wait");

    output_of("why %d", (int)waits);
    has("a child of several threads is one holder", "the end of a child, which is %d why_stuck (3 threads);",
        (int)*child);
    kill(*child, SIGKILL);
    tap_kill(waits);
    munmap((void *)child, 4096);
}

/* The classic: a child reads to the end of a pipe that its parent, who waits for the child, has not closed. */
static int forgets_to_close(void *unused)
{
    pid_t child;
    int status;

    (void)unused;
    pipe_close(1);
    child = tap_start(reads_chain, NULL);
    return waitpid(child, &status, 0) == child;
}

static void test_wait(void)
{
    pid_t pid, child;

    pipes_make();
    pid = start(forgets_to_close, NULL, "wait");
    pipe_close(0);
    pipe_close(1);
    child = pid + 1;
    tap_until(is_there, &(struct sleeper){child, "pipe-read"});
    output_of("why %d", (int)pid);
    has("a wait", "%d why_stuck: waits for the end of a child, which is %d why_stuck; in forgets_to_close", (int)pid,
        (int)child);
    has("the child", "%d why_stuck: waits for bytes in pipe:[", (int)child);
    has_circle("the circle", pid, child);
    kill(child, SIGKILL);
    tap_wait(pid);
}

/* As another user, who may not look into the process. */
static int looks_at(void *pid)
{
    char path[40];
    int failures = 0;

    setuid(1000);
    snprintf(path, sizeof path, "/proc/%d/mem", *(pid_t *)pid);
    failures += open(path, O_RDONLY) != -1 || errno != EACCES;
    snprintf(path, sizeof path, "/proc/%d/syscall", *(pid_t *)pid);
    failures += open(path, O_RDONLY) != -1 || errno != EACCES;
    output_of("why %d", (int)*(pid_t *)pid);
    failures += strstr(output, "a unit of semaphore 0x") == NULL || strstr(output, "taken") != NULL;
    return failures;
}

static void test_others(void)
{
    pid_t pid;

    semaphores[0] = sem_open("/why-a", O_CREAT, 0600, 1);
    sem_wait(semaphores[0]);
    pid = start(takes_and_pauses, NULL, "semaphore");
    tap_is(tap_child_result(looks_at, &pid), 0, "another user sees that it waits, and no more");
    tap_kill(pid);
    sem_close(semaphores[0]);
    sem_unlink("/why-a");
}

static void test_call(void)
{
    pid_t pid;
    unsigned long number, id;

    pipes_make();
    pid = start(reads_itself, NULL, "pipe-read");
    output_of("cat /proc/%d/syscall", (int)pid);
    tap_is(sscanf(output, "%lu %lx", &number, &id), 2, "/proc/PID/syscall");
    tap_is(number, SYS_read, "the call's number");
    tap_is(id, pipes[0][0], "its first argument");
    output_of("cat /proc/%d/task/%d/wchan", (int)pid, (int)pid);
    has("what a thread waits for", "pipe-read");
    tap_fails(open("/proc/self/task/1/stat", O_RDONLY), ENOENT, "POSIX open: ENOENT, a thread of another process");
    output_of("cat /proc/self/task/*/syscall");
    has("one that runs", "running\n");
    tap_kill(pid);
    pipe_close(0);
    pipe_close(1);
}

int main(void)
{
    tap_begin();
    pipe2(told, O_CLOEXEC);
    pipe2(go, O_CLOEXEC);
    test_call();
    test_semaphores();
    test_files();
    test_sets();
    test_pipes();
    test_itself();
    test_chain();
    test_threads();
    test_threads_of_a_child();
    test_wait();
    test_others();
    return tap_end();
}
