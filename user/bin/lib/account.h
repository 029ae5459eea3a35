/*
 * account.h - turning into another user, for su and login.
 */
#pragma once

#include <pwd.h>
#include <stdbool.h>

bool account_has_password(const struct passwd *user);
bool account_check(const struct passwd *user);
void account_become(const struct passwd *user);
void account_environment(const struct passwd *user, bool fresh);
_Noreturn void account_shell(const struct passwd *user, const char *shell, bool login, char **arguments);
