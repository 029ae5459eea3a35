/*
 * execl.c - another program, with its arguments as a list: execl, execle, execlp.
 *
 * The list is copied onto the stack, since the caller may be a child of vfork and must not change the heap.
 */
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

/* How many arguments follow `first` in `args`, with the NULL. */
static size_t count(const char *first, va_list args)
{
    size_t n = 1;

    if (first != NULL) {
        do
            n++;
        while (va_arg(args, char *) != NULL);
    }
    return n;
}

/* Leaves `args` behind the list's NULL. */
static void collect(const char **argv, size_t n, const char *first, va_list *args)
{
    argv[0] = first;
    for (size_t i = 1; i < n; i++)
        argv[i] = va_arg(*args, const char *);
}

#define COLLECT_ARGUMENTS(args, argv, arg) \
    va_list args;                          \
    va_start(args, arg);                   \
    size_t argc = count(arg, args);        \
    va_end(args);                          \
    const char *argv[argc];                \
    va_start(args, arg);                   \
    collect(argv, argc, arg, &args)

int execl(const char *path, const char *arg, ...)
{
    COLLECT_ARGUMENTS(args, argv, arg);
    va_end(args);
    return execve(path, (char *const *)argv, environ);
}

/* The environment stands behind the list's NULL. */
int execle(const char *path, const char *arg, ...)
{
    COLLECT_ARGUMENTS(args, argv, arg);
    char *const *envp = va_arg(args, char *const *);

    va_end(args);
    return execve(path, (char *const *)argv, envp);
}

int execlp(const char *file, const char *arg, ...)
{
    COLLECT_ARGUMENTS(args, argv, arg);
    va_end(args);
    return execvp(file, (char *const *)argv);
}
