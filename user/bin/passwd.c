/*
 * passwd.c - changes a password: passwd [-d] [USER]; -d takes it away.  Its sum goes to /etc/shadow, which is written
 * anew beside the old one and then renamed, so that there is always a whole one.  Runs setuid root.
 */
#include <crypt.h>
#include <fcntl.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/account.h"
#include "lib/lines.h"
#include "lib/util.h"

enum { salt_letters = 16 };

static const char shadow_path[] = "/etc/shadow", new_path[] = "/etc/shadow.new";

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

/* Copies the old file, the user's line replaced or a new one added. */
static void copy(FILE *to, const char *name, const char *sum)
{
    struct line line = {0};
    size_t length = strlen(name);
    bool done = false;
    FILE *from = fopen(shadow_path, "r");
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
    if (from)
        fclose(from);
    free(line.text);
}

static void store(const char *name, const char *sum)
{
    int fd = open(new_path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
    if (!to)
        util_err("%s", new_path);
    copy(to, name, sum);
    if (fclose(to) != 0 || rename(new_path, shadow_path) < 0) {
        util_warn("%s", shadow_path);
        unlink(new_path);
        util_errx("nothing has changed");
    }
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
    store(name, take_away ? "" : ask_new());
    free(name);
    return util_finish(0);
}
