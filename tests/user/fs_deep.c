/*
 * fs_deep.c - a tree that is deeper than a path may be long: made, its paths asked for, walked, removed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define TOP "/tmp/deep"
#define NAME "level-0123"

/* 5,500 bytes; and more than getcwd() makes. */
enum { name_length = sizeof NAME, levels = 500, too_many = 65536 / name_length + 1 };

/* Goes on down to so many levels. */
static int go_down(int from, int to)
{
    while (from < to && (mkdir(NAME, 0755) == 0 || errno == EEXIST) && chdir(NAME) == 0)
        from++;
    return from;
}

static bool is_path(const char *path, int depth)
{
    size_t length = strlen(TOP);

    if (path == NULL || strncmp(path, TOP, length) != 0)
        return false;
    for (int i = 0; i < depth; i++, length += name_length) {
        if (strncmp(path + length, "/" NAME, name_length) != 0)
            return false;
    }
    return path[length] == '\0';
}

static void test_cwd(void)
{
    char path[levels * name_length + sizeof TOP], text[100];
    char *made = getcwd(NULL, 0);

    tap_ok(is_path(getcwd(path, sizeof path), levels), "getcwd, into a buffer that is just large enough");
    tap_ok(is_path(made, levels), "getcwd, into memory of its own");
    free(made);
    tap_ok(getcwd(path, sizeof path - 1) == NULL && errno == ERANGE, "POSIX getcwd: ERANGE");
    tap_ok(getcwd(NULL, sizeof path - 1) == NULL && errno == ERANGE, "POSIX getcwd: ERANGE, memory of its own");
    tap_ok(realpath(".", NULL) == NULL && errno == ENAMETOOLONG, "POSIX realpath: ENAMETOOLONG");
    tap_fails(readlink("/proc/self/cwd", text, sizeof text), ENAMETOOLONG, "Linux readlink: ENAMETOOLONG");
    tap_works(stat("/proc/self/cwd/.", &(struct stat){0}), "but the link leads here");
}

static void test_too_deep(void)
{
    static char path[1 << 17];
    int back = open(".", O_RDONLY | O_DIRECTORY);

    tap_is(go_down(levels, too_many), too_many, "%d levels", too_many);
    tap_ok(getcwd(path, sizeof path) == NULL && errno == ENAMETOOLONG, "Linux getcwd: ENAMETOOLONG");
    tap_ok(getcwd(NULL, 0) == NULL && errno == ENAMETOOLONG, "Linux getcwd: ENAMETOOLONG, memory of its own");
    for (int i = levels; i < too_many; i++) {
        chdir("..");
        rmdir(NAME);
    }
    fchdir(back);
    close(back);
}

static int met, deepest;
static size_t longest;
static bool wrong;

static int note(const char *path, const struct stat *status, int type, struct FTW *where)
{
    met++;
    deepest = where->level > deepest ? where->level : deepest;
    longest = strlen(path) > longest ? strlen(path) : longest;
    wrong |= !S_ISDIR(status->st_mode) || (type != FTW_D && type != FTW_DP);
    return 0;
}

/* FTW_CHDIR and FTW_DEPTH: one stands in the directory of what is met, which is empty by now. */
static int take_away(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type;
    return where->level > 0 ? rmdir(path + where->base) : 0;
}

static void test_walk(int flags, int descriptors, const char *text)
{
    met = deepest = 0;
    longest = 0;
    wrong = false;
    tap_is(nftw(TOP, note, descriptors, flags), 0, "%s", text);
    tap_ok(met == levels + 1 && deepest == levels && !wrong, "meets all");
    tap_is(longest, strlen(TOP) + levels * name_length, "and tells their paths");
}

int main(void)
{
    char here[64];

    tap_begin();
    mkdir(TOP, 0755);
    chdir(TOP);
    tap_is(go_down(0, levels), levels, "%d directories, one in the other", levels);
    test_cwd();
    test_too_deep();
    chdir("/tmp");
    test_walk(FTW_PHYS, 20, "nftw");
    test_walk(FTW_PHYS | FTW_DEPTH, 1, "nftw: FTW_DEPTH, one descriptor");
    test_walk(0, 5, "nftw: without FTW_PHYS");
    test_walk(FTW_PHYS | FTW_CHDIR, 2, "nftw: FTW_CHDIR, two descriptors");
    tap_is_text(getcwd(here, sizeof here), "/tmp", "one is back where one was");
    tap_is(nftw(TOP, take_away, 3, FTW_PHYS | FTW_DEPTH | FTW_CHDIR), 0, "nftw removes the tree");
    tap_works(rmdir(TOP), "all of it");
    return tap_end();
}
