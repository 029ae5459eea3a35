/*
 * sed - edits lines as a script says (POSIX sed).
 *
 * -n prints only when told, -e SCRIPT, -f FILE, -E (-r) extended expressions, -i edits files in place.  Commands:
 * { } = a b c d D g G h H i l n N p P q Q r s t w x y : #, with addresses N, $, /RE/, \cREc, N,M, N,+M, and !.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/util.h"
#include "sed.h"

/* Adds what the options -e and -f give, in their order; each is as if a line of its own. */
static void add_file(struct script *script, const char *path)
{
    char *text = util_read_file(path, NULL);
    if (!text)
        util_err("couldn't open file %s", path);
    script_add(script, text);
    free(text);
}

int main(int argc, char **argv)
{
    struct script script = {0};
    char *pieces[64];
    int count = 0;
    bool in_place = false;
    util_start("sed", "[-Einr] SCRIPT [FILE]... | [-Einr] [-e SCRIPT]... [-f FILE]... [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "nErie:f:")) != -1;) {
        if (option == '?')
            util_usage();
        script.quiet |= option == 'n';
        script.extended |= option == 'E' || option == 'r';
        in_place |= option == 'i';
        if (option != 'e' && option != 'f')
            continue;
        if (count == (int)UTIL_COUNT(pieces))
            util_errx("too many scripts");
        pieces[count] = util_alloc(strlen(optarg) + 2);
        sprintf(pieces[count++], "%c%s", option, optarg);
    }
    if (count == 0 && optind == argc)
        util_usage();
    if (count == 0)
        script_add(&script, argv[optind++]);
    for (int i = 0; i < count; i++) {
        if (pieces[i][0] == 'f')
            add_file(&script, pieces[i] + 1);
        else
            script_add(&script, pieces[i] + 1);
        free(pieces[i]);
    }
    script_finish(&script);
    return util_finish(sed_run(&script, argc - optind, argv + optind, in_place));
}
