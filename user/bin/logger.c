/*
 * logger.c - writes lines into the machine's log: its arguments as one, or else those of standard input.
 *
 * -t NAME stands in front in place of the user's name, -i with the pid, -s on standard error as well.
 */
#include <stdlib.h>
#include <syslog.h>

#include "lib/lines.h"
#include "lib/names.h"
#include "lib/util.h"

int main(int argc, char **argv)
{
    const char *name = NULL;
    struct line line = {0};
    int options = 0;
    util_start("logger", "[-is] [-t NAME] [MESSAGE]...", 1);
    for (int option; (option = getopt(argc, argv, "ist:")) != -1;) {
        if (option == '?')
            util_usage();
        options |= option == 'i' ? LOG_PID : option == 's' ? LOG_PERROR : 0;
        if (option == 't')
            name = optarg;
    }
    openlog(name ? name : util_strdup(names_user(getuid())), options, LOG_USER);
    if (optind == argc) {
        while (line_read(stdin, &line))
            syslog(LOG_NOTICE, "%s", line.text);
        return util_finish(0);
    }
    char *text = util_strdup(argv[optind]);
    while (++optind < argc) {
        size_t size = snprintf(NULL, 0, "%s %s", text, argv[optind]) + 1;
        char *longer = util_alloc(size);
        snprintf(longer, size, "%s %s", text, argv[optind]);
        free(text);
        text = longer;
    }
    syslog(LOG_NOTICE, "%s", text);
    return util_finish(0);
}
