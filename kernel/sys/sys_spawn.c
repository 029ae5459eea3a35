/*
 * sys_spawn.c - posix_spawn().
 *
 * The new process borrows its parent's space, as after vfork(), and starts here, in the kernel, with the parent's
 * registers.  So it reads the call's arguments for itself, and all that it has to do before it executes its program is
 * a series of system calls of its own, whose arguments lie in the parent's memory.  The first that fails ends it, with
 * the error as its exit status, which process_spawn() gives back to the parent.
 */
#include <abi/fcntl.h>
#include <abi/spawn.h>
#include <abi/termios.h>
#include <abi/wait.h>
#include <ipc/signal.h>
#include <proc/proc.h>
#include <core/syscalls.h>

#define KEEP (~0u)

static void set_default_actions(abi_sigset_t signals)
{
    static const struct abi_sigaction plain;

    for (int signal = 1; signal < ABI_NSIG; signal++) {
        if (signals & signal_bit(signal) & ~SIGNALS_UNSTOPPABLE)
            signal_set_action(signal, &plain, NULL);
    }
}

/* `address` is where the attributes lie in user memory; they have the scheduling parameters in them. */
static long set_scheduling(const struct abi_spawn_attributes *attributes, uaddr_t address)
{
    bool policy_too = attributes->flags & POSIX_SPAWN_SETSCHEDULER;

    return sys_sched_setscheduler(0, policy_too ? attributes->policy : current->policy,
                                  address + offsetof(struct abi_spawn_attributes, priority));
}

/* Effective ids become the real ones. */
static long reset_ids(void)
{
    const struct credentials *mine = &current->process->credentials;
    long error = sys_setresgid(KEEP, mine->gid, KEEP);

    return error == 0 ? sys_setresuid(KEEP, mine->uid, KEEP) : error;
}

static long set_attributes(uaddr_t address)
{
    struct abi_spawn_attributes attributes;
    long error = copy_from_user(&attributes, address, sizeof(attributes));

    if (error == 0 && attributes.flags & POSIX_SPAWN_SETSIGDEF)
        set_default_actions(attributes.defaults);
    if (error == 0 && attributes.flags & POSIX_SPAWN_SETSIGMASK)
        signal_set_blocked(attributes.mask);
    if (error == 0 && attributes.flags & (POSIX_SPAWN_SETSCHEDPARAM | POSIX_SPAWN_SETSCHEDULER))
        error = set_scheduling(&attributes, address);
    if (error == 0 && attributes.flags & POSIX_SPAWN_SETSID)
        error = sys_setsid();
    if (error >= 0 && attributes.flags & POSIX_SPAWN_SETPGROUP)
        error = sys_setpgid(0, attributes.group);
    if (error >= 0 && attributes.flags & POSIX_SPAWN_RESETIDS)
        error = reset_ids();
    return error;
}

/* POSIX posix_spawn_file_actions_addopen: the file is opened at that descriptor, which is closed before. */
static long open_at(const struct abi_spawn_action *action)
{
    long fd, result;

    sys_close(action->fd);
    fd = sys_openat(AT_FDCWD, action->path, action->argument, action->mode);
    if (fd < 0 || fd == action->fd)
        return fd;
    result = sys_dup3((int)fd, action->fd, action->argument & O_CLOEXEC);
    sys_close((int)fd);
    return result;
}

/* The new process's group gets the terminal.  SIGTTOU would stop it, for it may be in the background still. */
static long take_terminal(int fd, uaddr_t number)
{
    int32_t group = current->process->group->id;
    abi_sigset_t blocked = current->blocked;
    long result = copy_to_user(number, &group, sizeof(group));

    signal_set_blocked(blocked | signal_bit(SIGTTOU));
    if (result == 0)
        result = sys_ioctl(fd, TIOCSPGRP, number);
    signal_set_blocked(blocked);
    return result;
}

/* `address` is where the action lies in user memory. */
static long perform(const struct abi_spawn_action *action, uaddr_t address)
{
    switch (action->kind) {
    case SPAWN_OPEN:
        return open_at(action);
    case SPAWN_CLOSE:
        sys_close(action->fd); /* as on Linux, it may be closed already */
        return 0;
    case SPAWN_DUP2:
        if (action->fd == action->argument) /* POSIX posix_spawn_file_actions_adddup2: it stays open on exec */
            return sys_fcntl(action->fd, F_SETFD, 0);
        return sys_dup3(action->fd, action->argument, 0);
    case SPAWN_CHDIR:
        return sys_chdir(AT_FDCWD, action->path, 0);
    case SPAWN_FCHDIR:
        return sys_chdir(action->fd, 0, AT_EMPTY_PATH);
    case SPAWN_TCSETPGRP:
        return take_terminal(action->fd, address + offsetof(struct abi_spawn_action, argument));
    }
    return -EINVAL;
}

static long perform_all(uaddr_t actions, uint32_t count)
{
    struct abi_spawn_action action;
    long result = 0;

    for (uint32_t i = 0; i < count && result >= 0; i++, actions += sizeof(action)) {
        result = copy_from_user(&action, actions, sizeof(action));
        if (signal_kill_pending(current))
            result = -EINTR;
        if (result == 0)
            result = perform(&action, actions);
    }
    return result;
}

static void start_child(void *unused)
{
    struct trap_frame *frame = thread_trap_frame(current);
    uaddr_t attributes = frame->r[3];
    long result = attributes != 0 ? set_attributes(attributes) : 0;

    if (result >= 0)
        result = perform_all(frame->r[4], frame->r[5]);
    if (result >= 0)
        result = sys_execve(frame->r[0], frame->r[1], frame->r[2]);
    if (result < 0)
        process_exit(W_EXITCODE((uint32_t)(result == -ERESTART ? EINTR : -result), 0));
    trap_frame_return(frame);
}

long sys_spawn(void)
{
    return process_spawn(start_child);
}
