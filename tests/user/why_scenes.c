/*
 * why_scenes.c - what the utility why says in the situations that programs get stuck in: a process for each, of one
 * thread or several, and the words that tell its user why.
 *
 * Whether it is stuck yet nobody need know: why is asked until it says so.
 */
#define _GNU_SOURCE /* pthread_setname_np() */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"
#include "tap.h"

static pthread_mutex_t account = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t meeting;
static sem_t places;
static pthread_t threads[2];
static int messages, units;

static void *joins_first(void *first)
{
    while (!scene_taken)
        sched_yield();
    pthread_join(*(pthread_t *)first, NULL);
    return NULL;
}

static int joins_in_circle(void *unused)
{
    (void)unused;
    pthread_create(&threads[0], NULL, joins_first, &threads[1]);
    pthread_create(&threads[1], NULL, joins_first, &threads[0]);
    scene_taken = true;
    return pause();
}

static void *has_name(void *unused)
{
    pthread_setname_np(pthread_self(), "keeper");
    pthread_mutex_lock(&account);
    scene_taken = true;
    pause();
    return unused;
}

static int waits_for_named(void *unused)
{
    (void)unused;
    scene_begin(has_name);
    return pthread_mutex_lock(&account);
}

static int waits_for_signal(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&account);
    return pthread_cond_wait(&filled, &account);
}

static int upgrades(void *unused)
{
    (void)unused;
    pthread_rwlock_rdlock(&table);
    return pthread_rwlock_wrlock(&table);
}

static void *writes_too(void *unused)
{
    scene_taken = true;
    pthread_rwlock_wrlock(&table);
    return unused;
}

/* It has the lock already, but a writer waits, whom readers do not pass. */
static int reads_again(void *unused)
{
    (void)unused;
    pthread_rwlock_rdlock(&table);
    scene_begin(writes_too);
    while (pthread_rwlock_tryrdlock(&table) == 0)
        pthread_rwlock_unlock(&table);
    return pthread_rwlock_rdlock(&table);
}

static void *writes(void *unused)
{
    pthread_rwlock_wrlock(&table);
    scene_taken = true;
    pause();
    return unused;
}

static int reads_written(void *unused)
{
    (void)unused;
    scene_begin(writes);
    return pthread_rwlock_rdlock(&table);
}

static int meets_nobody(void *unused)
{
    (void)unused;
    pthread_barrier_init(&meeting, NULL, 2);
    return pthread_barrier_wait(&meeting);
}

static void *takes_place(void *unused)
{
    sem_wait(&places);
    scene_taken = true;
    pause();
    return unused;
}

static int finds_no_place(void *unused)
{
    (void)unused;
    sem_init(&places, 0, 1);
    scene_begin(takes_place);
    return sem_wait(&places);
}

static void *takes_and_ends(void *unused)
{
    pthread_mutex_lock(&account);
    scene_taken = true;
    return unused;
}

static int wants_what_the_dead_had(void *unused)
{
    (void)unused;
    pthread_join(scene_begin(takes_and_ends), NULL);
    return pthread_mutex_lock(&account);
}

static int locks_twice(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&account);
    return pthread_mutex_lock(&account);
}

static void *takes_and_pauses(void *unused)
{
    pthread_mutex_lock(&account);
    scene_taken = true;
    pause();
    return unused;
}

static int inherits(void *unused)
{
    pthread_mutexattr_t attr;

    (void)unused;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&account, &attr);
    scene_begin(takes_and_pauses);
    return pthread_mutex_lock(&account);
}

static int shares_mutex(void *unused)
{
    pthread_mutex_t *mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attr;

    (void)unused;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(mutex, &attr);
    pthread_mutex_lock(mutex);
    if (fork() == 0)
        pthread_mutex_lock(mutex);
    return wait(NULL);
}

static int locks_record(void *unused)
{
    struct flock ten = {.l_type = F_WRLCK, .l_start = 10, .l_len = 10};
    int fd = open(SCENE_FILE, O_RDWR | O_CREAT, 0600);

    (void)unused;
    fcntl(fd, F_SETLKW, &ten);
    if (fork() == 0)
        fcntl(fd, F_SETLKW, &ten);
    return wait(NULL);
}

/* Two processes that write to each other, and neither reads. */
static int writes_only(void *unused)
{
    static char bytes[4096];
    int there[2], back[2];

    (void)unused;
    pipe(there);
    pipe(back);
    if (fork() == 0) {
        close(there[1]);
        close(back[0]);
        while (write(back[1], bytes, sizeof bytes) > 0)
            continue;
    }
    close(there[0]);
    close(back[1]);
    while (write(there[1], bytes, sizeof bytes) > 0)
        continue;
    return 1;
}

/* Two processes that ask each other, and neither answers. */
static int asks_only(void *unused)
{
    int pair[2];
    char byte;

    (void)unused;
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    if (fork() == 0) {
        close(pair[0]);
        return (int)read(pair[1], &byte, 1);
    }
    close(pair[1]);
    return (int)read(pair[0], &byte, 1);
}

static int sends_too_much(void *unused)
{
    static char bytes[4096];
    int pair[2];

    (void)unused;
    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
    while (send(pair[0], bytes, sizeof bytes, 0) > 0)
        continue;
    return 1;
}

static const struct sockaddr_un address = {AF_UNIX, SCENE_FILE};

static int listens(void)
{
    int server = socket(AF_UNIX, SOCK_STREAM, 0);

    bind(server, (const struct sockaddr *)&address, sizeof address);
    listen(server, 0);
    return server;
}

/* The second one is not let in. */
static int connects_twice(void *unused)
{
    (void)unused;
    listens();
    while (connect(socket(AF_UNIX, SOCK_STREAM, 0), (const struct sockaddr *)&address, sizeof address) == 0)
        continue;
    return 1;
}

/* A client that was let in, and waits for an answer of a server that does not accept. */
static int is_not_accepted(void *unused)
{
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    char byte;

    (void)unused;
    if (fork() == 0) {
        listens();
        return pause();
    }
    while (connect(client, (const struct sockaddr *)&address, sizeof address) != 0)
        sched_yield();
    return (int)read(client, &byte, 1);
}

static int accepts(void *unused)
{
    (void)unused;
    return accept(listens(), NULL, NULL);
}

static int opens_fifo(void *unused)
{
    (void)unused;
    mkfifo(SCENE_FILE, 0600);
    return open(SCENE_FILE, O_RDONLY);
}

/* A server that has its FIFO open to write as well, so that it never sees an end of file. */
static int reads_own_fifo(void *unused)
{
    char byte;

    (void)unused;
    mkfifo(SCENE_FILE, 0600);
    return (int)read(open(SCENE_FILE, O_RDWR), &byte, 1);
}

static int fills_queue(void *unused)
{
    struct mq_attr shape = {.mq_maxmsg = 2, .mq_msgsize = 8};
    mqd_t queue = mq_open(SCENE_QUEUE, O_RDWR | O_CREAT, 0600, &shape);

    (void)unused;
    while (mq_send(queue, "", 1, 0) == 0)
        continue;
    return 1;
}

static int receives_type(void *unused)
{
    struct {
        long type;
        char byte;
    } message;

    (void)unused;
    return (int)msgrcv(messages, &message, 1, 7, 0);
}

static int waits_for_unit(void *unused)
{
    (void)unused;
    return semop(units, &(struct sembuf){0, -1, 0}, 1);
}

static int polls(void *unused)
{
    int ends[2];

    (void)unused;
    pipe(ends);
    return poll((struct pollfd[]){{ends[0], POLLIN, 0}, {ends[0], POLLPRI, 0}}, 2, -1);
}

static int waits_for_any(void *unused)
{
    sigset_t set;

    (void)unused;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    return sigwaitinfo(&set, NULL);
}

static int stops(void *unused)
{
    (void)unused;
    return raise(SIGSTOP);
}

/* Of a process of several threads or with a child these are the lines of all. */
static const struct scene scenes[] = {
    {"threads that join each other", joins_in_circle, true, {"the end of a thread, which is", "called pthread_join"}},
    {"a thread with a name", waits_for_named, false, {"mutex account, held by", "keeper of process"}},
    {"a condition",
     waits_for_signal,
     false,
     {"waits for condition filled, which anybody may signal; in waits_for_signal (", "which called pthread_cond_wait"}},
    {"a reader that wants to write",
     upgrades,
     false,
     {"waits for lock table, to write, which 1 reader has", "in upgrades (", "which called pthread_rwlock_wrlock"}},
    {"a lock that is read twice",
     reads_again,
     false,
     {"lock table, to read, which 1 reader has", "), and for which a writer waits; in reads_again ("}},
    {"a lock that a writer has", reads_written, false, {"lock table, to read, held by writer", "called pause"}},
    {"a barrier",
     meets_nobody,
     false,
     {"others to come to barrier meeting, 1 more; in", "which called pthread_barrier_wait"}},
    {"a semaphore", finds_no_place, false, {"a unit of semaphore places, last taken by"}},
    {"the mutex of a thread that has ended", wants_what_the_dead_had, false, {"mutex account, whose owner was thread"}},
    {"a mutex locked twice", locks_twice, true, {"mutex account, held by itself alone", "pthread_mutex_lock"}},
    {"a mutex that inherits", inherits, false, {"mutex account, held by"}},
    {"a mutex of two processes", shares_mutex, true, {"the end of a child, which is", "mutex ", "held by"}},
    {"a record of a file", locks_record, true, {"the end of a child", SCENE_FILE " (bytes 10 to 19), locked by"}},
    {"two who only write", writes_only, true, {"room in pipe:[", "which has 65536 bytes, read by"}},
    {"two who only ask", asks_only, true, {"data in socket:[", "], sent by"}},
    {"a full socket", sends_too_much, true, {"room in socket:[", " bytes, read by"}},
    {"a full queue of connections", connects_twice, true, {"a place in the queue of " SCENE_FILE ", which has 1"}},
    {"a client that is not accepted",
     is_not_accepted,
     false,
     {"], not yet accepted at " SCENE_FILE ", listened to by"}},
    {"a server without clients", accepts, false, {"somebody to connect to " SCENE_FILE}},
    {"a FIFO that nobody else opens", opens_fifo, false, {"another process to open the other end of " SCENE_FILE}},
    {"a FIFO that its reader holds open", reads_own_fifo, false, {SCENE_FILE ", which nobody else has open"}},
    {"a full queue", fills_queue, false, {"waits for room in queue /", ", which nobody else has open"}},
    {"poll", polls, false, {"waits for pipe:[", "] or pipe:[", "] to become ready"}},
    {"sigwaitinfo", waits_for_any, false, {"waits for SIGUSR1; in waits_for_any (", "which called sigwaitinfo"}},
    {"a process that is stopped", stops, false, {"SIGCONT: it is stopped", "which called raise"}},
};

/* What is System V's outlives its process. */
static void test_sysv(void)
{
    static const struct scene receive = {
        "a System V queue", receives_type, false, {"a message in System V queue", "of type 7"}};
    static const struct scene take = {
        "a System V semaphore", waits_for_unit, false, {"semaphore 0 of System V set", "is 0"}};

    messages = msgget(IPC_PRIVATE, 0600);
    units = semget(IPC_PRIVATE, 1, 0600);
    scene_test(&receive);
    scene_test(&take);
    msgctl(messages, IPC_RMID, NULL);
    semctl(units, 0, IPC_RMID);
}

int main(void)
{
    tap_begin();
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        scene_test(&scenes[i]);
    test_sysv();
    return tap_end();
}
