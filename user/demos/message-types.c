/*
 * message-types.c - one System V queue for many conversations: each client receives the answers to its own questions,
 * by their type, which is its pid.
 *
 *      clients --- type 1: questions ------------> server
 *              <-- type PID: answers to that one --
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENTS 3
#define QUESTION 1

struct message {
    long type;
    pid_t from;
    int number;
};
#define BODY (sizeof(struct message) - sizeof(long))

static int ask(int queue, int number)
{
    struct message message = {.type = QUESTION, .from = getpid(), .number = number};

    msgsnd(queue, &message, BODY, 0);
    msgrcv(queue, &message, BODY, getpid(), 0);
    printf("client %d asked for the square of %d, and received %d\n", (int)getpid(), number, message.number);
    return 0;
}

int main(void)
{
    int queue = msgget(IPC_PRIVATE, 0600);
    struct message message;

    if (queue == -1) {
        perror("msgget");
        return 1;
    }
    printf("the server and %d clients share queue %d\n", CLIENTS, queue);
    fflush(stdout);
    for (int i = 1; i <= CLIENTS; i++)
        if (fork() == 0)
            return ask(queue, 10 * i);
    for (int i = 1; i <= CLIENTS; i++) {
        msgrcv(queue, &message, BODY, QUESTION, 0);
        message.type = message.from;
        message.number *= message.number;
        msgsnd(queue, &message, BODY, 0);
    }
    while (wait(NULL) > 0)
        ;
    msgctl(queue, IPC_RMID, NULL);
    printf("the queue is removed; it would outlive its users otherwise\n");
    return 0;
}
