/*
 * fs_unnamed.c - O_TMPFILE: files without a name, and giving them one.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static const char path[] = "/tmp/fs_unnamed";

static int links_of(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 ? (int)status.st_nlink : -1;
}

static int links_anothers(void *fd)
{
    setuid(1000);
    return linkat(*(int *)fd, "", AT_FDCWD, path, AT_EMPTY_PATH) == -1 && errno == ENOENT ? 0 : 1;
}

static int makes_in_root(void *unused)
{
    (void)unused;
    setuid(1000);
    return open("/", O_RDWR | O_TMPFILE, 0600) == -1 && errno == EACCES ? 0 : 1;
}

static void test_naming(void)
{
    int fd = open("/tmp", O_RDWR | O_TMPFILE, 0640);
    char back[4] = "";

    tap_is(links_of(fd), 0, "a file without a name");
    tap_is(write(fd, "abc", 4), 4, "takes bytes");
    tap_is(tap_child_result(links_anothers, &fd), 0, "Linux linkat: ENOENT, it is another user's");
    tap_works(linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH), "it is given a name");
    tap_is(links_of(fd), 1, "and has one link");
    tap_fails(linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH), EEXIST, "POSIX linkat: EEXIST");
    close(fd);
    fd = open(path, O_RDONLY);
    tap_is(read(fd, back, 4), 4, "by that name it is opened and read");
    tap_is_text(back, "abc", "with what was written");
    unlink(path);
    tap_is(links_of(fd), 0, "and loses it again");
    close(fd);
}

static void test_errors(void)
{
    int fd = open(path, O_RDWR | O_CREAT, 0600);

    unlink(path);
    tap_fails(linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH), ENOENT, "a file that was removed gets no name again");
    close(fd);
    int no_name = open("/tmp", O_RDWR | O_TMPFILE | O_EXCL, 0600);
    tap_fails(linkat(no_name, "", AT_FDCWD, "/tmp/unnamed", AT_EMPTY_PATH), ENOENT, "Linux open: O_EXCL, no name ever");
    close(no_name);
    tap_fails(open("/tmp", O_RDONLY | O_TMPFILE, 0600), EINVAL, "Linux open: EINVAL, O_TMPFILE not for writing");
    tap_fails(open("/bin/true", O_RDWR | O_TMPFILE, 0600), ENOTDIR, "POSIX open: ENOTDIR");
    tap_fails(open("/proc", O_RDWR | O_TMPFILE, 0600), EOPNOTSUPP, "Linux open: EOPNOTSUPP");
    tap_is(tap_child_result(makes_in_root, NULL), 0, "POSIX open: EACCES");
}

int main(void)
{
    tap_begin();
    test_naming();
    test_errors();
    return tap_end();
}
