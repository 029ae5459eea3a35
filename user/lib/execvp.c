/*
 * execvp.c - another program, found along PATH.
 *
 * A file that the kernel does not know how to run (ENOEXEC) is taken for a shell script.
 */
#include "libc.h"
#include <limits.h>
#include <paths.h>
#include <string.h>
#include <unistd.h>

static size_t count(char *const argv[])
{
    size_t n = 0;

    while (argv[n] != NULL)
        n++;
    return n;
}

/* Answers only when it failed.  No malloc: the caller may be a child of vfork. */
static int run(const char *path, char *const argv[], char *const envp[])
{
    size_t n = count(argv);
    const char *shell[n + 3];

    execve(path, argv, envp);
    if (errno != ENOEXEC)
        return -1;
    shell[0] = n > 0 ? argv[0] : path;
    shell[1] = path;
    for (size_t i = 1; i <= n; i++)
        shell[i + 1] = argv[i];
    if (n == 0)
        shell[2] = NULL;
    return execve(_PATH_BSHELL, (char *const *)shell, envp);
}

/* Tries `file` in the directory of PATH that begins at `dir`, `length` bytes long; an empty one is the current. */
static int run_in(const char *dir, size_t length, const char *file, char *const argv[], char *const envp[])
{
    char path[PATH_MAX];
    size_t file_length = strlen(file);

    if (length + 1 + file_length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(path, dir, length);
    if (length > 0)
        path[length++] = '/';
    memcpy(path + length, file, file_length + 1);
    return run(path, argv, envp);
}

static int is_search_error(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENAMETOOLONG;
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
    const char *dir = getenv("PATH");
    int denied = 0;

    if (*file == '\0') {
        errno = ENOENT; /* POSIX exec: ENOENT */
        return -1;
    }
    if (strchr(file, '/') != NULL)
        return run(file, argv, envp);
    if (dir == NULL)
        dir = _PATH_DEFPATH;
    for (;;) {
        size_t length = strcspn(dir, ":");

        run_in(dir, length, file, argv, envp);
        if (!is_search_error(errno))
            return -1;
        denied |= errno == EACCES;
        if (dir[length] == '\0')
            break;
        dir += length + 1;
    }
    errno = denied ? EACCES : ENOENT; /* POSIX exec: EACCES when one was found that may not be run */
    return -1;
}

int execvp(const char *file, char *const argv[])
{
    return execvpe(file, argv, environ);
}
