/*
 * libc_xsi.c - the C library's smaller parts: walks through trees, words as the shell expands them, searches in arrays
 * and lists, passwords, the log, catalogues of messages, and what the system says of itself.
 */
#define _GNU_SOURCE
#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <nl_types.h>
#include <pwd.h>
#include <search.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>
#include <wordexp.h>

#include "tap.h"

#define FOLDER "/tmp/libc_xsi"

/* What a walk met: "type:base:level " for each. */
static char met[512];

static int note(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    snprintf(met + strlen(met), sizeof met - strlen(met), "%d:%s:%d ", type, path + where->base, where->level);
    return strcmp(path + where->base, "stop") == 0 ? 7 : 0;
}

static int note_old(const char *path, const struct stat *status, int type)
{
    (void)status;
    snprintf(met + strlen(met), sizeof met - strlen(met), "%d:%s ", type, path + strlen(FOLDER));
    return 0;
}

static int note_here(const char *path, const struct stat *status, int type, struct FTW *where)
{
    struct stat here;

    (void)type;
    if (where->level > 0 && (lstat(path + where->base, &here) == -1 || here.st_ino != status->st_ino))
        return 9; /* FTW_CHDIR: the name is found from where we are */
    return 0;
}

static int walk(int flags, int descriptors)
{
    met[0] = '\0';
    return nftw(FOLDER, note, descriptors, flags);
}

static void test_walk(void)
{
    mkdir(FOLDER, 0755);
    mkdir(FOLDER "/a", 0755);
    mkdir(FOLDER "/a/b", 0755);
    close(creat(FOLDER "/a/b/file", 0644));
    symlink("nowhere", FOLDER "/a/b/link");
    tap_is(walk(FTW_PHYS, 5), 0, "nftw");
    tap_is_text(met, "1:libc_xsi:0 1:a:1 1:b:2 0:file:3 4:link:3 ", "meets directories before what is in them");
    tap_is(walk(FTW_PHYS | FTW_DEPTH, 1), 0, "FTW_DEPTH, with one descriptor");
    tap_is_text(met, "0:file:3 4:link:3 5:b:2 5:a:1 5:libc_xsi:0 ", "behind it");
    walk(0, 5);
    tap_ok(strstr(met, "6:link:3") != NULL, "without FTW_PHYS, a link to nothing is FTW_SLN");
    unlink(FOLDER "/a/b/link");
    symlink("../..", FOLDER "/a/b/link");
    tap_is(walk(0, 5), 0, "a link that makes a circle");
    tap_is_text(met, "1:libc_xsi:0 1:a:1 1:b:2 0:file:3 ", "is not followed round and round");
    tap_is(nftw(FOLDER, note_here, 5, FTW_PHYS | FTW_CHDIR), 0, "FTW_CHDIR");
    met[0] = '\0';
    tap_is(ftw(FOLDER, note_old, 1), 0, "ftw");
    tap_is_text(met, "1: 1:/a 1:/a/b 0:/a/b/file ", "meets the same");
    rename(FOLDER "/a/b/file", FOLDER "/a/b/stop");
    tap_is(walk(FTW_PHYS, 5), 7, "what the caller's function answers ends the walk");
    tap_fails(nftw("/nowhere", note, 5, 0), ENOENT, "POSIX nftw: ENOENT");
    tap_fails(ftw("", note_old, 5), ENOENT, "POSIX ftw: ENOENT");
    unlink(FOLDER "/a/b/stop");
    unlink(FOLDER "/a/b/link");
    rmdir(FOLDER "/a/b");
    rmdir(FOLDER "/a");
    rmdir(FOLDER);
}

static const char *joined(const wordexp_t *words)
{
    static char text[256];

    text[0] = '\0';
    for (size_t i = 0; i < words->we_wordc; i++) {
        strcat(text, "[");
        strcat(text, words->we_wordv[words->we_offs + i]);
        strcat(text, "]");
    }
    return text;
}

static void test_words(void)
{
    wordexp_t words;

    setenv("LIBC_XSI", "x y", 1);
    tap_is(wordexp("one 'two  three' $LIBC_XSI \"$LIBC_XSI\" $((1 + 2))", &words, 0), 0, "wordexp");
    tap_is_text(joined(&words), "[one][two  three][x][y][x y][3]", "expands as the shell does");
    tap_is(wordexp("/etc/pass*d", &words, WRDE_APPEND), 0, "WRDE_APPEND");
    tap_is_text(joined(&words), "[one][two  three][x][y][x y][3][/etc/passwd]", "adds");
    tap_is(wordexp("$(echo a b)", &words, WRDE_REUSE), 0, "WRDE_REUSE");
    tap_is_text(joined(&words), "[a][b]", "begins anew");
    wordfree(&words);
    words.we_offs = 2;
    tap_is(wordexp("z", &words, WRDE_DOOFFS), 0, "WRDE_DOOFFS");
    tap_ok(words.we_wordv[0] == NULL && words.we_wordv[1] == NULL && words.we_wordv[3] == NULL, "leaves room in front");
    wordfree(&words);
    tap_is(wordexp("", &words, 0), 0, "no words");
    tap_ok(words.we_wordc == 0 && words.we_wordv[0] == NULL, "are an empty list");
    wordfree(&words);
    tap_is(wordexp("a | b", &words, 0), WRDE_BADCHAR, "POSIX wordexp: WRDE_BADCHAR");
    tap_is(wordexp("'a | b' a\\;", &words, 0), 0, "not where it is quoted");
    wordfree(&words);
    tap_is(wordexp("`date`", &words, WRDE_NOCMD), WRDE_CMDSUB, "POSIX wordexp: WRDE_CMDSUB");
    tap_is(wordexp("\"$(date)\"", &words, WRDE_NOCMD), WRDE_CMDSUB, "POSIX wordexp: WRDE_CMDSUB, inside quotes");
    tap_is(wordexp("'unfinished", &words, 0), WRDE_SYNTAX, "POSIX wordexp: WRDE_SYNTAX");
    tap_is(wordexp("$NO_SUCH_NAME", &words, WRDE_UNDEF), WRDE_BADVAL, "POSIX wordexp: WRDE_BADVAL");
    unsetenv("LIBC_XSI");
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

struct element {
    struct element *next, *previous;
};

static void test_searches(void)
{
    int array[4] = {5, 3, 9}, key = 3, new = 8;
    struct element a, b, c;
    size_t count = 3;

    tap_ok(lfind(&key, array, &count, sizeof key, compare) == &array[1], "lfind finds");
    tap_ok(lfind(&new, array, &count, sizeof key, compare) == NULL && count == 3, "or not");
    tap_ok(lsearch(&new, array, &count, sizeof key, compare) == &array[3] && count == 4 && array[3] == 8,
           "lsearch adds");
    insque(&a, NULL);
    insque(&c, &a);
    insque(&b, &a);
    tap_ok(a.next == &b && b.next == &c && c.previous == &b && c.next == NULL && a.previous == NULL, "insque");
    remque(&b);
    tap_ok(a.next == &c && c.previous == &a, "remque");
}

static void test_users(void)
{
    char buffer[8];
    struct passwd user, *found = &user;
    struct group group, *its = &group;

    tap_is_text(crypt("Hello world!", "$5$saltstring"), "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                "crypt");
    tap_is_text(crypt("Hello world!", "$5$rounds=1000$saltstringsaltstring"),
                crypt("Hello world!", "$5$rounds=10$saltstringsaltst"), "at least 1000 rounds, 16 letters of salt");
    tap_ok(crypt("x", "ab") == NULL && errno == EINVAL, "POSIX crypt: EINVAL for a salt that is none");
    tap_is(getpwnam_r("root", &user, buffer, sizeof buffer, &found), ERANGE, "POSIX getpwnam_r: ERANGE");
    tap_ok(found == NULL, "with no answer");
    tap_is(getgrnam_r("users", &group, buffer, sizeof buffer, &its), ERANGE, "POSIX getgrnam_r: ERANGE");
    tap_ok(getpwnam("no-such-user") == NULL, "a user that is not there");
    tap_is_text(getpwuid(1000)->pw_name, "user", "getpwuid");
    tap_is_text(getgrgid(100)->gr_mem[1], "guest", "getgrgid has the members");
    tap_ok(getspnam("root") != NULL && getspnam("root")->sp_lstchg == -1, "getspnam");
    setpwent();
    tap_is_text(getpwent()->pw_name, "root", "getpwent begins at the start");
    tap_is_text(getpwent()->pw_name, "daemon", "and goes on");
    endpwent();
}

static void test_log(void)
{
    char line[512];
    int found = 0;
    FILE *file;

    openlog("libc_xsi", LOG_PID, LOG_USER);
    errno = ENOENT;
    syslog(LOG_INFO, "%d percent %% of %m", 7);
    tap_is(setlogmask(LOG_UPTO(LOG_ERR)), 0xff, "setlogmask answers the old mask");
    syslog(LOG_INFO, "not this");
    tap_is(setlogmask(0xff), LOG_UPTO(LOG_ERR), "and sets one");
    closelog();
    file = fopen("/proc/kmsg", "r");
    while (fgets(line, sizeof line, file) != NULL) {
        if (strstr(line, "libc_xsi[") != NULL) {
            found++;
            tap_ok(strstr(line, "]: 7 percent % of No such file or directory\n") != NULL,
                   "syslog's line is in the log");
        }
    }
    fclose(file);
    tap_is(found, 1, "what the mask has is not");
    tap_ok(catopen("x", 0) == (nl_catd)-1 && errno == ENOENT, "POSIX catopen: ENOENT");
    tap_is_text(catgets((nl_catd)-1, 1, 1, "own"), "own", "catgets answers the program's own text");
    tap_fails(catclose((nl_catd)-1), EBADF, "POSIX catclose: EBADF");
}

static void test_system(void)
{
    char text[64];

    tap_is(sysconf(_SC_VERSION), _POSIX_VERSION, "_SC_VERSION");
    errno = 0;
    tap_ok(sysconf(_SC_XOPEN_VERSION) == -1 && sysconf(_SC_XOPEN_UNIX) == -1 && sysconf(_SC_2_VERSION) == -1 &&
               errno == 0,
           "what is not whole is not claimed");
    tap_is(sysconf(_SC_SPAWN), _POSIX_SPAWN, "_SC_SPAWN");
    tap_is(sysconf(_SC_V7_ILP32_OFFBIG), 1, "the programming environment");
    errno = 0;
    tap_ok(sysconf(_SC_XOPEN_UUCP) == -1 && errno == 0, "an option that is not there is no error");
    tap_fails(sysconf(10000), EINVAL, "POSIX sysconf: EINVAL");
    tap_fails(sysconf(-1), EINVAL, "POSIX sysconf: EINVAL, less than all");
    tap_is(confstr(_CS_PATH, text, sizeof text), strlen(text) + 1, "confstr");
    tap_is(confstr(_CS_POSIX_V7_WIDTH_RESTRICTED_ENVS, text, 8), strlen("POSIX_V7_ILP32_OFFBIG") + 1,
           "answers the size");
    tap_is_text(text, "POSIX_V", "and cuts");
    errno = 0;
    tap_ok(confstr(10000, text, sizeof text) == 0 && errno == EINVAL, "POSIX confstr: EINVAL");
    tap_is(pathconf("/", _PC_NAME_MAX), NAME_MAX, "pathconf");
    tap_is(gethostname(text, sizeof text), 0, "gethostname");
    tap_ok(sysconf(_SC_HOST_NAME_MAX) >= _POSIX_HOST_NAME_MAX, "_SC_HOST_NAME_MAX");
    tap_fails(pathconf("/", 10000), EINVAL, "POSIX pathconf: EINVAL");
    tap_is(gethostid(), gethostid(), "gethostid");
}

static int handlers_run;

static void count_handler(void)
{
    if (++handlers_run == ATEXIT_MAX)
        _exit(3);
}

static int register_many(void *context)
{
    (void)context;
    for (int i = 0; i < ATEXIT_MAX; i++) {
        if (atexit(count_handler) != 0)
            return 1;
    }
    exit(0);
}

static void test_exit(void)
{
    tap_is(tap_child_result(register_many, NULL), 3, "ATEXIT_MAX handlers run");
}

static void test_file_limits(void)
{
    int fd = open("/tmp/libc_xsi", O_RDWR | O_CREAT, 0600);
    int bits = fpathconf(fd, _PC_FILESIZEBITS);

    tap_works(ftruncate(fd, (off_t)1 << (bits - 2)), "_PC_FILESIZEBITS: such a size there is");
    tap_fails(ftruncate(fd, ((off_t)1 << (bits - 2)) * 2 - 1), EFBIG, "and what needs a bit more there is not");
    tap_is(fpathconf(fd, _PC_SYNC_IO), 1, "_PC_SYNC_IO");
    tap_is(fpathconf(fd, _PC_REC_XFER_ALIGN), 4096, "_PC_REC_XFER_ALIGN");
    close(fd);
    unlink("/tmp/libc_xsi");
}

int main(void)
{
    tap_begin();
    test_exit();
    test_file_limits();
    test_walk();
    test_words();
    test_searches();
    test_users();
    test_log();
    test_system();
    return tap_end();
}
