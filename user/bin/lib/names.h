/*
 * names.h - users and groups by name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

const char *names_user(uid_t uid);
const char *names_group(gid_t gid);
bool names_find_user(const char *text, uid_t *uid);
bool names_find_group(const char *text, gid_t *gid);
