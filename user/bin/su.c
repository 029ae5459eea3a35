/*
 * su.c - a shell as another user: su [-] [-p] [-c COMMAND] [-s SHELL] [USER [ARGUMENT]...], USER being root where none
 * is said.
 *
 * "-" or -l makes it a login shell: a new environment, in the user's home.  -p keeps the environment as it is.  It runs
 * setuid root; whoever is root already is not asked for a password, and only root chooses the shell.
 */
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "lib/account.h"
#include "lib/names.h"
#include "lib/util.h"

struct wish {
    bool login, keep;
    char *command, *shell;
    const char *name;
};

/* The user, where the caller may become him.  Who may not ends here, after a while: passwords are not to be guessed. */
static struct passwd *permitted_user(const char *name)
{
    char *asking = util_strdup(names_user(getuid()));
    struct passwd *user = getpwnam(name);
    if (!user)
        util_errx("user %s does not exist", name);
    bool right = getuid() == 0 || account_check(user);
    openlog("su", LOG_PID, LOG_AUTH);
    syslog(right ? LOG_NOTICE : LOG_WARNING, "%s by %s to %s", right ? "session" : "FAILED", asking, name);
    closelog();
    free(asking);
    if (right)
        return user;
    sleep(1);
    util_errx("Authentication failure");
}

static char **shell_arguments(const struct wish *wish, char **rest)
{
    size_t count = 0, at = 0;
    while (rest[count])
        count++;
    char **arguments = util_alloc((count + 3) * sizeof(*arguments));
    if (wish->command) {
        arguments[at++] = "-c";
        arguments[at++] = wish->command;
    }
    memcpy(arguments + at, rest, (count + 1) * sizeof(*rest));
    return arguments;
}

static struct wish parse(int argc, char **argv)
{
    struct wish wish = {.name = "root"};
    for (int option; (option = getopt(argc, argv, "+lmpc:s:")) != -1;) {
        if (option == '?')
            util_usage();
        wish.login |= option == 'l';
        wish.keep |= option == 'm' || option == 'p';
        if (option == 'c')
            wish.command = optarg;
        if (option == 's')
            wish.shell = optarg;
    }
    if (optind < argc && strcmp(argv[optind], "-") == 0) {
        wish.login = true;
        optind++;
    }
    if (optind < argc)
        wish.name = argv[optind++];
    return wish;
}

int main(int argc, char **argv)
{
    util_start("su", "[-] [-lp] [-c COMMAND] [-s SHELL] [USER [ARGUMENT]...]", 1);
    struct wish wish = parse(argc, argv);
    if (geteuid() != 0)
        util_errx("must be setuid root");
    if (wish.shell && getuid() != 0)
        util_errx("only root chooses the shell");
    struct passwd *user = permitted_user(wish.name);
    account_become(user);
    if (!wish.keep)
        account_environment(user, wish.login);
    if (wish.login && chdir(user->pw_dir) < 0)
        util_warn("cannot change directory to %s", user->pw_dir);
    account_shell(user, wish.shell, wish.login, shell_arguments(&wish, argv + optind));
}
