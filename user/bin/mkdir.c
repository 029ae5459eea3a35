/*
 * mkdir.c - makes directories: -p with those above them and without complaint about ones that are there, -m MODE, -v.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lib/mode.h"
#include "lib/util.h"

static bool parents, verbose;
static const char *mode_text;

static bool make(const char *path, mode_t mode)
{
    if (mkdir(path, mode) < 0) {
        int why = errno;
        if (parents && util_is_directory(path))
            return true;
        errno = why;
        util_warn("cannot create directory '%s'", path);
        return false;
    }
    if (verbose)
        printf("mkdir: created directory '%s'\n", path);
    return true;
}

/* Makes the directories above `path`; POSIX mkdir -p: the owner may write to and search them, whatever the umask. */
static bool make_parents(const char *path)
{
    mode_t mask = umask(0);
    char *prefix = util_strdup(path);
    bool good = true;
    umask(mask & ~0300);
    for (char *c = prefix + 1; *prefix && *c && good; c++) {
        if (*c != '/' || c[-1] == '/' || !c[1])
            continue;
        *c = '\0';
        good = make(prefix, 0777);
        *c = '/';
    }
    umask(mask);
    free(prefix);
    return good;
}

int main(int argc, char **argv)
{
    int status = 0;
    mode_t mode = 0777;
    util_start("mkdir", "[-pv] [-m MODE] DIRECTORY...", 1);
    for (int option; (option = getopt(argc, argv, "pvm:")) != -1;) {
        if (option == '?')
            util_usage();
        parents |= option == 'p';
        verbose |= option == 'v';
        if (option == 'm')
            mode_text = optarg;
    }
    if (optind == argc)
        util_errx("missing operand");
    if (mode_text && !mode_parse(mode_text, S_IFDIR | 0777, 0, &mode))
        util_errx("invalid mode '%s'", mode_text);
    for (int i = optind; i < argc; i++) {
        bool good = (!parents || make_parents(argv[i])) && make(argv[i], mode);
        if (good && mode_text)
            chmod(argv[i], mode); /* the umask does not count */
        status |= !good;
    }
    return util_finish(status);
}
