/*
 * execvp.c - another program, found along PATH.
 *
 * A file that the kernel does not know how to run (ENOEXEC) is taken for a shell script.
 */
#include "libc.h"
#include "path_search.h"
#include <paths.h>
#include <unistd.h>

struct program {
    char *const *argv, *const *envp;
};

static size_t count(char *const argv[])
{
    size_t n = 0;

    while (argv[n] != NULL)
        n++;
    return n;
}

/* Answers only when it failed.  No malloc: the caller may be a child of vfork. */
static int run(const char *path, void *context)
{
    const struct program *program = context;
    size_t n = count(program->argv);
    const char *shell[n + 3];

    execve(path, program->argv, program->envp);
    if (errno != ENOEXEC)
        return -1;
    shell[0] = n > 0 ? program->argv[0] : path;
    shell[1] = path;
    for (size_t i = 1; i <= n; i++)
        shell[i + 1] = program->argv[i];
    if (n == 0)
        shell[2] = NULL;
    return execve(_PATH_BSHELL, (char *const *)shell, program->envp);
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
    struct program program = {argv, envp};

    return __path_search(file, run, &program);
}

int execvp(const char *file, char *const argv[])
{
    return execvpe(file, argv, environ);
}
