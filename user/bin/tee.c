/*
 * tee.c - copies standard input to standard output and to files; -a appends to them, -i ignores ^C.
 *
 * An output that fails is named and left out from then on; the others get everything.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "lib/util.h"

struct output {
    const char *name;
    int fd; /* -1: not written to (any more) */
};

static int status;

static void give_up(struct output *output)
{
    util_warn("%s", output->name);
    output->fd = -1;
    status = 1;
}

static void copy(struct output *outputs, int count)
{
    static char buffer[65536];
    for (;;) {
        ssize_t got = read(0, buffer, sizeof(buffer));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            util_err("read error");
        if (got == 0)
            return;
        for (int i = 0; i < count; i++) {
            if (outputs[i].fd >= 0 && !util_write_all(outputs[i].fd, buffer, got))
                give_up(&outputs[i]);
        }
    }
}

int main(int argc, char **argv)
{
    int how = O_TRUNC;
    util_start("tee", "[-ai] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "ai")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'a')
            how = O_APPEND;
        else
            signal(SIGINT, SIG_IGN);
    }
    int count = argc - optind + 1;
    struct output *outputs = util_alloc(count * sizeof(*outputs));
    outputs[0] = (struct output){"standard output", 1};
    for (int i = 1; i < count; i++) {
        outputs[i].name = argv[optind + i - 1];
        outputs[i].fd = open(outputs[i].name, O_WRONLY | O_CREAT | how, 0666);
        if (outputs[i].fd < 0)
            give_up(&outputs[i]);
    }
    copy(outputs, count);
    return status;
}
