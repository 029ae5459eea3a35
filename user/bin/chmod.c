/*
 * chmod.c - changes modes, octal (755) or symbolic (u+x,go=r): -R all below directories, -f without messages, -v tells.
 *
 * A mode may begin with "-" (chmod -w x), so options are not left to getopt.
 */
#include <string.h>

#include "lib/mode.h"
#include "lib/util.h"
#include "lib/walk.h"

static bool recursive, quiet, verbose;
static const char *mode_text;
static mode_t mask;

static void change(struct walk *walk, const char *path, const struct stat *status)
{
    mode_t mode;
    char before[11], after[11];
    if (!mode_parse(mode_text, status->st_mode, mask, &mode))
        util_errx("invalid mode: '%s'", mode_text);
    if (fchmodat(walk->directory, walk->name, mode, 0) < 0) {
        if (!quiet)
            util_warn("changing permissions of '%s'", path);
        walk->failed = true;
    } else if (verbose) {
        mode_string(status->st_mode, before);
        mode_string((status->st_mode & S_IFMT) | mode, after);
        printf("mode of '%s' changed from %04o (%s) to %04o (%s)\n", path, (unsigned)status->st_mode & 07777,
               before + 1, (unsigned)mode, after + 1);
    }
}

static bool visit(struct walk *walk, enum walk_when when, const char *path, const struct stat *status)
{
    if (when == walk_error) {
        if (!quiet)
            util_warn(status ? "cannot read directory '%s'" : "cannot access '%s'", path);
        walk->failed = true;
    } else if (when == walk_enter && !(S_ISLNK(status->st_mode) && walk->depth > 0)) {
        change(walk, path, status); /* links that are found are left alone: they have no mode */
    }
    return recursive;
}

/* Is it one of -R, -f, -v or several of them in one word? */
static bool is_options(const char *word)
{
    return word[0] == '-' && word[1] && !word[1 + strspn(word + 1, "Rfv")];
}

int main(int argc, char **argv)
{
    struct walk walk = {.visit = visit, .follow_first = true};
    int i = 1;
    util_start("chmod", "[-Rfv] MODE FILE...", 1);
    umask(mask = umask(0));
    for (; i < argc && is_options(argv[i]); i++) {
        recursive |= strchr(argv[i], 'R') != NULL;
        quiet |= strchr(argv[i], 'f') != NULL;
        verbose |= strchr(argv[i], 'v') != NULL;
    }
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    if (i == argc)
        util_errx("missing operand");
    mode_text = argv[i++];
    if (i == argc)
        util_errx("missing operand after '%s'", mode_text);
    mode_t tried;
    if (!mode_parse(mode_text, 0, mask, &tried))
        util_errx("invalid mode: '%s'", mode_text);
    for (; i < argc; i++)
        walk_tree(&walk, argv[i]);
    return util_finish(walk.failed ? 1 : 0);
}
