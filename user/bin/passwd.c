/*
 * passwd.c - changes a password: passwd [-d] [USER]; -d takes it away.  Runs setuid root.
 *
 * Its sum goes to /etc/shadow, which is written anew beside the old one and then renamed, so there is always a whole
 * one.  Whoever may call this program could also have it fail half way: by a limit, a signal, a key.  So all that may
 * fail, and all questions, come first; then it becomes root altogether, out of the user's reach, with no limits and all
 * signals blocked, and waits for the lock that lets one at a time change the file.
 */
#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <shadow.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/account.h"
#include "lib/lines.h"
#include "lib/util.h"

enum { salt_letters = 16 };

static const char shadow_path[] = "/etc/shadow", new_path[] = "/etc/shadow.new", lock_path[] = "/etc/.pwd.lock";

/* "$5$" and letters by chance. */
static void make_salt(char salt[salt_letters + 4])
{
    static const char letters[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    unsigned char bytes[salt_letters];
    if (getentropy(bytes, sizeof(bytes)) < 0)
        util_err("random numbers");
    strcpy(salt, "$5$");
    for (int i = 0; i < salt_letters; i++)
        salt[3 + i] = letters[bytes[i] % 64];
    salt[3 + salt_letters] = '\0';
}

/* Asks twice.  The sum. */
static char *ask_new(void)
{
    char salt[salt_letters + 4], *typed = getpass("New password: ");
    if (!typed)
        util_err("terminal");
    char *first = util_strdup(typed);
    typed = getpass("Retype new password: ");
    if (!typed || strcmp(first, typed) != 0)
        util_errx("passwords do not match; nothing has changed");
    make_salt(salt);
    char *sum = crypt(first, salt);
    if (!sum)
        util_err("password");
    memset(first, 0, strlen(first));
    memset(typed, 0, strlen(typed));
    return util_strdup(sum);
}

static void write_entry(FILE *to, const char *name, const char *sum)
{
    fprintf(to, "%s:%s:%ld::::::\n", name, sum, (long)(time(NULL) / 86400));
}

/* Nobody but root can stop the program from now on. */
static void take_command(void)
{
    static const int resources[] = {RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_NOFILE};
    const struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY}, files = {1024, 1024};
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    if (setgid(0) < 0 || setuid(0) < 0)
        util_err("cannot become root");
    for (size_t i = 0; i < UTIL_COUNT(resources); i++) {
        if (setrlimit(resources[i], resources[i] == RLIMIT_NOFILE ? &files : &most) < 0)
            util_err("limits");
    }
    umask(077);
}

/* Waits for the others who change it; the lock ends with the program. */
static void lock_file(void)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fcntl(fd, F_SETLKW, &whole) < 0)
        util_err("%s", lock_path);
}

/* Copies the old file, the user's line replaced or a new one added.  False: it could not be read. */
static bool copy(FILE *from, FILE *to, const char *name, const char *sum)
{
    struct line line = {0};
    size_t length = strlen(name);
    bool done = false;
    while (from && line_read(from, &line)) {
        if (strncmp(line.text, name, length) != 0 || line.text[length] != ':') {
            line_write(to, &line);
        } else if (!done) {
            write_entry(to, name, sum);
            done = true;
        }
    }
    if (!done)
        write_entry(to, name, sum);
    free(line.text);
    return !from || (feof(from) && !ferror(from));
}

static void store(const char *name, const char *sum)
{
    take_command();
    lock_file();
    FILE *from = fopen(shadow_path, "r");
    if (!from && errno != ENOENT)
        util_err("%s", shadow_path);
    FILE *to = fopen(new_path, "w"); /* one that stands there is left of a machine that was turned off */
    if (!to)
        util_err("%s", new_path);
    bool good = copy(from, to, name, sum) && !ferror(to);
    if (fclose(to) != 0 || !good || rename(new_path, shadow_path) < 0) {
        util_warn("%s", shadow_path);
        unlink(new_path);
        util_errx("nothing has changed");
    }
    if (from)
        fclose(from);
}

int main(int argc, char **argv)
{
    bool take_away = false;
    util_start("passwd", "[-d] [USER]", 1);
    for (int option; (option = getopt(argc, argv, "d")) != -1;) {
        if (option == '?')
            util_usage();
        take_away = true;
    }
    if (argc - optind > 1)
        util_usage();
    struct passwd *user = optind < argc ? getpwnam(argv[optind]) : getpwuid(getuid());
    if (!user)
        util_errx("user '%s' does not exist", optind < argc ? argv[optind] : "?");
    if (getuid() != 0 && (user->pw_uid != getuid() || take_away))
        util_errx("you may not change the password of %s", user->pw_name);
    char *name = util_strdup(user->pw_name);
    if (getuid() != 0 && !account_check(user))
        util_errx("Authentication failure");
    char *sum = take_away ? util_strdup("") : ask_new();
    store(name, sum);
    free(sum);
    free(name);
    return util_finish(0);
}
