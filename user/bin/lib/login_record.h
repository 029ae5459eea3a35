/*
 * login_record.h - the record of who is logged in on this terminal.
 */
#pragma once

#include <sys/types.h>

void login_record_write(short type, const char *user, pid_t pid);
