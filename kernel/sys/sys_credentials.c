/*
 * sys_credentials.c - decoders: who a process is, its users and groups, its limits; and the system's name.
 *
 * A process's credentials change under processes_lock, since others read them there (kill, /proc).  With its real user
 * the process moves to another account.
 */
#include <abi/utsname.h>
#include <ipc/process_timer.h>
#include <lib/string.h>
#include <mm/account.h>
#include <proc/proc.h>
#include <core/syscalls.h>

#define KEEP (~0u)

long sys_getpid(void)
{
    return current->process->pid;
}

long sys_getppid(void)
{
    return current->process->parent_pid;
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

static long store_three(const uint32_t ids[3], uaddr_t a, uaddr_t b, uaddr_t c)
{
    if (copy_to_user(a, &ids[0], 4) != 0 || copy_to_user(b, &ids[1], 4) != 0 || copy_to_user(c, &ids[2], 4) != 0)
        return -EFAULT;
    return 0;
}

long sys_getresuid(uaddr_t real, uaddr_t effective, uaddr_t saved)
{
    return store_three(current->process->credentials.user_ids, real, effective, saved);
}

long sys_getresgid(uaddr_t real, uaddr_t effective, uaddr_t saved)
{
    return store_three(current->process->credentials.group_ids, real, effective, saved);
}

/* POSIX setuid and its kin: who is not privileged may choose among the three ids it has.  processes_lock held. */
static long set_three(uint32_t mine[3], uint32_t real, uint32_t effective, uint32_t saved, bool privileged)
{
    const uint32_t wanted[3] = {real, effective, saved};

    for (unsigned i = 0; i < 3; i++) {
        uint32_t id = wanted[i];

        if (id != KEEP && !privileged && id != mine[0] && id != mine[1] && id != mine[2])
            return -EPERM; /* POSIX setreuid: EPERM */
    }
    for (unsigned i = 0; i < 3; i++) {
        if (wanted[i] != KEEP)
            mine[i] = wanted[i];
    }
    return 0;
}

/* Put another account in the place of the process's: *account is the old one then.  One thread is still charged to it;
 * the others move.  processes_lock held. */
static void exchange_account(struct process *process, struct account **account)
{
    struct account *old = process->account;
    unsigned others = process->stacks - 1;

    account_charge(*account, ACCOUNT_PROCESSES, others, ACCOUNT_UNLIMITED);
    account_release(old, ACCOUNT_PROCESSES, others);
    spin_lock(&process->signal_lock);
    process->account = *account;
    spin_unlock(&process->signal_lock);
    *account = old;
}

long sys_setresuid(uint32_t real, uint32_t effective, uint32_t saved)
{
    struct process *process = current->process;
    struct credentials *c = &process->credentials;
    uint32_t before = c->euid;
    struct account *account = NULL; /* not in use when all is done: the new one or the old one */
    long error;

    if (real != KEEP && (account = account_enter(real)) == NULL)
        return -EAGAIN; /* Linux setresuid: EAGAIN */
    spin_lock(&processes_lock);
    error = set_three(c->user_ids, real, effective, saved, c->euid == 0);
    c->secret |= c->euid != before;
    if (error == 0 && account != NULL)
        exchange_account(process, &account);
    spin_unlock(&processes_lock);
    if (account != NULL)
        account_release(account, ACCOUNT_PROCESSES, 1);
    return error;
}

long sys_setresgid(uint32_t real, uint32_t effective, uint32_t saved)
{
    struct credentials *c = &current->process->credentials;
    uint32_t before = c->egid;
    long error;

    spin_lock(&processes_lock);
    error = set_three(c->group_ids, real, effective, saved, c->euid == 0);
    c->secret |= c->egid != before;
    spin_unlock(&processes_lock);
    return error;
}

long sys_getgroups(int size, uaddr_t list)
{
    const struct credentials *c = &current->process->credentials;

    if (size == 0)
        return (long)c->group_count;
    if (size < 0 || (unsigned)size < c->group_count)
        return -EINVAL; /* POSIX getgroups: EINVAL */
    if (copy_to_user(list, c->groups, c->group_count * sizeof(c->groups[0])) != 0)
        return -EFAULT;
    return (long)c->group_count;
}

long sys_setgroups(int size, uaddr_t list)
{
    struct credentials *c = &current->process->credentials;
    uint32_t groups[GROUPS_MAX];

    if (c->euid != 0)
        return -EPERM;
    if (size < 0 || size > GROUPS_MAX)
        return -EINVAL;
    if (copy_from_user(groups, list, (unsigned)size * sizeof(groups[0])) != 0)
        return -EFAULT;
    spin_lock(&processes_lock);
    memcpy(c->groups, groups, (unsigned)size * sizeof(groups[0]));
    c->group_count = (unsigned)size;
    spin_unlock(&processes_lock);
    return 0;
}

/* POSIX setrlimit: a soft limit up to the hard one; only the superuser raises a hard one. */
static int check_limit(const struct abi_rlimit *limit, const struct abi_rlimit *old)
{
    if (limit->rlim_cur > limit->rlim_max)
        return -EINVAL; /* POSIX setrlimit: EINVAL */
    if (limit->rlim_max > old->rlim_max && current->process->credentials.euid != 0)
        return -EPERM; /* POSIX setrlimit: EPERM */
    return 0;
}

/* May the running process see and set the limits of `process`?  As Linux: all its ids are the caller's real ones. */
static bool same_user(const struct process *process)
{
    const struct credentials *mine = &current->process->credentials, *its = &process->credentials;

    if (process == current->process || mine->euid == 0)
        return true;
    return mine->uid == its->uid && mine->uid == its->euid && mine->uid == its->suid && mine->gid == its->gid &&
           mine->gid == its->egid && mine->gid == its->sgid;
}

static int exchange_limit(int pid, int resource, const struct abi_rlimit *limit, struct abi_rlimit *old)
{
    struct process *process;
    int error = 0;

    spin_lock(&processes_lock);
    process = pid == 0 ? current->process : process_find(pid);
    if (process == NULL || process->state == PROCESS_ZOMBIE) {
        error = -ESRCH;
    } else if (!same_user(process)) {
        error = -EPERM;
    } else {
        *old = process->limits[resource];
        if (limit != NULL)
            error = check_limit(limit, old);
        if (limit != NULL && error == 0 && resource == RLIMIT_CPU)
            cpu_limit_set(process, limit);
        else if (limit != NULL && error == 0)
            process->limits[resource] = *limit;
    }
    spin_unlock(&processes_lock);
    return error;
}

long sys_prlimit(int pid, int resource, uaddr_t new_limit, uaddr_t old_limit)
{
    struct abi_rlimit limit, old;
    int error;

    if (resource < 0 || resource >= RLIMIT_COUNT)
        return -EINVAL; /* POSIX getrlimit: EINVAL */
    if (new_limit != 0 && copy_from_user(&limit, new_limit, sizeof(limit)) != 0)
        return -EFAULT;
    error = exchange_limit(pid, resource, new_limit != 0 ? &limit : NULL, &old);
    if (error == 0 && old_limit != 0)
        error = copy_to_user(old_limit, &old, sizeof(old));
    return error;
}
