/*
 * spawn_actions.c - posix_spawn_file_actions_t: what the new process does with its descriptors, in order.
 *
 * An array that doubles, of what the kernel reads.  It owns copies of the paths.
 */
#include "libc.h"
#include <spawn.h>
#include <string.h>
#include <unistd.h>

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
    *actions = (posix_spawn_file_actions_t){0};
    return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
    for (size_t i = 0; i < actions->__count; i++)
        free((void *)actions->__actions[i].path);
    free(actions->__actions);
    return posix_spawn_file_actions_init(actions);
}

static int grow(posix_spawn_file_actions_t *actions)
{
    size_t room = actions->__room == 0 ? 4 : actions->__room * 2;
    void *larger = realloc(actions->__actions, room * sizeof(struct abi_spawn_action));

    if (larger == NULL)
        return ENOMEM;
    actions->__actions = larger;
    actions->__room = room;
    return 0;
}

/* Add one, with a copy of `path` where that is not NULL. */
static int add(posix_spawn_file_actions_t *actions, struct abi_spawn_action action, const char *path)
{
    int saved = errno, error = actions->__count < actions->__room ? 0 : grow(actions);
    char *copy = NULL;

    if (error == 0 && path != NULL && (copy = strdup(path)) == NULL)
        error = ENOMEM; /* POSIX posix_spawn_file_actions_addopen: ENOMEM */
    errno = saved;
    if (error != 0)
        return error;
    action.path = (uintptr_t)copy;
    actions->__actions[actions->__count++] = action;
    return 0;
}

/* POSIX posix_spawn_file_actions_addclose: EBADF */
static int is_descriptor(int fd)
{
    return fd >= 0 && fd < sysconf(_SC_OPEN_MAX);
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd)
{
    if (!is_descriptor(fd))
        return EBADF;
    return add(actions, (struct abi_spawn_action){.kind = SPAWN_CLOSE, .fd = fd}, NULL);
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int fd, int new)
{
    if (!is_descriptor(fd) || !is_descriptor(new))
        return EBADF;
    return add(actions, (struct abi_spawn_action){.kind = SPAWN_DUP2, .fd = fd, .argument = new}, NULL);
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd, const char *restrict path,
                                     int flags, mode_t mode)
{
    struct abi_spawn_action action = {.kind = SPAWN_OPEN, .fd = fd, .argument = flags, .mode = mode};

    if (!is_descriptor(fd))
        return EBADF;
    return add(actions, action, path);
}

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions, const char *restrict path)
{
    return add(actions, (struct abi_spawn_action){.kind = SPAWN_CHDIR}, path);
}

int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *actions, int fd)
{
    if (!is_descriptor(fd))
        return EBADF;
    return add(actions, (struct abi_spawn_action){.kind = SPAWN_FCHDIR, .fd = fd}, NULL);
}

/* The new process's group becomes the terminal's foreground group. */
int posix_spawn_file_actions_addtcsetpgrp_np(posix_spawn_file_actions_t *actions, int fd)
{
    if (!is_descriptor(fd))
        return EBADF;
    return add(actions, (struct abi_spawn_action){.kind = SPAWN_TCSETPGRP, .fd = fd}, NULL);
}
