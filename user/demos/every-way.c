/*
 * every-way.c - the same data through every mechanism: how many calls it takes, how often each byte is copied, how long
 * it takes.
 *
 * One process sends PIECES pieces of SIZE bytes, another receives and adds them up; both sums must agree.  A piece goes
 * by one call, but for signals, which carry four bytes each, and for shared memory, where nothing is sent at all: a
 * semaphore says that the piece can be looked at, another one that there is room for the next.
 *
 * With --icount an instruction takes one nanosecond:
 *
 *      tools/parley-run --smp 1 --icount /demos/every-way
 */
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 1024, PIECES = 64, WORDS = SIZE / 4 };

typedef unsigned char piece[SIZE];

/* Both processes see this. */
static struct {
    long sender_calls, receiver_calls;
    unsigned sum;
    sem_t full, empty;
    piece place;
} * shared;

static long *calls; /* of the running process */
static int ends[2], queue_id;
static mqd_t queue;
static pid_t receiver;

__attribute__((noreturn)) static void fail(const char *what)
{
    perror(what);
    exit(1);
}

#define COUNTED(call) (++*calls, (call))

/* What is sent: so that a byte that is lost, doubled or moved shows. */
static void fill(unsigned char *bytes, unsigned number)
{
    for (unsigned i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(number * 13 + i * 7);
}

static unsigned add(unsigned sum, const unsigned char *bytes)
{
    for (unsigned i = 0; i < SIZE; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}

static void open_pipe(void)
{
    if (pipe(ends) < 0)
        fail("pipe");
}

/* Opened for both, it does not wait for the other process. */
static void open_fifo(void)
{
    if (mkfifo("/tmp/every-way", 0600) < 0)
        fail("mkfifo");
    ends[0] = ends[1] = open("/tmp/every-way", O_RDWR);
    unlink("/tmp/every-way");
}

static void send_stream(const unsigned char *bytes)
{
    if (COUNTED(write(ends[1], bytes, SIZE)) != SIZE)
        fail("write");
}

/* A stream has no borders: what has come may be less than a piece. */
static void receive_stream(unsigned char *bytes)
{
    for (ssize_t n, done = 0; done < SIZE; done += n)
        if ((n = COUNTED(read(ends[0], bytes + done, SIZE - (size_t)done))) <= 0)
            fail("read");
}

static void open_posix_queue(void)
{
    struct mq_attr shape = {.mq_maxmsg = 8, .mq_msgsize = SIZE};

    queue = mq_open("/every-way", O_RDWR | O_CREAT | O_EXCL, 0600, &shape);
    if (queue == (mqd_t)-1)
        fail("mq_open");
    mq_unlink("/every-way");
}

static void send_posix(const unsigned char *bytes)
{
    if (COUNTED(mq_send(queue, (const char *)bytes, SIZE, 0)) < 0)
        fail("mq_send");
}

static void receive_posix(unsigned char *bytes)
{
    if (COUNTED(mq_receive(queue, (char *)bytes, SIZE, NULL)) != SIZE)
        fail("mq_receive");
}

static struct {
    long type;
    piece bytes;
} letter = {.type = 1};

static void open_system_v_queue(void)
{
    queue_id = msgget(IPC_PRIVATE, 0600);
    if (queue_id < 0)
        fail("msgget");
}

static void send_system_v(const unsigned char *bytes)
{
    memcpy(letter.bytes, bytes, SIZE);
    if (COUNTED(msgsnd(queue_id, &letter, SIZE, 0)) < 0)
        fail("msgsnd");
}

static void receive_system_v(unsigned char *bytes)
{
    if (COUNTED(msgrcv(queue_id, &letter, SIZE, 0, 0)) != SIZE)
        fail("msgrcv");
    memcpy(bytes, letter.bytes, SIZE);
}

static void close_system_v_queue(void)
{
    msgctl(queue_id, IPC_RMID, NULL);
}

static void open_memory(void)
{
    sem_init(&shared->full, 1, 0);
    sem_init(&shared->empty, 1, 1);
}

/* Only the demo's own buffers make these two copy: a program would work in place. */
static void send_memory(const unsigned char *bytes)
{
    COUNTED(sem_wait(&shared->empty));
    memcpy(shared->place, bytes, SIZE);
    COUNTED(sem_post(&shared->full));
}

static void receive_memory(unsigned char *bytes)
{
    COUNTED(sem_wait(&shared->full));
    memcpy(bytes, shared->place, SIZE);
    COUNTED(sem_post(&shared->empty));
}

static sigset_t carrier;

static void open_signals(void)
{
    sigemptyset(&carrier);
    sigaddset(&carrier, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &carrier, NULL); /* they wait until they are taken */
}

/* EAGAIN: so many are queued that a user may have no more. */
static void send_signals(const unsigned char *bytes)
{
    union sigval value;

    for (unsigned i = 0; i < WORDS; i++) {
        memcpy(&value, bytes + 4 * i, 4);
        while (COUNTED(sigqueue(receiver, SIGRTMIN, value)) < 0)
            COUNTED(sched_yield());
    }
}

static void receive_signals(unsigned char *bytes)
{
    siginfo_t info;

    for (unsigned i = 0; i < WORDS; i++) {
        if (COUNTED(sigwaitinfo(&carrier, &info)) < 0)
            fail("sigwaitinfo");
        memcpy(bytes + 4 * i, &info.si_value, 4);
    }
}

static const struct way {
    const char *name;
    int copies; /* of each byte, by the kernel */
    void (*open)(void);
    void (*send)(const unsigned char *bytes);
    void (*receive)(unsigned char *bytes);
    void (*close)(void);
} ways[] = {
    {"pipe", 2, open_pipe, send_stream, receive_stream, NULL},
    {"FIFO", 2, open_fifo, send_stream, receive_stream, NULL},
    {"POSIX message queue", 2, open_posix_queue, send_posix, receive_posix, NULL},
    {"System V message queue", 2, open_system_v_queue, send_system_v, receive_system_v, close_system_v_queue},
    {"shared memory, semaphores", 0, open_memory, send_memory, receive_memory, NULL},
    {"signals with values", 2, open_signals, send_signals, receive_signals, NULL},
};

static void receive_all(const struct way *way)
{
    piece bytes;

    calls = &shared->receiver_calls;
    for (unsigned i = 0; i < PIECES; i++) {
        way->receive(bytes);
        shared->sum = add(shared->sum, bytes);
    }
    exit(0);
}

static unsigned send_all(const struct way *way)
{
    piece bytes;
    unsigned sum = 0;

    calls = &shared->sender_calls;
    for (unsigned i = 0; i < PIECES; i++) {
        fill(bytes, i);
        sum = add(sum, bytes);
        way->send(bytes);
    }
    return sum;
}

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static int run(const struct way *way)
{
    long long start;
    unsigned sum;

    memset(shared, 0, sizeof *shared);
    way->open();
    start = now();
    receiver = fork();
    if (receiver < 0)
        fail("fork");
    if (receiver == 0)
        receive_all(way);
    sum = send_all(way);
    waitpid(receiver, NULL, 0);
    printf("%-26s %6ld %9ld %7d %8lld  %s\n", way->name, shared->sender_calls, shared->receiver_calls, way->copies,
           (now() - start) / 1000, sum == shared->sum ? "right" : "WRONG");
    fflush(stdout);
    if (way->close)
        way->close();
    return sum != shared->sum;
}

int main(void)
{
    int wrong = 0;

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        fail("mmap");
    printf("%d pieces of %d bytes from one process to another:\n\n", PIECES, SIZE);
    printf("way                         sends  receives  copies  microseconds\n");
    for (unsigned i = 0; i < sizeof ways / sizeof *ways; i++)
        wrong += run(&ways[i]);
    printf("\nFor shared memory \"sends\" and \"receives\" are operations on semaphores: a call only where one must "
           "wait.\n");
    return wrong != 0;
}
