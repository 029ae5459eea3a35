/*
 * sys_process.c - decoders: processes, groups and sessions, waiting, the machine's name and end.
 */
#include <abi/errno.h>
#include <abi/stat.h>
#include <abi/syscall.h>
#include <abi/utsname.h>
#include <abi/wait.h>
#include <core/log.h>
#include <ipc/signal.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <proc/proc.h>
#include <core/syscalls.h>

long sys_exit_group(int code)
{
    process_exit(W_EXITCODE((uint32_t)code, 0));
}

long sys_fork(void)
{
    return process_fork();
}

long sys_vfork(void)
{
    return process_vfork();
}

long sys_execve(uaddr_t path, uaddr_t argv, uaddr_t envp)
{
    char *copy = kmalloc(ABI_PATH_MAX);
    long result;

    if (copy == NULL)
        return -ENOMEM;
    result = copy_string_from_user(copy, path, ABI_PATH_MAX);
    if (result >= 0)
        result = process_exec(copy, argv, envp);
    kfree(copy);
    return result;
}

long sys_wait4(int pid, uaddr_t status, int options, uaddr_t usage)
{
    struct wait_result result;
    int id = pid < 0 && pid != INT32_MIN ? -pid : pid;
    enum wait_whom whom = pid == -1 ? WAIT_ANY : pid > 0 ? WAIT_PID : WAIT_GROUP;
    int error;

    if (options & ~(WNOHANG | WUNTRACED | WCONTINUED))
        return -EINVAL; /* POSIX waitpid: EINVAL */
    if (id < 0)
        return -ESRCH; /* INT_MIN, as on Linux */
    error = process_wait(whom, id, (unsigned)options | WEXITED, &result);
    if (error < 0 || result.note.pid == 0)
        return error;
    if (status != 0 && copy_to_user(status, &result.status, sizeof(result.status)) != 0)
        return -EFAULT;
    if (usage != 0 && copy_to_user(usage, &result.usage, sizeof(result.usage)) != 0)
        return -EFAULT;
    return result.note.pid;
}

long sys_waitid(int id_type, int id, uaddr_t info, int options, uaddr_t usage)
{
    const int kinds = WEXITED | WSTOPPED | WCONTINUED;
    struct wait_result result;
    struct signal_info answer = {0};
    int error;

    /* POSIX waitid: EINVAL */
    if (options & ~(kinds | WNOHANG | WNOWAIT) || !(options & kinds) || id_type < WAIT_ANY || id_type > WAIT_GROUP)
        return -EINVAL;
    if ((id_type == WAIT_PID && id <= 0) || (id_type == WAIT_GROUP && id < 0))
        return -EINVAL;
    error = process_wait((enum wait_whom)id_type, id, (unsigned)options, &result);
    if (error < 0)
        return error;
    if (result.note.pid != 0)
        answer = (struct signal_info){.signal = SIGCHLD, .note = result.note};
    if (info != 0 && copy_to_user(info, &answer, sizeof(answer)) != 0)
        return -EFAULT;
    if (usage != 0 && result.note.pid != 0 && copy_to_user(usage, &result.usage, sizeof(result.usage)) != 0)
        return -EFAULT;
    return 0;
}

long sys_getpid(void)
{
    return process_current()->pid;
}

long sys_getppid(void)
{
    return process_current()->parent_pid;
}

/* The group's or the session's id of a process; 0: of the running one. */
static long group_number(int pid, bool session)
{
    const struct process *process;
    long result = -ESRCH; /* POSIX getpgid, getsid: ESRCH */

    spin_lock(&processes_lock);
    process = pid == 0 ? process_current() : process_find(pid);
    if (process != NULL)
        result = session ? process->group->session->id : process->group->id;
    spin_unlock(&processes_lock);
    return result;
}

long sys_getpgid(int pid)
{
    return group_number(pid, false);
}

long sys_getsid(int pid)
{
    return group_number(pid, true);
}

long sys_setpgid(int pid, int group)
{
    if (group < 0 || pid < 0)
        return group < 0 ? -EINVAL : -ESRCH; /* POSIX setpgid: EINVAL */
    return process_setpgid(pid, group);
}

long sys_setsid(void)
{
    return process_setsid();
}

long sys_reboot(int how, int status)
{
    if (process_current()->credentials.euid != 0)
        return -EPERM;
    if (how == REBOOT_POWEROFF)
        power_off(status);
    if (how == REBOOT_RESTART)
        power_restart();
    return -EINVAL;
}

long sys_uname(uaddr_t name)
{
    static const struct abi_utsname answer = {
        .sysname = "Parley",
        .nodename = "parley",
        .release = "1.0",
        .version = "Parley 1.0",
        .machine = "armv7l",
    };

    return copy_to_user(name, &answer, sizeof(answer));
}
