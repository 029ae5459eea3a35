/*
 * popen.c - a stream to or from a shell command.
 *
 * The pipe's ends are close-on-exec, so no other command ever holds one; only the child's own is made to stay.
 */
#include "lock.h"
#include <fcntl.h>
#include <paths.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct command {
    struct command *next;
    FILE *stream;
    pid_t pid;
};

volatile int __popen_lock;
static struct command *commands; /* __popen_lock */

/* The command has `end` of the pipe as its stream number `standard`.  0 or an error. */
static int start(struct command *command, const char *text, int end, int standard)
{
    char *argv[] = {"sh", "-c", (char *)text, NULL};
    posix_spawn_file_actions_t actions;
    int error;

    posix_spawn_file_actions_init(&actions);
    error = posix_spawn_file_actions_adddup2(&actions, end, standard);
    if (error == 0)
        error = posix_spawn(&command->pid, _PATH_BSHELL, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static void remember(struct command *command)
{
    lock_acquire(&__popen_lock);
    command->next = commands;
    commands = command;
    lock_release(&__popen_lock);
}

static struct command *forget(FILE *stream)
{
    struct command **place, *command;

    lock_acquire(&__popen_lock);
    for (place = &commands; *place != NULL && (*place)->stream != stream; place = &(*place)->next)
        ;
    command = *place;
    if (command != NULL)
        *place = command->next;
    lock_release(&__popen_lock);
    return command;
}

/* POSIX popen: EINVAL for a mode that is neither "r" nor "w" (an "e" behind it asks for close-on-exec). */
FILE *popen(const char *text, const char *mode)
{
    struct command *command;
    int ends[2], is_read = *mode == 'r', error;

    if ((*mode != 'r' && *mode != 'w') || strspn(mode + 1, "eb") != strlen(mode + 1)) {
        errno = EINVAL;
        return NULL;
    }
    command = malloc(sizeof *command);
    if (command == NULL)
        return NULL;
    if (pipe2(ends, O_CLOEXEC) == -1)
        goto free_command;
    command->stream = fdopen(ends[!is_read], is_read ? "r" : "w");
    if (command->stream == NULL)
        goto close_ends;
    error = start(command, text, ends[is_read], is_read);
    if (error != 0)
        goto close_stream;
    close(ends[is_read]);
    if (strchr(mode, 'e') == NULL)
        fcntl(ends[!is_read], F_SETFD, 0);
    remember(command);
    return command->stream;

close_stream:
    fclose(command->stream);
    close(ends[is_read]);
    errno = error;
    goto free_command;
close_ends:
    close(ends[0]);
    close(ends[1]);
free_command:
    free(command);
    return NULL;
}

/* POSIX pclose: the command's status; ECHILD when it is not to be had. */
int pclose(FILE *stream)
{
    struct command *command = forget(stream);
    int status;
    pid_t pid;

    if (command == NULL) {
        errno = ECHILD;
        return -1;
    }
    fclose(stream);
    do
        pid = waitpid(command->pid, &status, 0);
    while (pid == -1 && errno == EINTR);
    free(command);
    return pid == -1 ? -1 : status;
}
