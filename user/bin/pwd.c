/*
 * pwd.c - prints where one is; -L by the name in $PWD when that is true, -P without symbolic links (the default).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/util.h"

/* $PWD, when it is an absolute name of this directory without "." and ".." in it; else NULL. */
static const char *logical(void)
{
    struct stat named, here;
    const char *pwd = getenv("PWD");
    if (!pwd || *pwd != '/' || strstr(pwd, "/./") || strstr(pwd, "/../"))
        return NULL;
    if (stat(pwd, &named) < 0 || stat(".", &here) < 0 || named.st_ino != here.st_ino || named.st_dev != here.st_dev)
        return NULL;
    return pwd;
}

int main(int argc, char **argv)
{
    bool by_name = false;
    util_start("pwd", "[-L | -P]", 1);
    for (int option; (option = getopt(argc, argv, "LP")) != -1;) {
        if (option == '?')
            util_usage();
        by_name = option == 'L';
    }
    const char *path = by_name ? logical() : NULL;
    if (!path)
        path = getcwd(NULL, 0);
    if (!path)
        util_err("cannot find the current directory");
    puts(path);
    return util_finish(0);
}
