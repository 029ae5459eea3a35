/*
 * fs_names.c - making and removing names: mkdir, mknod, link, symlink, readlink, unlink, rmdir.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static struct stat status;

static int links_of(const char *path)
{
    return lstat(path, &status) < 0 ? -1 : (int)status.st_nlink;
}

static void set_up(void)
{
    if (mkdir("/tmp/names", 0755) < 0 || chdir("/tmp/names") < 0)
        tap_give_up("/tmp/names cannot be made");
    close(open("file", O_CREAT | O_WRONLY, 0644));
    mkdir("dir", 0755);
    symlink("dir", "to-dir");
    symlink("none", "to-none");
}

static void tear_down(void)
{
    unlink("file");
    unlink("to-dir");
    unlink("to-none");
    rmdir("dir");
    chdir("/");
    tap_works(rmdir("/tmp/names"), "nothing is left");
}

static void test_mkdir(void)
{
    mode_t mask = umask(022);

    tap_works(mkdir("dir/new", 0777), "mkdir");
    tap_is(links_of("dir/new"), 2, "a directory has two links");
    tap_is(status.st_mode & 07777, 0755, "and the mode less the umask");
    tap_is(links_of("dir"), 3, "and its parent one more");
    tap_works(mkdir("dir/slash/", 0755), "a slash may stand behind a new directory's name");
    tap_works(rmdir("dir/slash/"), "and behind one that goes");
    tap_fails(mkdir("dir", 0755), EEXIST, "POSIX mkdir: EEXIST");
    tap_fails(mkdir("file", 0755), EEXIST, "POSIX mkdir: EEXIST, a file");
    tap_fails(mkdir("to-none", 0755), EEXIST, "POSIX mkdir: EEXIST, a link to nothing");
    tap_fails(mkdir(".", 0755), EEXIST, "POSIX mkdir: EEXIST, a dot");
    tap_fails(mkdir("..", 0755), EEXIST, "POSIX mkdir: EEXIST, dots");
    tap_fails(mkdir("/", 0755), EEXIST, "POSIX mkdir: EEXIST, the root");
    tap_fails(mkdir("none/new", 0755), ENOENT, "POSIX mkdir: ENOENT");
    tap_fails(mkdir("file/new", 0755), ENOTDIR, "POSIX mkdir: ENOTDIR");
    tap_fails(mkdir("", 0755), ENOENT, "POSIX mkdir: ENOENT, an empty path");
    tap_fails(mkdir("/proc/new", 0755), EROFS, "POSIX mkdir: EROFS");
    umask(mask);
}

static void test_rmdir(void)
{
    tap_fails(rmdir("dir"), ENOTEMPTY, "POSIX rmdir: ENOTEMPTY");
    tap_works(rmdir("dir/new"), "rmdir");
    tap_is(links_of("dir"), 2, "the parent has one link less");
    tap_fails(rmdir("dir/new"), ENOENT, "POSIX rmdir: ENOENT");
    tap_fails(rmdir("file"), ENOTDIR, "POSIX rmdir: ENOTDIR");
    tap_fails(rmdir("to-dir"), ENOTDIR, "POSIX rmdir: ENOTDIR, a link");
    tap_fails(rmdir("dir/."), EINVAL, "POSIX rmdir: EINVAL, a dot");
    tap_fails(rmdir("dir/.."), ENOTEMPTY, "POSIX rmdir: ENOTEMPTY, dots");
    tap_fails(rmdir("/"), EBUSY, "POSIX rmdir: EBUSY, the root");
    tap_fails(rmdir("/proc"), EBUSY, "POSIX rmdir: EBUSY, another file system");
}

static void test_unlink(void)
{
    char text[8] = "";
    int fd = open("gone", O_CREAT | O_RDWR, 0644);

    write(fd, "still", 5);
    tap_works(unlink("gone"), "an open file loses its name");
    tap_fails(stat("gone", &status), ENOENT, "so nobody finds it");
    tap_is(pread(fd, text, 5, 0), 5, "but it is there");
    tap_is_text(text, "still", "with its bytes");
    fstat(fd, &status);
    tap_is(status.st_nlink, 0, "and no link");
    tap_fails(linkat(fd, "", AT_FDCWD, "again", 0), ENOENT, "and it gets none");
    close(fd);
    tap_fails(unlink("none"), ENOENT, "POSIX unlink: ENOENT");
    tap_fails(unlink("file/x"), ENOTDIR, "POSIX unlink: ENOTDIR");
    tap_fails(unlink("file/"), ENOTDIR, "POSIX unlink: ENOTDIR, a slash");
    tap_fails(unlink("dir"), EPERM, "POSIX unlink: EPERM, a directory");
    tap_fails(unlink("."), EPERM, "POSIX unlink: EPERM, a dot");
    tap_fails(unlinkat(AT_FDCWD, "file", 0x4000), EINVAL, "POSIX unlinkat: EINVAL");
    tap_fails(unlinkat(AT_FDCWD, "file", AT_REMOVEDIR), ENOTDIR, "POSIX unlinkat: ENOTDIR");
    tap_fails(unlink("/proc/uptime"), EROFS, "POSIX unlink: EROFS");
}

static void test_link(void)
{
    tap_works(link("file", "second"), "link");
    tap_is(links_of("file"), 2, "two names");
    tap_is(links_of("second"), 2, "of one file");
    tap_works(unlink("file"), "one goes");
    tap_works(link("second", "file"), "and comes back");
    unlink("second");
    tap_fails(link("none", "second"), ENOENT, "POSIX link: ENOENT");
    tap_fails(link("file", "dir"), EEXIST, "POSIX link: EEXIST");
    tap_fails(link("dir", "second"), EPERM, "POSIX link: EPERM, a directory");
    tap_fails(link("/proc/uptime", "second"), EXDEV, "POSIX link: EXDEV");
    tap_fails(link("file", "none/second"), ENOENT, "POSIX link: ENOENT, the new one");
    tap_fails(link("file", "file/second"), ENOTDIR, "POSIX link: ENOTDIR");
    tap_fails(linkat(AT_FDCWD, "file", AT_FDCWD, "second", 0x4000), EINVAL, "POSIX linkat: EINVAL");
    tap_works(link("to-none", "second"), "link does not follow a link");
    tap_works(lstat("second", &status), "which is linked");
    tap_ok(S_ISLNK(status.st_mode), "itself");
    unlink("second");
    tap_fails(linkat(AT_FDCWD, "to-none", AT_FDCWD, "second", AT_SYMLINK_FOLLOW), ENOENT, "AT_SYMLINK_FOLLOW does");
}

static void test_symlink(void)
{
    char text[16];
    ssize_t n;

    tap_works(symlink("any/text", "link"), "symlink");
    tap_is(n = readlink("link", text, sizeof text), 8, "readlink answers the length");
    tap_ok(memcmp(text, "any/text", 8) == 0, "and the text");
    tap_is(readlink("link", text, 3), 3, "cut to the buffer");
    tap_fails(readlink("file", text, sizeof text), EINVAL, "POSIX readlink: EINVAL");
    tap_fails(readlink("none", text, sizeof text), ENOENT, "POSIX readlink: ENOENT");
    tap_fails(readlink("link", (char *)16, 8), EFAULT, "a buffer nowhere: EFAULT");
    tap_fails(symlink("x", "link"), EEXIST, "POSIX symlink: EEXIST");
    tap_fails(symlink("", "empty"), ENOENT, "Linux symlink: ENOENT, an empty text");
    tap_fails(symlink("x", "none/x"), ENOENT, "POSIX symlink: ENOENT");
    tap_fails(symlink("x", "/proc/x"), EROFS, "POSIX symlink: EROFS");
    unlink("link");
}

static void test_mknod(void)
{
    tap_works(mkfifo("fifo", 0644), "mkfifo");
    lstat("fifo", &status);
    tap_ok(S_ISFIFO(status.st_mode), "makes a FIFO");
    tap_fails(mkfifo("fifo", 0644), EEXIST, "POSIX mkfifo: EEXIST");
    unlink("fifo");
    tap_works(mknod("null", S_IFCHR | 0600, 1 << 8 | 3), "mknod makes a device");
    lstat("null", &status);
    tap_ok(S_ISCHR(status.st_mode) && status.st_rdev == (1 << 8 | 3), "with its number");
    unlink("null");
    tap_works(mknod("strange", S_IFCHR | 0600, 31 << 8), "also one that nobody drives");
    tap_fails(open("strange", O_RDWR), ENXIO, "POSIX open: ENXIO");
    unlink("strange");
    tap_works(mknod("plain", S_IFREG | 0600, 0), "and a file");
    unlink("plain");
    tap_fails(mknod("what", S_IFDIR | 0600, 0), EINVAL, "POSIX mknod: EINVAL, a directory");
    tap_works(mknod("socket", S_IFSOCK | 0600, 0), "a socket's name");
    tap_fails(open("socket", O_RDWR), ENXIO, "POSIX open: ENXIO, a socket");
    unlink("socket");
}

int main(void)
{
    tap_begin();
    set_up();
    test_mkdir();
    test_rmdir();
    test_unlink();
    test_link();
    test_symlink();
    test_mknod();
    tear_down();
    return tap_end();
}
