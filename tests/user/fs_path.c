/*
 * fs_path.c - finding names: components, dots, slashes, symbolic links, lengths, and every error on the way.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static struct stat status;

static void make_file(const char *path)
{
    close(open(path, O_CREAT | O_WRONLY, 0644));
}

static void set_up(void)
{
    if (mkdir("/tmp/path", 0755) < 0 || chdir("/tmp/path") < 0)
        tap_give_up("/tmp/path cannot be made");
    mkdir("dir", 0755);
    mkdir("dir/sub", 0755);
    make_file("file");
    make_file("dir/file");
    symlink("dir", "to-dir");
    symlink("file", "to-file");
    symlink("nothing", "to-nothing");
    symlink("loop-b", "loop-a");
    symlink("loop-a", "loop-b");
    symlink("/tmp/path/dir/sub/..", "absolute");
}

static void tear_down(void)
{
    static const char *const files[] = {"dir/file",   "file",   "to-dir", "to-file",
                                        "to-nothing", "loop-a", "loop-b", "absolute"};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(files[i]);
    rmdir("dir/sub");
    rmdir("dir");
    chdir("/");
    rmdir("/tmp/path");
}

static void test_components(void)
{
    tap_works(stat("dir/./sub/../file", &status), "dots on the way");
    tap_works(stat("//tmp///path//file", &status), "several slashes");
    tap_works(stat("/../../tmp/path/file", &status), "the root is its own parent");
    tap_works(stat("dir/", &status), "a slash behind a directory");
    tap_works(stat("/", &status), "the root");
    tap_works(stat(".", &status), "the working directory");
    tap_fails(stat("", &status), ENOENT, "POSIX stat: ENOENT, an empty path");
    tap_fails(stat("none", &status), ENOENT, "POSIX stat: ENOENT");
    tap_fails(stat("none/file", &status), ENOENT, "POSIX stat: ENOENT on the way");
    tap_fails(stat("file/x", &status), ENOTDIR, "POSIX stat: ENOTDIR");
    tap_fails(stat("file/", &status), ENOTDIR, "POSIX stat: ENOTDIR, a slash behind a file");
    tap_fails(stat("file/.", &status), ENOTDIR, "POSIX stat: ENOTDIR, a dot behind a file");
    tap_fails(stat("file/..", &status), ENOTDIR, "POSIX stat: ENOTDIR, dots behind a file");
}

static void test_links(void)
{
    tap_works(stat("to-dir/file", &status), "a link on the way");
    tap_works(lstat("to-file", &status), "lstat sees the link");
    tap_ok(S_ISLNK(status.st_mode), "itself");
    tap_is(status.st_size, 4, "and the length of its text");
    tap_works(stat("to-file", &status), "stat follows it");
    tap_ok(S_ISREG(status.st_mode), "to the file");
    tap_works(lstat("to-dir/", &status), "lstat follows a link with a slash behind it");
    tap_ok(S_ISDIR(status.st_mode), "to the directory");
    tap_works(stat("absolute/file", &status), "a link that begins with a slash");
    tap_fails(stat("to-file/", &status), ENOTDIR, "POSIX stat: ENOTDIR, a slash behind a link to a file");
    tap_fails(stat("to-nothing", &status), ENOENT, "POSIX stat: ENOENT, a link to nothing");
    tap_fails(stat("loop-a", &status), ELOOP, "POSIX stat: ELOOP");
    tap_fails(stat("loop-a/x", &status), ELOOP, "POSIX stat: ELOOP on the way");
    tap_works(lstat("loop-a", &status), "a loop can be looked at itself");
}

/* A chain of links, l1 -> l0, l2 -> l1 and so on. */
static void test_chain(void)
{
    char name[16], target[16] = "file";

    for (int i = 1; i <= SYMLOOP_MAX + 1; i++) {
        snprintf(name, sizeof name, "l%d", i);
        symlink(target, name);
        strcpy(target, name);
    }
    snprintf(name, sizeof name, "l%d", SYMLOOP_MAX);
    tap_works(stat(name, &status), "SYMLOOP_MAX links are followed");
    snprintf(name, sizeof name, "l%d", SYMLOOP_MAX + 1);
    tap_fails(stat(name, &status), ELOOP, "POSIX stat: ELOOP, one more");
    for (int i = 1; i <= SYMLOOP_MAX + 1; i++) {
        snprintf(name, sizeof name, "l%d", i);
        unlink(name);
    }
}

static void test_lengths(void)
{
    char name[NAME_MAX + 2], path[PATH_MAX + 8];

    memset(name, 'n', sizeof name);
    name[NAME_MAX] = '\0';
    tap_works(mkdir(name, 0755), "a name of NAME_MAX bytes");
    tap_works(stat(name, &status), "is found");
    tap_works(rmdir(name), "and removed");
    name[NAME_MAX] = 'n';
    name[NAME_MAX + 1] = '\0';
    tap_fails(stat(name, &status), ENAMETOOLONG, "POSIX stat: ENAMETOOLONG, the name");
    tap_fails(mkdir(name, 0755), ENAMETOOLONG, "POSIX mkdir: ENAMETOOLONG, the name");
    memset(path, '/', sizeof path);
    memcpy(path + PATH_MAX - 5, "file", 5);
    tap_fails(stat(path, &status), ENOENT, "a path of PATH_MAX - 1 bytes is walked");
    memcpy(path + PATH_MAX - 1, "file", 5);
    tap_fails(stat(path, &status), ENAMETOOLONG, "POSIX stat: ENAMETOOLONG, the path");
    memset(path, 'x', PATH_MAX);
    path[PATH_MAX - 1] = '\0';
    tap_works(symlink(path, "long"), "a link's text of PATH_MAX - 1 bytes");
    tap_fails(stat("long/x", &status), ENAMETOOLONG, "POSIX stat: ENAMETOOLONG, by a link");
    unlink("long");
    tap_fails(stat((const char *)0x80001000, &status), EFAULT, "a path in the kernel: EFAULT");
    tap_fails(stat((const char *)16, &status), EFAULT, "a path nowhere: EFAULT");
    tap_fails(stat("file", (struct stat *)16), EFAULT, "an answer to nowhere: EFAULT");
}

static void test_at(void)
{
    int dir = open("dir", O_RDONLY | O_DIRECTORY), file = open("file", O_RDONLY);

    tap_works(fstatat(dir, "file", &status, 0), "a name relative to a descriptor");
    tap_works(fstatat(dir, "../to-file", &status, AT_SYMLINK_NOFOLLOW), "AT_SYMLINK_NOFOLLOW");
    tap_ok(S_ISLNK(status.st_mode), "does not follow");
    tap_works(fstatat(file, "/tmp/path/file", &status, 0), "an absolute path needs no descriptor");
    tap_works(fstatat(-7, "/tmp/path/file", &status, 0), "not even a good one");
    tap_fails(fstatat(file, "x", &status, 0), ENOTDIR, "POSIX fstatat: ENOTDIR");
    tap_fails(fstatat(99, "x", &status, 0), EBADF, "POSIX fstatat: EBADF");
    tap_fails(fstatat(dir, "file", &status, 0x4000), EINVAL, "POSIX fstatat: EINVAL");
    tap_fails(fstatat(dir, "", &status, 0), ENOENT, "POSIX fstatat: ENOENT, an empty path");
    close(dir);
    close(file);
}

static void test_cwd(void)
{
    char path[PATH_MAX];

    tap_is_text(getcwd(path, sizeof path), "/tmp/path", "getcwd");
    tap_works(chdir("to-dir/sub"), "chdir through a link");
    tap_is_text(getcwd(path, sizeof path), "/tmp/path/dir/sub", "getcwd has the true path");
    tap_works(rename("/tmp/path/dir/sub", "/tmp/path/moved"), "the working directory is moved");
    tap_is_text(getcwd(path, sizeof path), "/tmp/path/moved", "getcwd follows");
    tap_works(rmdir("/tmp/path/moved"), "the working directory is removed");
    tap_fails((long)getcwd(path, sizeof path) - 1, ENOENT, "POSIX getcwd: ENOENT");
    tap_fails(open("new", O_CREAT | O_WRONLY, 0644), ENOENT, "nothing can be made in it");
    tap_fails(mkdir("new", 0755), ENOENT, "POSIX mkdir: ENOENT");
    tap_works(chdir(".."), "its parent is found still");
    tap_is_text(getcwd(path, sizeof path), "/tmp/path", "and is the new one");
    mkdir("dir/sub", 0755);
    errno = 0;
    tap_ok(getcwd(path, 5) == NULL && errno == ERANGE, "POSIX getcwd: ERANGE");
    errno = 0;
    tap_ok(getcwd(path, 0) == NULL && errno == EINVAL, "POSIX getcwd: EINVAL");
    tap_fails(chdir("file"), ENOTDIR, "POSIX chdir: ENOTDIR");
    tap_fails(chdir("none"), ENOENT, "POSIX chdir: ENOENT");
    tap_fails(fchdir(99), EBADF, "POSIX fchdir: EBADF");
    chdir("/");
    tap_is_text(getcwd(path, sizeof path), "/", "the root's path");
    chdir("/tmp/path");
}

/* Deeper than a path can be long. */
static void test_deep(void)
{
    enum { depth = 300 };
    int made = 0;

    while (made < depth && mkdir("deep", 0755) == 0 && chdir("deep") == 0)
        made++;
    tap_is(made, depth, "%d directories, one in the other", depth);
    for (int i = 0; i < depth; i++) {
        chdir("..");
        rmdir("deep");
    }
    tap_fails(stat("deep", &status), ENOENT, "and gone again");
}

int main(void)
{
    tap_begin();
    set_up();
    test_components();
    test_links();
    test_chain();
    test_lengths();
    test_at();
    test_cwd();
    test_deep();
    tear_down();
    return tap_end();
}
