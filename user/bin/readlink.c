/*
 * readlink.c - prints what symbolic links contain; -f the whole path with all links followed, -n no newline.
 */
#include <stdlib.h>

#include "lib/util.h"

static bool canonical;

/* The answer for one link, the caller's to free; NULL when there is none, which is not worth a message. */
static char *resolve(const char *path)
{
    if (canonical)
        return realpath(path, NULL);
    char *target = util_alloc(4096);
    ssize_t length = readlink(path, target, 4095);
    if (length >= 0)
        return target;
    free(target);
    return NULL;
}

int main(int argc, char **argv)
{
    bool newline = true;
    int status = 0;
    util_start("readlink", "[-fn] FILE...", 1);
    for (int option; (option = getopt(argc, argv, "fn")) != -1;) {
        if (option == '?')
            util_usage();
        canonical |= option == 'f';
        newline &= option != 'n';
    }
    if (optind == argc)
        util_errx("missing operand");
    for (int i = optind; i < argc; i++) {
        char *answer = resolve(argv[i]);
        if (answer)
            printf("%s%s", answer, newline || argc - optind > 1 ? "\n" : "");
        else
            status = 1;
        free(answer);
    }
    return util_finish(status);
}
