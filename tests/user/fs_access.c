/*
 * fs_access.c - who may: permission bits for owner, group and others, search permission, sticky and set-group-id
 * directories, chmod and chown, access().  Real users try: the processes below give up being root first.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

enum { user = 1000, other = 1001, shared_group = 2000 };

static struct stat status;

/* What a user tries; answers 0, or the number of the step that went wrong. */
struct attempt {
    uid_t uid;
    gid_t gid;
    int (*body)(void);
};

static int as_user(void *context)
{
    const struct attempt *attempt = context;
    gid_t groups[1] = {shared_group};

    if (setgroups(attempt->uid == user, groups) < 0 || setgid(attempt->gid) < 0 || setuid(attempt->uid) < 0)
        return 99;
    return attempt->body();
}

static int tries(uid_t uid, int (*body)(void))
{
    struct attempt attempt = {uid, uid, body};

    return tap_child_result(as_user, &attempt);
}

static bool denied(int answer, int error)
{
    return answer < 0 && errno == error;
}

static int opens(const char *path, int flags)
{
    int fd = open(path, flags, 0644);

    if (fd >= 0)
        close(fd);
    return fd;
}

static void make(const char *path, uid_t uid, gid_t gid, mode_t mode)
{
    close(open(path, O_CREAT | O_WRONLY, 0600));
    chown(path, uid, gid);
    chmod(path, mode);
}

static void set_up(void)
{
    if (mkdir("/tmp/access", 0755) < 0 || chdir("/tmp/access") < 0)
        tap_give_up("/tmp/access cannot be made");
    make("mine", user, user, 0604);
    make("group", other, shared_group, 0040);
    make("program", 0, 0, 0100);
    make("plain", 0, 0, 0644);
    mkdir("closed", 0700);
    make("closed/file", 0, 0, 0666);
    mkdir("open", 0777);
    chmod("open", 0777);
    mkdir("sticky", 0777);
    chmod("sticky", 01777);
    make("sticky/others", other, other, 0666);
    mkdir("given", 0777);
    chown("given", 0, shared_group);
    chmod("given", 02777);
}

static void tear_down(void)
{
    unlink("closed/file");
    unlink("sticky/others");
    rmdir("given/dir");
    unlink("given/file");
    unlink("mine");
    unlink("group");
    unlink("program");
    unlink("plain");
    rmdir("closed");
    rmdir("open");
    rmdir("sticky");
    rmdir("given");
    chdir("/");
    tap_works(rmdir("/tmp/access"), "nothing is left");
}

static int reads_and_writes(void)
{
    if (opens("mine", O_RDWR) < 0)
        return 1;
    if (!denied(opens("plain", O_WRONLY), EACCES) || opens("plain", O_RDONLY) < 0)
        return 2; /* POSIX open: EACCES */
    if (opens("group", O_RDONLY) < 0 || !denied(opens("group", O_WRONLY), EACCES))
        return 3; /* by a supplementary group */
    if (!denied(opens("plain", O_RDONLY | O_TRUNC), EACCES))
        return 4; /* cutting is writing */
    if (!denied(truncate("plain", 0), EACCES))
        return 5; /* POSIX truncate: EACCES */
    if (!denied(opens("new", O_CREAT | O_WRONLY), EACCES))
        return 6; /* POSIX open: EACCES, the directory */
    if (!denied(opens("mine", O_CREAT | O_EXCL | O_WRONLY), EEXIST))
        return 7;
    return 0;
}

/* The owner's own bits decide, even where others have more. */
static int is_owner_without_rights(void)
{
    if (!denied(opens("group", O_RDONLY), EACCES))
        return 1;
    return opens("mine", O_RDONLY) < 0 ? 2 : 0;
}

static int searches(void)
{
    if (!denied(stat("closed/file", &status), EACCES))
        return 1; /* POSIX stat: EACCES */
    if (!denied(opens("closed/file", O_RDONLY), EACCES))
        return 2;
    if (!denied(chdir("closed"), EACCES))
        return 3; /* POSIX chdir: EACCES */
    if (!denied(opens("closed", O_RDONLY), EACCES))
        return 4;
    if (!denied(rename("mine", "closed/mine"), EACCES) || !denied(link("mine", "closed/mine"), EACCES))
        return 5; /* POSIX rename, link: EACCES */
    return stat("closed", &status) < 0 ? 6 : 0;
}

static int changes_directories(void)
{
    if (!denied(unlink("plain"), EACCES) || !denied(mkdir("dir", 0755), EACCES))
        return 1; /* POSIX unlink, mkdir: EACCES */
    if (!denied(rmdir("open"), EACCES) || !denied(symlink("x", "y"), EACCES))
        return 2; /* POSIX rmdir, symlink: EACCES */
    if (mkdir("open/dir", 0755) < 0 || rmdir("open/dir") < 0)
        return 3;
    if (!denied(mknod("open/node", S_IFCHR | 0600, 1 << 8 | 3), EPERM))
        return 4; /* POSIX mknod: EPERM */
    if (mkfifo("open/fifo", 0600) < 0 || unlink("open/fifo") < 0)
        return 5;
    return 0;
}

static int meets_sticky(void)
{
    if (!denied(unlink("sticky/others"), EPERM))
        return 1; /* POSIX unlink: EPERM in a sticky directory */
    if (!denied(rename("sticky/others", "sticky/stolen"), EPERM))
        return 2; /* POSIX rename: EPERM in a sticky directory */
    if (opens("sticky/own", O_CREAT | O_WRONLY) < 0)
        return 3;
    if (!denied(rename("sticky/own", "sticky/others"), EPERM))
        return 4; /* over somebody else's file */
    return unlink("sticky/own") < 0 ? 5 : 0;
}

static int changes_attributes(void)
{
    static const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 2}};
    static const struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};

    if (chmod("mine", 0600) < 0 || !denied(chmod("plain", 0666), EPERM))
        return 1; /* POSIX chmod: EPERM */
    if (!denied(chown("mine", other, -1), EPERM) || !denied(chown("plain", user, -1), EPERM))
        return 2; /* POSIX chown: EPERM */
    if (chown("mine", -1, shared_group) < 0 || !denied(chown("mine", -1, 77), EPERM))
        return 3; /* only to a group of one's own */
    if (chown("mine", user, user) < 0)
        return 4;
    if (!denied(utimensat(AT_FDCWD, "plain", times, 0), EPERM))
        return 5; /* POSIX utimensat: EPERM */
    if (!denied(utimensat(AT_FDCWD, "plain", now, 0), EACCES))
        return 6; /* POSIX utimensat: EACCES */
    return utimensat(AT_FDCWD, "mine", times, 0) < 0 ? 7 : 0;
}

static int loses_set_ids(void)
{
    int fd;

    if (chmod("mine", 06755) < 0 || stat("mine", &status) < 0 || (status.st_mode & 07000) != 06000)
        return 1;
    fd = open("mine", O_WRONLY);
    if (write(fd, "x", 1) != 1 || fstat(fd, &status) < 0 || (status.st_mode & 07000) != 0)
        return 2; /* a write takes the set-id bits */
    if (chown("mine", -1, shared_group) < 0 || chmod("mine", 02755) < 0 || chown("mine", user, user) < 0)
        return 3;
    fstat(fd, &status);
    if ((status.st_mode & 07000) != 0)
        return 4; /* so does chown */
    return close(fd);
}

static int makes_in_given(void)
{
    if (opens("given/file", O_CREAT | O_WRONLY) < 0 || mkdir("given/dir", 0755) < 0)
        return 1;
    stat("given/file", &status);
    if (status.st_gid != shared_group || status.st_uid != user)
        return 2;
    stat("given/dir", &status);
    return status.st_gid != shared_group || !(status.st_mode & S_ISGID) ? 3 : 0;
}

static void test_users(void)
{
    tap_is(tries(user, reads_and_writes), 0, "owner, group and others read and write as their bits say");
    tap_is(tries(other, is_owner_without_rights), 0, "an owner has the owner's bits alone");
    tap_is(tries(user, searches), 0, "search permission on the way");
    tap_is(tries(user, changes_directories), 0, "making and removing need write permission on the directory");
    tap_is(tries(user, meets_sticky), 0, "sticky directories");
    tap_is(tries(user, changes_attributes), 0, "chmod, chown and utimensat are the owner's");
    tap_is(tries(user, loses_set_ids), 0, "set-id bits go with a write and a chown");
    tap_is(tries(user, makes_in_given), 0, "a set-group-id directory gives its group");
}

/* Real user, effective root: access() asks for the real one. */
static int asks_for_the_real_user(void)
{
    if (setresuid(user, 0, 0) < 0)
        return 99;
    if (!denied(access("closed/file", F_OK), EACCES) || !denied(access("plain", W_OK), EACCES))
        return 1; /* POSIX access: EACCES */
    if (access("plain", R_OK) < 0)
        return 2;
    if (faccessat(AT_FDCWD, "plain", W_OK, AT_EACCESS) < 0)
        return 3;
    return 0;
}

static int real_user(void *unused)
{
    (void)unused;
    return asks_for_the_real_user();
}

static void test_access(void)
{
    tap_works(access("plain", F_OK), "F_OK: it is there");
    tap_works(access("plain", R_OK | W_OK), "the superuser may read and write");
    tap_fails(access("plain", X_OK), EACCES, "POSIX access: EACCES, nobody may execute it");
    tap_works(access("program", X_OK), "with one x bit the superuser may");
    tap_works(access("closed", R_OK | W_OK | X_OK), "and search every directory");
    tap_fails(access("none", F_OK), ENOENT, "POSIX access: ENOENT");
    tap_fails(access("plain", 64), EINVAL, "POSIX access: EINVAL");
    tap_fails(access("/proc/uptime", W_OK), EROFS, "POSIX access: EROFS");
    tap_is(tap_child_result(real_user, NULL), 0, "access() asks with the real ids, AT_EACCESS with the effective ones");
}

static void test_attributes(void)
{
    int fd = open("plain", O_RDONLY);

    tap_works(fchmod(fd, 0640), "fchmod");
    tap_works(fchown(fd, 7, 8), "fchown");
    fstat(fd, &status);
    tap_ok((status.st_mode & 07777) == 0640 && status.st_uid == 7 && status.st_gid == 8, "both are seen");
    tap_works(lchown("plain", 0, -1), "lchown with one to keep");
    fstat(fd, &status);
    tap_ok(status.st_uid == 0 && status.st_gid == 8, "keeps it");
    tap_fails(fchmod(99, 0), EBADF, "POSIX fchmod: EBADF");
    tap_fails(fchown(99, 0, 0), EBADF, "POSIX fchown: EBADF");
    tap_fails(chmod("none", 0), ENOENT, "POSIX chmod: ENOENT");
    tap_fails(chmod("/proc/uptime", 0), EROFS, "POSIX chmod: EROFS");
    tap_fails(chown("/proc/uptime", 0, 0), EROFS, "POSIX chown: EROFS");
    tap_fails(fchmodat(AT_FDCWD, "plain", 0, 0x4000), EINVAL, "POSIX fchmodat: EINVAL");
    fchmod(fd, 06755);
    fchown(fd, 7, 8);
    fstat(fd, &status);
    tap_is(status.st_mode & 07777, 0755, "a program that is given away loses its set-id bits");
    chown("plain", 0, 0);
    chmod("plain", 0644);
    close(fd);
}

int main(void)
{
    tap_begin();
    umask(022);
    set_up();
    test_access();
    test_attributes();
    test_users();
    tear_down();
    return tap_end();
}
