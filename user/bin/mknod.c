/*
 * mknod.c - makes a special file: NAME c MAJOR MINOR, NAME b MAJOR MINOR, or NAME p for a FIFO; -m MODE.
 */
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lib/mode.h"
#include "lib/util.h"

static mode_t parse_type(const char *text)
{
    if (strcmp(text, "c") == 0 || strcmp(text, "u") == 0)
        return S_IFCHR;
    if (strcmp(text, "b") == 0)
        return S_IFBLK;
    if (strcmp(text, "p") == 0)
        return S_IFIFO;
    util_errx("invalid device type '%s'", text);
}

int main(int argc, char **argv)
{
    const char *mode_text = NULL;
    mode_t mode = 0666;
    util_start("mknod", "[-m MODE] NAME c|b|p [MAJOR MINOR]", 1);
    for (int option; (option = getopt(argc, argv, "m:")) != -1;) {
        if (option == '?')
            util_usage();
        mode_text = optarg;
    }
    if (argc - optind < 2)
        util_usage();
    if (mode_text && !mode_parse(mode_text, 0666, 0, &mode))
        util_errx("invalid mode '%s'", mode_text);
    char **operands = argv + optind;
    mode_t type = parse_type(operands[1]);
    dev_t device = 0;
    if (argc - optind != (type == S_IFIFO ? 2 : 4))
        util_usage();
    if (type != S_IFIFO) {
        unsigned major = util_number(operands[2], 0, 4095, "major device number");
        device = makedev(major, util_number(operands[3], 0, 1048575, "minor device number"));
    }
    if (mknod(operands[0], type | mode, device) < 0)
        util_err("%s", operands[0]);
    if (mode_text)
        chmod(operands[0], mode); /* the umask does not count */
    return util_finish(0);
}
