/*
 * poweroff.c - ends the machine; called halt it does the same, called reboot it starts anew.
 *
 * There are no disks to bring to rest, so it asks the kernel itself rather than init.  `poweroff N` is for test runs:
 * where the runner allows it, QEMU's exit status becomes N.
 */
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    const char *name = util_basename(argv[0]);
    bool restart = strcmp(name, "reboot") == 0;
    int status = 0;
    util_start(name, "[-f] [STATUS]", 1);
    for (int option; (option = getopt(argc, argv, "f")) != -1;) {
        if (option != 'f')
            util_usage();
    }
    if (argc - optind > 1)
        util_usage();
    if (optind < argc)
        status = util_number(argv[optind], 0, 255, "status");
    sync();
    reboot(restart ? REBOOT_RESTART : REBOOT_POWEROFF, status);
    util_err("cannot end the machine");
}
