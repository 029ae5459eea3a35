/*
 * posix_spawnp.c - posix_spawn() of a program found along PATH.
 *
 * The caller looks for it, before the new process acts on its descriptors: a relative directory in PATH is meant from
 * where the caller is.
 */
#include "libc.h"
#include "path_search.h"
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Is it a file that can be run?  Then note its path. */
static int find(const char *path, void *found)
{
    struct stat status;

    if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == -1 || stat(path, &status) == -1)
        return -1;
    if (!S_ISREG(status.st_mode)) {
        errno = EACCES;
        return -1;
    }
    strlcpy(found, path, PATH_MAX);
    return 0;
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *restrict attributes, char *const argv[restrict], char *const envp[restrict])
{
    char path[PATH_MAX];
    int saved = errno, error = 0;

    if (strchr(file, '/') != NULL)
        return posix_spawn(pid, file, actions, attributes, argv, envp);
    if (__path_search(file, find, path) == -1)
        error = errno;
    errno = saved;
    return error != 0 ? error : posix_spawn(pid, path, actions, attributes, argv, envp);
}
