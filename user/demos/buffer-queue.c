/*
 * buffer-queue.c - a producer and a consumer with a message queue: the buffer, the counting and the waiting are the
 * kernel's.
 *
 * What is left to do wrong is not to listen.  A queue opened with O_NONBLOCK does not wait for room: it answers EAGAIN,
 * and who does not look at the answer has lost the message.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/stage.h"

enum { ROOM = 2, LAST = -1 };

static mqd_t patient, hasty; /* two descriptors of one queue; hasty has O_NONBLOCK */
static int received, sum;

static void send(mqd_t queue, int item)
{
    mq_send(queue, (const char *)&item, sizeof(item), 0);
}

static void produce(mqd_t queue)
{
    for (int item = 1; item <= stage_rounds; item++) {
        stage_step("sends %d", item);
        send(queue, item);
        sched_yield(); /* the consumer keeps up, as a rule */
    }
    send(patient, LAST);
}

static void consume(void)
{
    int item;

    while (mq_receive(patient, (char *)&item, sizeof(item), NULL) == sizeof(item) && item != LAST) {
        stage_step("receives %d", item);
        received++;
        sum += item;
        stage_step("works on %d", item);
    }
}

static void not_waiting(int self)
{
    self == 0 ? produce(hasty) : consume();
}

static void waiting(int self)
{
    self == 0 ? produce(patient) : consume();
}

static void judge(void)
{
    if (received != stage_rounds || sum != stage_rounds * (stage_rounds + 1) / 2)
        stage_wrong("of %d messages %d were received", stage_rounds, received);
}

static const struct variant variants[] = {
    {"not-waiting", broken, "sends with O_NONBLOCK and does not look at the answer", not_waiting},
    {"waiting", mended, "mq_send() waits while the queue is full", waiting},
    {},
};

static const struct play play = {
    .about = "A producer and a consumer with a message queue that has room for two messages.",
    .actors = {"producer", "consumer"},
    .rounds = 6,
    .quiet_rounds = 8,
    .variants = variants,
    .judge = judge,
};

int main(int argc, char **argv)
{
    struct mq_attr shape = {.mq_maxmsg = ROOM, .mq_msgsize = sizeof(int)};
    char name[32];

    snprintf(name, sizeof(name), "/buffer-queue.%d", (int)getpid());
    patient = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &shape);
    hasty = mq_open(name, O_WRONLY | O_NONBLOCK);
    if (patient == -1 || hasty == -1) {
        perror("mq_open");
        return 2;
    }
    mq_unlink(name);
    return stage_main(argc, argv, &play);
}
