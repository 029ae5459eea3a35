/*
 * mktemp.c - makes a file (or with -d a directory) of a new name and prints it: mktemp [-d] [-u] [-p DIR] [TEMPLATE].
 */
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    const char *folder = NULL;
    bool directory = false, name_only = false;
    util_start("mktemp", "[-d] [-u] [-p DIRECTORY] [TEMPLATE]", 1);
    for (int option; (option = getopt(argc, argv, "dup:qt")) != -1;) {
        if (option == '?')
            util_usage();
        directory |= option == 'd';
        name_only |= option == 'u';
        if (option == 'p')
            folder = optarg;
    }
    if (argc - optind > 1)
        util_usage();
    const char *template = optind < argc ? argv[optind] : "tmp.XXXXXXXXXX";
    size_t length = strlen(template);
    if (length < 6 || strcmp(template + length - 6, "XXXXXX") != 0)
        util_errx("too few X's in template '%s'", template);
    if (optind == argc && !folder)
        folder = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
    char *path = folder ? util_join(folder, template) : util_strdup(template);
    int fd = directory ? (mkdtemp(path) ? 0 : -1) : mkstemp(path);
    if (fd < 0)
        util_err("failed to create %s via template '%s'", directory ? "directory" : "file", template);
    if (name_only && (directory ? rmdir(path) : unlink(path)) < 0)
        util_err("%s", path);
    puts(path);
    free(path);
    return util_finish(0);
}
