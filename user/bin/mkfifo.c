/*
 * mkfifo.c - makes FIFOs: names in the file system at which processes meet; -m MODE.
 */
#include <sys/stat.h>

#include "lib/mode.h"
#include "lib/util.h"

int main(int argc, char **argv)
{
    const char *mode_text = NULL;
    mode_t mode = 0666;
    int status = 0;
    util_start("mkfifo", "[-m MODE] NAME...", 1);
    for (int option; (option = getopt(argc, argv, "m:")) != -1;) {
        if (option == '?')
            util_usage();
        mode_text = optarg;
    }
    if (optind == argc)
        util_errx("missing operand");
    if (mode_text && !mode_parse(mode_text, 0666, 0, &mode))
        util_errx("invalid mode '%s'", mode_text);
    for (int i = optind; i < argc; i++) {
        if (mkfifo(argv[i], mode) < 0) {
            util_warn("cannot create fifo '%s'", argv[i]);
            status = 1;
        } else if (mode_text) {
            chmod(argv[i], mode); /* the umask does not count */
        }
    }
    return util_finish(status);
}
