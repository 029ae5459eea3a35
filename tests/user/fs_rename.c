/*
 * fs_rename.c - rename(): over files and directories, between directories, of things in use, and every error; then
 * several processes that rename, make and remove in the same directories at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static struct stat status;

static void make(const char *path, const char *text)
{
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);

    write(fd, text, strlen(text));
    close(fd);
}

/* The bytes of a short file. */
static const char *text_of(const char *path)
{
    static char text[32];
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (fd >= 0)
        close(fd);
    text[n < 0 ? 0 : n] = '\0';
    return text;
}

static int links_of(const char *path)
{
    return lstat(path, &status) < 0 ? -1 : (int)status.st_nlink;
}

static void set_up(void)
{
    if (mkdir("/tmp/rename", 0755) < 0 || chdir("/tmp/rename") < 0)
        tap_give_up("/tmp/rename cannot be made");
    mkdir("a", 0755);
    mkdir("b", 0755);
}

static void tear_down(void)
{
    rmdir("a");
    rmdir("b");
    chdir("/");
    tap_works(rmdir("/tmp/rename"), "nothing is left");
}

static void test_files(void)
{
    int fd;
    char text[8] = "";

    make("a/one", "one");
    tap_works(rename("a/one", "a/two"), "in one directory");
    tap_fails(stat("a/one", &status), ENOENT, "the old name is gone");
    tap_is_text(text_of("a/two"), "one", "the new one has the file");
    tap_works(rename("a/two", "b/two"), "to another directory");
    tap_is_text(text_of("b/two"), "one", "it is there");
    make("a/three", "three");
    fd = open("b/two", O_RDONLY);
    tap_works(rename("a/three", "b/two"), "over a file that is open");
    tap_is_text(text_of("b/two"), "three", "has the new bytes");
    tap_is(read(fd, text, 3), 3, "who had it open");
    tap_is_text(text, "one", "has the old ones");
    fstat(fd, &status);
    tap_is(status.st_nlink, 0, "of a file without a name");
    close(fd);
    tap_works(rename("b/two", "b/two"), "onto itself: nothing happens");
    link("b/two", "b/same");
    tap_works(rename("b/two", "b/same"), "onto another name of the same file: nothing happens");
    tap_is(links_of("b/two"), 2, "both names stay");
    unlink("b/same");
    unlink("b/two");
}

static void test_directories(void)
{
    mkdir("a/dir", 0755);
    make("a/dir/file", "in dir");
    tap_works(rename("a/dir", "b/dir"), "a directory moves");
    tap_is_text(text_of("b/dir/file"), "in dir", "with what is in it");
    tap_is(links_of("a"), 2, "its old parent has a link less");
    tap_is(links_of("b"), 3, "its new one a link more");
    tap_works(stat("b/dir/..", &status), "its dots");
    ino_t up = status.st_ino;
    stat("b", &status);
    tap_is(up, status.st_ino, "are the new parent");
    mkdir("a/empty", 0755);
    tap_works(rename("b/dir", "a/empty"), "a directory over an empty one");
    tap_is(links_of("a"), 3, "links stay right");
    tap_is(links_of("b"), 2, "in both");
    mkdir("b/full", 0755);
    make("b/full/x", "");
    tap_fails(rename("a/empty", "b/full"), ENOTEMPTY, "POSIX rename: ENOTEMPTY");
    make("b/file", "");
    tap_fails(rename("a/empty", "b/file"), ENOTDIR, "POSIX rename: ENOTDIR, a directory over a file");
    tap_fails(rename("b/file", "a/empty"), EISDIR, "POSIX rename: EISDIR, a file over a directory");
    tap_works(rename("a/empty", "a/slash/"), "a slash behind a directory's new name");
    tap_fails(rename("b/file", "b/slash/"), ENOTDIR, "POSIX rename: ENOTDIR, behind a file's");
    tap_fails(rename("b/file/", "b/other"), ENOTDIR, "POSIX rename: ENOTDIR, behind its old one");
    unlink("b/file");
    unlink("b/full/x");
    rmdir("b/full");
    unlink("a/slash/file");
    rmdir("a/slash");
}

static void test_errors(void)
{
    mkdir("a/in", 0755);
    make("file", "");
    tap_fails(rename("a", "a/in/a"), EINVAL, "POSIX rename: EINVAL, into itself");
    tap_fails(rename("a", "a/a"), EINVAL, "POSIX rename: EINVAL, into itself at once");
    tap_fails(rename("a/in", "a"), ENOTEMPTY, "POSIX rename: ENOTEMPTY, over its parent");
    tap_fails(rename("a/.", "c"), EINVAL, "POSIX rename: EINVAL, a dot");
    tap_fails(rename("b", "a/.."), EINVAL, "POSIX rename: EINVAL, dots");
    tap_fails(rename("none", "c"), ENOENT, "POSIX rename: ENOENT");
    tap_fails(rename("file", "none/c"), ENOENT, "POSIX rename: ENOENT, the new one");
    tap_fails(rename("", "c"), ENOENT, "POSIX rename: ENOENT, an empty path");
    tap_fails(rename("file/x", "c"), ENOTDIR, "POSIX rename: ENOTDIR");
    tap_fails(rename("file", "/proc/c"), EXDEV, "POSIX rename: EXDEV");
    tap_fails(rename("/proc", "c"), EBUSY, "POSIX rename: EBUSY, another file system's root");
    tap_fails(rename("/", "c"), EBUSY, "POSIX rename: EBUSY, the root");
    symlink("file", "link");
    tap_works(rename("link", "b/link"), "a link moves itself");
    tap_ok(lstat("b/link", &status) == 0 && S_ISLNK(status.st_mode), "and stays a link");
    unlink("b/link");
    unlink("file");
    rmdir("a/in");
}

/* One of several that work in the same two directories; `seed` makes them differ. */
static int works(void *seed)
{
    char from[32], to[32];

    srand(*(int *)seed);
    for (int i = 0; i < 400; i++) {
        snprintf(from, sizeof from, "%c/%d", "ab"[rand() % 2], rand() % 6);
        snprintf(to, sizeof to, "%c/%d", "ab"[rand() % 2], rand() % 6);
        switch (rand() % 4) {
        case 0:
            mkdir(from, 0755);
            break;
        case 1:
            rmdir(from);
            break;
        case 2:
            close(open(from, O_CREAT | O_WRONLY, 0644));
            break;
        default:
            rename(from, to);
            break;
        }
    }
    return 0;
}

static void test_together(void)
{
    enum { workers = 4 };
    pid_t pids[workers];
    int good = 0, seeds[workers];
    char path[32];

    for (int i = 0; i < workers; i++) {
        seeds[i] = i + 1;
        pids[i] = tap_start(works, &seeds[i]);
    }
    for (int i = 0; i < workers; i++)
        good += tap_wait(pids[i]) == 0;
    tap_is(good, workers, "%d processes change the same directories at once (seeds 1 to %d)", workers, workers);
    for (int i = 0; i < 12; i++) {
        snprintf(path, sizeof path, "%c/%d", "ab"[i % 2], i / 2);
        if (unlink(path) < 0)
            rmdir(path);
    }
    tap_is(links_of("a"), 2, "the link counts are right afterwards");
    tap_is(links_of("b"), 2, "in both");
}

int main(void)
{
    tap_begin();
    set_up();
    test_files();
    test_directories();
    test_errors();
    test_together();
    tear_down();
    return tap_end();
}
