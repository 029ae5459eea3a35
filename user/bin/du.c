/*
 * du.c - how much room files take, in KiB: -a each file, -s sums alone, -d DEPTH, -c a total, -h sizes for people,
 * -k (as always).  A file with several links counts once.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "lib/walk.h"

struct seen {
    ino_t inode;
    dev_t device;
};

static bool each_file, human;
static int depth_shown = INT_MAX;
static unsigned long long *sums, total; /* blocks below the directory at that depth, so far */
static size_t sums_room;

static bool seen_before(const struct stat *status)
{
    static struct seen *seen;
    static size_t count, room;
    if (status->st_nlink < 2 || S_ISDIR(status->st_mode))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (seen[i].inode == status->st_ino && seen[i].device == status->st_dev)
            return true;
    }
    seen = util_grow(seen, count, &room, sizeof(*seen));
    seen[count++] = (struct seen){status->st_ino, status->st_dev};
    return false;
}

static void print(unsigned long long blocks, const char *path)
{
    char text[32];
    if (human)
        util_human(blocks * 512, text, sizeof(text));
    else
        snprintf(text, sizeof(text), "%llu", (blocks + 1) / 2);
    printf("%s\t%s\n", text, path);
}

static bool visit(struct walk *walk, enum walk_when when, const char *path, const struct stat *status)
{
    int depth = walk->depth;
    if (when == walk_error) {
        util_warn(status ? "cannot read directory '%s'" : "cannot access '%s'", path);
        walk->failed = true;
        return false;
    }
    if (when == walk_enter && seen_before(status))
        return false;
    sums = util_grow(sums, depth + 1, &sums_room, sizeof(*sums));
    if (depth == 0)
        sums[0] = 0;
    if (when == walk_enter && S_ISDIR(status->st_mode)) {
        sums[depth + 1] = 0;
        return true;
    }
    unsigned long long blocks = status->st_blocks + (when == walk_leave ? sums[depth + 1] : 0);
    sums[depth] += blocks;
    total += depth == 0 ? blocks : 0;
    if (depth == 0 || (depth <= depth_shown && (when == walk_leave || each_file)))
        print(blocks, path);
    return false;
}

int main(int argc, char **argv)
{
    static char *here[] = {".", NULL};
    struct walk walk = {.visit = visit, .follow_first = true};
    bool with_total = false;
    util_start("du", "[-achks] [-d DEPTH] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "achksd:")) != -1;) {
        if (option == '?')
            util_usage();
        each_file |= option == 'a';
        with_total |= option == 'c';
        human |= option == 'h';
        if (option == 's')
            depth_shown = 0;
        if (option == 'd')
            depth_shown = util_number(optarg, 0, INT_MAX, "maximum depth");
    }
    for (char **path = optind < argc ? argv + optind : here; *path; path++)
        walk_tree(&walk, *path);
    if (with_total)
        print(total, "total");
    return util_finish(walk.failed ? 1 : 0);
}
