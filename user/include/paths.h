/*
 * paths.h - where things are.
 */
#pragma once

#define _PATH_BSHELL "/bin/sh"
#define _PATH_CONSOLE "/dev/console"
#define _PATH_DEFPATH "/bin:/sbin"
#define _PATH_DEV "/dev/"
#define _PATH_DEVNULL "/dev/null"
#define _PATH_DEVZERO "/dev/zero"
#define _PATH_GROUP "/etc/group"
#define _PATH_PASSWD "/etc/passwd"
#define _PATH_STDPATH "/bin:/sbin"
#define _PATH_TMP "/tmp/"
#define _PATH_TTY "/dev/tty"
#define _PATH_UTMPX "/run/utmp"
