/*
 * buffer-pipe.c - two producers and a consumer with a pipe, which is a buffer of bytes and knows no messages.
 *
 * A write() of at most PIPE_BUF bytes goes in as one piece, whoever else writes.  A message that is written in two
 * pieces may get another's between them.
 */
#include <stdio.h>
#include <unistd.h>

#include "lib/stage.h"

enum { PRODUCERS = 2 };

struct message {
    int sender; /* and then, as a second piece: */
    int text;   /* sender * 100 + number */
};

static int ends[2];

static void in_pieces(const struct message *message)
{
    stage_step("writes: from %d,", message->sender);
    write(ends[1], &message->sender, sizeof(message->sender));
    stage_step("writes: text %d", message->text);
    write(ends[1], &message->text, sizeof(message->text));
}

static void in_one(const struct message *message)
{
    stage_step("writes: from %d, text %d", message->sender, message->text);
    write(ends[1], message, sizeof(*message));
}

static void produce(int self, void (*send)(const struct message *))
{
    for (int i = 0; i < stage_rounds; i++) {
        struct message message = {self, self * 100 + i};
        send(&message);
    }
}

/* read() answers what is there, which may be less than a message. */
static bool receive(struct message *message)
{
    for (size_t got = 0; got < sizeof(*message);) {
        ssize_t n = read(ends[0], (char *)message + got, sizeof(*message) - got);
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

static void consume(void)
{
    struct message message;

    for (int i = 0; i < PRODUCERS * stage_rounds && receive(&message); i++) {
        stage_step("from %d, text %d", message.sender, message.text);
        if (message.text / 100 != message.sender)
            stage_wrong("a message from %d has the text %d", message.sender, message.text);
    }
}

static void pieces(int self)
{
    self < PRODUCERS ? produce(self, in_pieces) : consume();
}

static void whole(int self)
{
    self < PRODUCERS ? produce(self, in_one) : consume();
}

static const struct variant variants[] = {
    {"pieces", broken, "two calls of write() for a message", pieces},
    {"whole", mended, "one call for a message, of at most PIPE_BUF bytes", whole},
    {},
};

static const struct play play = {
    .about =
        "Two producers and a consumer with a pipe: a message says who sends it, and its text begins with that too.",
    .actors = {"producer 0", "producer 1", "consumer"},
    .rounds = 3,
    .quiet_rounds = 8,
    .variants = variants,
};

int main(int argc, char **argv)
{
    if (pipe(ends) == -1) {
        perror("pipe");
        return 2;
    }
    return stage_main(argc, argv, &play);
}
