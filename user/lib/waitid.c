/*
 * waitid.c - waiting for a child's change of state, told as a siginfo.
 */
#include "libc.h"
#include <sys/wait.h>

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    return __waitid(type, id, info, options, NULL);
}
