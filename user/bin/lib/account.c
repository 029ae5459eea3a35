/*
 * account.c - turning into another user: the password, the ids, the environment, the shell.
 *
 * A password stands in /etc/shadow as crypt() answers it.  Where that field is empty none is asked for; what is no
 * crypt() sum, such as "*", matches nothing.
 */
#include "account.h"

#include <crypt.h>
#include <errno.h>
#include <grp.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

extern char **environ;

/* The field of /etc/passwd, or of /etc/shadow where that is "x". */
static const char *password_of(const struct passwd *user)
{
    if (strcmp(user->pw_passwd, "x") != 0)
        return user->pw_passwd;
    struct spwd *shadow = getspnam(user->pw_name);
    return shadow ? shadow->sp_pwdp : "*";
}

bool account_has_password(const struct passwd *user)
{
    return *password_of(user) != '\0';
}

/* Asks for the user's password, where there is one; whether it was right. */
bool account_check(const struct passwd *user)
{
    char *wanted = util_strdup(password_of(user));
    bool right = *wanted == '\0';
    if (!right) {
        char *typed = getpass("Password: ");
        char *sum = typed ? crypt(typed, wanted) : NULL;
        right = sum && strcmp(sum, wanted) == 0;
        if (typed)
            memset(typed, 0, strlen(typed));
    }
    free(wanted);
    return right;
}

/* Takes all the user's ids; ends the program where it may not. */
void account_become(const struct passwd *user)
{
    if (initgroups(user->pw_name, user->pw_gid) < 0 || setgid(user->pw_gid) < 0 || setuid(user->pw_uid) < 0)
        util_err("cannot become %s", user->pw_name);
}

static void set(const char *name, const char *value)
{
    if (setenv(name, value, 1) < 0)
        util_err("environment");
}

/* What a shell of the user finds in its environment; `fresh`: nothing else but TERM and TZ. */
void account_environment(const struct passwd *user, bool fresh)
{
    static char *nothing[] = {NULL};
    static const char *const kept[] = {"TERM", "TZ"};
    const char *values[UTIL_COUNT(kept)];
    for (size_t i = 0; i < UTIL_COUNT(kept); i++)
        values[i] = getenv(kept[i]);
    if (fresh) {
        environ = nothing;
        for (size_t i = 0; i < UTIL_COUNT(kept); i++) {
            if (values[i])
                set(kept[i], values[i]);
        }
        set("PATH", user->pw_uid == 0 ? "/bin:/sbin:/usr/bin:/tests" : "/bin:/usr/bin:/tests");
    }
    set("HOME", user->pw_dir);
    set("SHELL", *user->pw_shell ? user->pw_shell : "/bin/sh");
    if (fresh || user->pw_uid != 0) {
        set("USER", user->pw_name);
        set("LOGNAME", user->pw_name);
    }
}

/* Runs the user's shell, or the one given, with the arguments behind its name. */
void account_shell(const struct passwd *user, const char *shell, bool login, char **arguments)
{
    size_t count = 0;
    if (!shell)
        shell = *user->pw_shell ? user->pw_shell : "/bin/sh";
    while (arguments[count])
        count++;
    char **argv = util_alloc((count + 2) * sizeof(*argv)), *name = util_alloc(strlen(shell) + 2);
    sprintf(name, "%s%s", login ? "-" : "", util_basename(shell));
    argv[0] = name;
    memcpy(argv + 1, arguments, (count + 1) * sizeof(*argv));
    execv(shell, argv);
    int why = errno;
    util_warn("%s", shell);
    _exit(why == ENOENT ? 127 : 126);
}
