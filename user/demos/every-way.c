/*
 * every-way.c - the same data through every mechanism: how many calls it takes, how often each byte is copied, how long
 * it takes.
 *
 * One process sends PIECES pieces of SIZE bytes, another receives and adds them up; both sums must agree.  A piece goes
 * by one call, but for signals, which carry four bytes each, and for shared memory, where nothing is sent at all: the
 * sender makes the piece where the receiver looks at it, and a word says how many such places are full.
 *
 * Whoever calls the kernel tells called(), which counts.  Each function that is told of is one system call.
 *
 * With --icount an instruction takes one nanosecond:
 *
 *      tools/parley-run --smp 1 --icount /demos/every-way
 */
#include <abi/futex.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 1024, PIECES = 64, WORDS = SIZE / 4, PLACES = 8 };

struct piece {
    long type; /* of a System V message */
    unsigned char bytes[SIZE];
};

struct side {
    long calls;
    long copied; /* bytes that went from this process into the kernel, or from there to this process */
    unsigned sum;
};

/* Both processes see this. */
static struct {
    struct side sender, receiver;
    unsigned full; /* how many of the places */
    struct piece places[PLACES];
} * shared;

static struct side *self; /* of the running process */
static struct piece own = {.type = 1};
static int ends[2], queue_id;
static mqd_t queue;
static pid_t receiver;

__attribute__((noreturn)) static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* Count a call that has answered and, unless it failed, the bytes of data that it moved. */
static long called(long answer, long bytes)
{
    self->calls++;
    if (answer >= 0)
        self->copied += bytes;
    return answer;
}

/* What is sent: so that a byte that is lost, doubled or moved shows. */
static void fill(struct piece *piece, unsigned number)
{
    for (unsigned i = 0; i < SIZE; i++)
        piece->bytes[i] = (unsigned char)(number * 13 + i * 7);
}

static void add(const struct piece *piece)
{
    for (unsigned i = 0; i < SIZE; i++)
        self->sum = self->sum * 31 + piece->bytes[i];
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

static void send_stream(void)
{
    if (called(write(ends[1], own.bytes, SIZE), SIZE) != SIZE)
        fail("write");
}

/* A stream has no borders: what has come may be less than a piece. */
static void receive_stream(void)
{
    for (ssize_t n, done = 0; done < SIZE; done += n) {
        n = read(ends[0], own.bytes + done, SIZE - (size_t)done);
        if (called(n, n) <= 0)
            fail("read");
    }
}

static void open_posix_queue(void)
{
    struct mq_attr shape = {.mq_maxmsg = 8, .mq_msgsize = SIZE};

    queue = mq_open("/every-way", O_RDWR | O_CREAT | O_EXCL, 0600, &shape);
    if (queue == (mqd_t)-1)
        fail("mq_open");
    mq_unlink("/every-way");
}

static void send_posix(void)
{
    if (called(mq_send(queue, (const char *)own.bytes, SIZE, 0), SIZE) < 0)
        fail("mq_send");
}

static void receive_posix(void)
{
    if (called(mq_receive(queue, (char *)own.bytes, SIZE, NULL), SIZE) != SIZE)
        fail("mq_receive");
}

static void open_system_v_queue(void)
{
    queue_id = msgget(IPC_PRIVATE, 0600);
    if (queue_id < 0)
        fail("msgget");
}

static void send_system_v(void)
{
    if (called(msgsnd(queue_id, &own, SIZE, 0), SIZE) < 0)
        fail("msgsnd");
}

static void receive_system_v(void)
{
    if (called(msgrcv(queue_id, &own, SIZE, 0, 0), SIZE) != SIZE)
        fail("msgrcv");
}

static void close_system_v_queue(void)
{
    msgctl(queue_id, IPC_RMID, NULL);
}

/* Or-ed to `full`: the other process sleeps until that changes. */
#define SLEEPS 0x80000000u

/* Until `full` is another number.  A semaphore would do, but hides whether it has called the kernel. */
static void await_other_than(unsigned number)
{
    unsigned now;

    while (((now = __atomic_load_n(&shared->full, __ATOMIC_ACQUIRE)) & ~SLEEPS) == number) {
        if (now & SLEEPS || __sync_bool_compare_and_swap(&shared->full, now, now | SLEEPS))
            called(syscall(SYS_futex, &shared->full, FUTEX_WAIT, now | SLEEPS, NULL, NULL, 0), 0);
    }
}

static void change_full(int by)
{
    unsigned now;

    do
        now = shared->full;
    while (!__sync_bool_compare_and_swap(&shared->full, now, (now & ~SLEEPS) + (unsigned)by));
    if (now & SLEEPS)
        called(syscall(SYS_futex, &shared->full, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
}

static sigset_t carrier;

static void open_signals(void)
{
    sigemptyset(&carrier);
    sigaddset(&carrier, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &carrier, NULL); /* they wait until they are taken */
}

/* EAGAIN: so many are queued that a user may have no more. */
static void send_signals(void)
{
    union sigval value;

    for (unsigned i = 0; i < WORDS; i++) {
        memcpy(&value, own.bytes + 4 * i, 4);
        while (called(sigqueue(receiver, SIGRTMIN, value), 4) < 0)
            called(sched_yield(), 0);
    }
}

static void receive_signals(void)
{
    siginfo_t info;

    for (unsigned i = 0; i < WORDS; i++) {
        if (called(sigwaitinfo(&carrier, &info), 4) < 0)
            fail("sigwaitinfo");
        memcpy(own.bytes + 4 * i, &info.si_value, 4);
    }
}

static const struct way {
    const char *name;
    void (*open)(void);
    void (*send)(void);    /* what is in `own`; NULL: pieces are made and looked at in shared memory */
    void (*receive)(void); /* into `own` */
    void (*close)(void);
} ways[] = {
    {"pipe", open_pipe, send_stream, receive_stream, NULL},
    {"FIFO", open_fifo, send_stream, receive_stream, NULL},
    {"POSIX message queue", open_posix_queue, send_posix, receive_posix, NULL},
    {"System V message queue", open_system_v_queue, send_system_v, receive_system_v, close_system_v_queue},
    {"shared memory", NULL, NULL, NULL, NULL},
    {"signals with values", open_signals, send_signals, receive_signals, NULL},
};

static void send_piece(const struct way *way, unsigned number)
{
    struct piece *piece = way->send ? &own : &shared->places[number % PLACES];

    if (!way->send)
        await_other_than(PLACES);
    fill(piece, number);
    add(piece);
    if (way->send)
        way->send();
    else
        change_full(1);
}

static void receive_piece(const struct way *way, unsigned number)
{
    if (way->receive) {
        way->receive();
        add(&own);
    } else {
        await_other_than(0);
        add(&shared->places[number % PLACES]);
        change_full(-1);
    }
}

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

/* Send all; the microseconds until all has been received. */
static long long send_all(const struct way *way)
{
    long long start = now();

    receiver = fork();
    if (receiver < 0)
        fail("fork");
    self = receiver == 0 ? &shared->receiver : &shared->sender;
    if (receiver == 0) {
        for (unsigned i = 0; i < PIECES; i++)
            receive_piece(way, i);
        exit(0);
    }
    for (unsigned i = 0; i < PIECES; i++)
        send_piece(way, i);
    waitpid(receiver, NULL, 0);
    return (now() - start) / 1000;
}

static int run(const struct way *way)
{
    const struct side *from = &shared->sender, *to = &shared->receiver;
    long long time;

    memset(shared, 0, sizeof *shared);
    if (way->open)
        way->open();
    time = send_all(way);
    printf("%-23s %13ld %15ld %7ld %13lld  %s\n", way->name, from->calls, to->calls,
           (from->copied + to->copied) / (SIZE * PIECES), time, from->sum == to->sum ? "right" : "WRONG");
    fflush(stdout);
    if (way->close)
        way->close();
    return from->sum != to->sum;
}

int main(void)
{
    int wrong = 0;

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        fail("mmap");
    printf("%d pieces of %d bytes from one process to another:\n\n", PIECES, SIZE);
    printf("way                     sender: calls  receiver: calls  copies  microseconds  sums\n");
    for (unsigned i = 0; i < sizeof ways / sizeof *ways; i++)
        wrong += run(&ways[i]);
    puts("\ncalls: system calls, counted as they are made. Those for shared memory are sleeps, when all places for "
         "pieces"
         "\nare full or empty, and wake-ups."
         "\ncopies: bytes that the two handed to the kernel and took from it, divided by the bytes sent. Not seen from"
         "\nhere: who sleeps in read() on a pipe with 16 KiB or more gets the bytes straight from the writer: one copy."
         "\nmicroseconds: making the receiver, making the data and adding it up are part of it.");
    return wrong != 0;
}
