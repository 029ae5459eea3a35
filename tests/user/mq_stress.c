/*
 * mq_stress.c - senders and receivers that are killed at any moment: every message that comes is whole, and afterwards
 * the queue holds as much as it ever did.
 *
 * Usage: mq_stress [seed [kills]]
 */
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"
#include "tap.h"

#define DEPTH 5
#define SIZE 96
#define TYPES 4
#define CAPACITY 500

static mqd_t q;
static int id;

struct packet {
    long type;
    unsigned char bytes[SIZE];
};

/* All bytes of a message are its length. */
static size_t fill(unsigned char *bytes)
{
    size_t n = 1 + (size_t)rand() % SIZE;

    memset(bytes, (int)n, n);
    return n;
}

static bool is_whole(const unsigned char *bytes, ssize_t n)
{
    for (ssize_t i = 0; i < n; i++)
        if (bytes[i] != n)
            return false;
    return n > 0;
}

static int posix_sender(void)
{
    unsigned char bytes[SIZE];

    for (;;) {
        size_t n = fill(bytes);

        if (mq_send(q, (char *)bytes, n, (unsigned)rand() % MQ_PRIO_MAX) != 0)
            return 1;
    }
}

static int posix_receiver(void)
{
    unsigned char bytes[SIZE];

    for (;;) {
        ssize_t n = mq_receive(q, (char *)bytes, SIZE, NULL);

        if (!is_whole(bytes, n))
            return 2;
    }
}

static int sysv_sender(void)
{
    struct packet packet;

    for (;;) {
        size_t n = fill(packet.bytes);

        packet.type = 1 + rand() % TYPES;
        if (msgsnd(id, &packet, n, 0) != 0)
            return 3;
    }
}

static int sysv_receiver(void)
{
    struct packet packet;

    for (;;) {
        long type = rand() % (2 * TYPES + 1) - TYPES;
        ssize_t n = msgrcv(id, &packet, SIZE, type, rand() % 2 ? MSG_EXCEPT : 0);

        if (!is_whole(packet.bytes, n))
            return 4;
    }
}

static int works(void *number)
{
    static int (*const kinds[])(void) = {posix_sender, posix_receiver, sysv_sender, sysv_receiver};
    unsigned n = *(unsigned *)number;

    srand(n);
    return kinds[n % 4]();
}

/* Empty both queues; how many messages were not whole. */
static unsigned drain(void)
{
    struct timespec past = {1, 0};
    struct packet packet;
    unsigned broken = 0;
    ssize_t n;

    while ((n = mq_timedreceive(q, (char *)packet.bytes, SIZE, NULL, &past)) >= 0)
        broken += !is_whole(packet.bytes, n);
    while ((n = msgrcv(id, &packet, SIZE, 0, IPC_NOWAIT)) >= 0)
        broken += !is_whole(packet.bytes, n);
    return broken;
}

static void test_room(void)
{
    struct timespec past = {1, 0};
    struct packet packet = {.type = 1};
    int sent = 0;

    while (mq_timedsend(q, (char *)packet.bytes, 1, 0, &past) == 0)
        sent++;
    tap_is(sent, DEPTH, "the POSIX queue has all its places");
    for (sent = 0; msgsnd(id, &packet, 50, IPC_NOWAIT) == 0;)
        sent++;
    tap_is(sent, CAPACITY / 50, "the System V queue has all its bytes");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : (unsigned)time(NULL);
    unsigned kills = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 0) : 150;
    struct mq_attr shape = {.mq_maxmsg = DEPTH, .mq_msgsize = SIZE};
    const struct stress stress = {works, .workers = 24, .kills = kills, .longest = 300000};
    struct msqid_ds status;

    tap_begin();
    tap_note("seed %u", seed);
    srand(seed);
    q = mq_open("/stress", O_RDWR | O_CREAT, 0600, &shape);
    mq_unlink("/stress");
    id = msgget(IPC_PRIVATE, 0600);
    msgctl(id, IPC_STAT, &status);
    status.msg_qbytes = CAPACITY;
    msgctl(id, IPC_SET, &status);
    tap_is(stress_run(&stress), 0, "every message is whole, whoever is killed (%u times)", kills);
    tap_is(drain(), 0, "and so are those that are left");
    test_room();
    msgctl(id, IPC_RMID, NULL);
    mq_close(q);
    return tap_end();
}
