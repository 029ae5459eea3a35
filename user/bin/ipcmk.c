/*
 * ipcmk.c - makes System V objects and prints their identifiers: -M BYTES shared memory, -S COUNT semaphores, -Q a
 * queue; -p MODE (octal, 0644 if not given).
 */
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "lib/util.h"

static int status;

/* A key that nothing had when it was drawn. */
static key_t some_key(void)
{
    unsigned key = 0;

    while (key == 0)
        if (getentropy(&key, sizeof key) == -1)
            util_err("no random key");
    return (key_t)key;
}

static void print_made(const char *what, int id)
{
    if (id == -1) {
        util_warn("create %s failed", what);
        status = 1;
    } else {
        printf("%s id: %d\n", what, id);
    }
}

int main(int argc, char **argv)
{
    long long size = -1, count = -1;
    bool queue = false;
    int mode = 0644;

    util_start("ipcmk", "[-M BYTES] [-S COUNT] [-Q] [-p MODE]", 1);
    for (int option; (option = getopt(argc, argv, "M:S:Qp:")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'M')
            size = util_size(optarg, "size");
        if (option == 'S')
            count = util_number(optarg, 1, 32000, "number");
        if (option == 'p')
            mode = (int)strtol(optarg, NULL, 8) & 0777;
        queue |= option == 'Q';
    }
    if (size < 0 && count < 0 && !queue)
        util_usage();
    if (size >= 0)
        print_made("Shared memory", shmget(some_key(), (size_t)size, IPC_CREAT | IPC_EXCL | mode));
    if (queue)
        print_made("Message queue", msgget(some_key(), IPC_CREAT | IPC_EXCL | mode));
    if (count >= 0)
        print_made("Semaphore", semget(some_key(), (int)count, IPC_CREAT | IPC_EXCL | mode));
    return util_finish(status);
}
