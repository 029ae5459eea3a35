/*
 * login.c - begins a session on a terminal: asks who one is, and for the password where there is one, and becomes that
 * user's login shell.  -f USER trusts the caller.  For root alone: init starts it, on a terminal of its own.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <utmpx.h>

#include "lib/account.h"
#include "lib/lines.h"
#include "lib/login_record.h"
#include "lib/util.h"

enum { tries_max = 3 };

/* Asks for a name; false at the end of the input. */
static bool ask(struct line *line)
{
    char host[65] = "";
    gethostname(host, sizeof(host));
    do {
        printf("%s login: ", host);
        fflush(stdout);
        if (!line_read(stdin, line))
            return false;
    } while (line->length == 0);
    return true;
}

/* Of an unknown user a password is asked for all the same: who is not known is not told. */
static bool may_enter(const char *name)
{
    static struct passwd nobody = {.pw_name = "", .pw_passwd = "*"};
    struct passwd *user = getpwnam(name);
    bool right = account_check(user ? user : &nobody) && user;
    syslog(right ? LOG_NOTICE : LOG_WARNING, "%s for %s", right ? "session" : "FAILED", name);
    return right;
}

static _Noreturn void begin(const char *name)
{
    static char *nothing[] = {NULL};
    struct passwd *user = getpwnam(name);
    if (!user)
        util_errx("%s: no such user", name);
    if (isatty(0) && (fchown(0, user->pw_uid, user->pw_gid) < 0 || fchmod(0, 0620) < 0))
        util_warn("terminal");
    login_record_write(USER_PROCESS, name, getpid());
    account_become(user);
    account_environment(user, true);
    if (chdir(user->pw_dir) < 0) {
        util_warn("%s", user->pw_dir);
        chdir("/");
    }
    account_shell(user, NULL, true, nothing);
}

int main(int argc, char **argv)
{
    const char *trusted = NULL;
    struct line line = {0};
    util_start("login", "[-f USER | USER]", 1);
    for (int option; (option = getopt(argc, argv, "f:")) != -1;) {
        if (option == '?')
            util_usage();
        trusted = optarg;
    }
    if (argc - optind > 1)
        util_usage();
    if (geteuid() != 0)
        util_errx("only root may log others in");
    openlog("login", LOG_PID, LOG_AUTH);
    login_record_write(LOGIN_PROCESS, "LOGIN", getpid());
    if (trusted)
        begin(trusted);
    for (int i = 0; i < tries_max; i++) {
        const char *name = i == 0 && optind < argc ? argv[optind] : ask(&line) ? line.text : NULL;
        if (!name)
            break;
        if (may_enter(name))
            begin(name);
        puts("Login incorrect");
        sleep(1);
    }
    return 1;
}
