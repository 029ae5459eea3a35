/*
 * sys/utsname.h - the names of the system.
 */
#pragma once

#include <sys/cdefs.h>

#define _UTSNAME_LENGTH 65
#define _UTSNAME_NODENAME_LENGTH 256

struct utsname {
    char sysname[_UTSNAME_LENGTH], nodename[_UTSNAME_NODENAME_LENGTH], release[_UTSNAME_LENGTH];
    char version[_UTSNAME_LENGTH], machine[_UTSNAME_LENGTH];
};

__BEGIN_DECLS
int uname(struct utsname *__name);
__END_DECLS
