/*
 * posix_spawn.c - another program in a new process.  The kernel does it all.
 */
#include "libc.h"
#include <spawn.h>

int posix_spawn(pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const envp[restrict])
{
    int saved = errno, error;
    pid_t child = __spawn(path, argv, envp, attributes, actions != NULL ? actions->__actions : NULL,
                          actions != NULL ? actions->__count : 0);

    error = child == -1 ? errno : 0;
    errno = saved;
    if (error == 0 && pid != NULL)
        *pid = child;
    return error;
}
