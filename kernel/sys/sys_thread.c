/*
 * sys_thread.c - decoders: threads, scheduling.
 *
 * Scheduling calls name a thread by its tid (0: the running one; a pid is its process's first thread).  Looking a
 * thread up and using it happens under processes_lock, which keeps it from vanishing.
 */
#include <core/cpu_data.h>
#include <ipc/futex.h>
#include <lib/string.h>
#include <mm/space.h>
#include <proc/proc.h>
#include <core/syscalls.h>

#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2

long sys_thread_create(uaddr_t entry, uint32_t argument, uaddr_t stack, uint32_t tls)
{
    if (!user_range_ok(entry, 4) || !user_range_ok(stack, 0) || stack & 7)
        return -EINVAL;
    return thread_create(entry, argument, stack, tls);
}

/* What is unmapped may be the stack that the call came from: the thread is in its program no more. */
long sys_thread_exit(uaddr_t word, uaddr_t map, uint32_t length)
{
    futex_leave_user(true);
    if (length != 0)
        space_unmap(current->process->space, map, length);
    if (word != 0)
        futex_clear(word);
    thread_exit();
}

long sys_gettid(void)
{
    return current->tid;
}

long sys_set_tls(uint32_t tls)
{
    thread_set_tls(tls);
    return 0;
}

long sys_sched_getcpu(void)
{
    return (long)current->cpu->number;
}

/* The user thread of that number; 0: the running one.  NULL: none.  processes_lock held. */
static struct thread *find_thread(int tid)
{
    struct thread *thread = tid == 0 ? current : id_find(tid)->thread;

    return thread != NULL && thread->process != NULL ? thread : NULL;
}

/* POSIX sched_setscheduler, setpriority: the caller's effective user is the target's real or effective one. */
static bool owns(const struct process *target)
{
    const struct credentials *mine = &current->process->credentials;

    return mine->euid == 0 || mine->euid == target->credentials.uid || mine->euid == target->credentials.euid;
}

static bool priority_ok(int policy, int priority)
{
    if (policy == SCHED_OTHER)
        return priority == 0;
    return (policy == SCHED_FIFO || policy == SCHED_RR) && priority >= SCHED_PRIORITY_MIN &&
           priority <= SCHED_PRIORITY_MAX;
}

/* May the running process give `thread` that real-time priority?  RLIMIT_RTPRIO is for who is no superuser. */
static bool may_be_realtime(const struct thread *thread, int priority)
{
    const struct process *self = current->process;

    return self->credentials.euid == 0 || priority <= thread->own_priority ||
           (uint64_t)priority <= self->limits[RLIMIT_RTPRIO].rlim_cur;
}

/* The thread of that number, if the caller may change it: processes_lock stays held.  NULL, without, and *error. */
static struct thread *lock_own_thread(int tid, long *error)
{
    struct thread *thread;

    spin_lock(&processes_lock);
    thread = find_thread(tid);
    if (thread != NULL && owns(thread->process))
        return thread;
    spin_unlock(&processes_lock);
    *error = thread == NULL ? -ESRCH : -EPERM; /* POSIX sched_setscheduler: ESRCH, EPERM */
    return NULL;
}

long sys_set_thread_name(int tid, uaddr_t name)
{
    char copy[sizeof(current->name)];
    struct thread *thread;
    long error;

    if (copy_from_user(copy, name, sizeof(copy)) != 0)
        return -EFAULT;
    copy[sizeof(copy) - 1] = '\0';
    thread = lock_own_thread(tid, &error);
    if (thread == NULL)
        return error;
    memcpy(thread->name, copy, sizeof(copy));
    spin_unlock(&processes_lock);
    return 0;
}

/* POSIX sched_setscheduler: the answer is the policy that the thread had. */
long sys_sched_setscheduler(int pid, int policy, uaddr_t parameters)
{
    struct thread *thread;
    int32_t priority;
    long result;

    if (pid < 0)
        return -EINVAL;
    if (copy_from_user(&priority, parameters, sizeof(priority)) != 0)
        return -EFAULT;
    if (!priority_ok(policy, priority))
        return -EINVAL; /* POSIX sched_setscheduler: EINVAL */
    thread = lock_own_thread(pid, &result);
    if (thread == NULL)
        return result;
    result = may_be_realtime(thread, priority) ? thread->policy : -EPERM; /* POSIX sched_setscheduler: EPERM */
    if (result >= 0)
        sched_set_policy(thread, policy, priority, thread->nice);
    spin_unlock(&processes_lock);
    return result;
}

long sys_sched_getscheduler(int pid, uaddr_t parameters)
{
    long policy = -ESRCH; /* POSIX sched_getscheduler: ESRCH */
    const struct thread *thread;
    int priority;

    if (pid < 0)
        return -EINVAL;
    spin_lock(&processes_lock);
    thread = find_thread(pid);
    if (thread != NULL) {
        policy = thread->policy;
        priority = thread->own_priority;
    }
    spin_unlock(&processes_lock);
    if (policy >= 0 && parameters != 0 && copy_to_user(parameters, &priority, sizeof(priority)) != 0)
        return -EFAULT;
    return policy;
}

long sys_priority_ceiling(int level, int limit)
{
    struct thread *self = current;

    if (level < 0 || level > SCHED_PRIORITY_MAX || self->own_priority > limit)
        return -EINVAL; /* POSIX pthread_mutex_lock: EINVAL */
    if (level > self->ceiling && !may_be_realtime(self, level))
        return -EPERM;
    self->ceiling = level;
    mutex_inherit(self);
    return 0;
}

/* Does getpriority's or setpriority's (which, who) mean this process? */
static bool is_meant(const struct process *process, int which, uint32_t who)
{
    const struct process *self = current->process;

    if (process->state == PROCESS_ZOMBIE)
        return false;
    if (which == PRIO_PROCESS)
        return who == 0 ? process == self : process->pid == (int)who;
    if (which == PRIO_PGRP)
        return process->group->id == (who == 0 ? self->group->id : (int)who);
    return process->credentials.uid == (who == 0 ? self->credentials.uid : who);
}

/* The nice value that all threads of a process have. */
static int process_nice(struct process *process)
{
    const struct thread *t;
    int nice = NICE_MAX;

    spin_lock(&process->signal_lock);
    list_for_each_entry (t, &process->threads, process_link)
        nice = t->nice < nice ? t->nice : nice;
    spin_unlock(&process->signal_lock);
    return nice;
}

static void set_process_nice(struct process *process, int nice)
{
    struct thread *t;

    spin_lock(&process->signal_lock);
    list_for_each_entry (t, &process->threads, process_link)
        sched_set_policy(t, t->policy, t->own_priority, nice);
    spin_unlock(&process->signal_lock);
}

/* 20 less the nice value, so that it is never negative; the lowest nice value of all that are meant. */
long sys_getpriority(int which, uint32_t who)
{
    struct process *p;
    long result = -ESRCH; /* POSIX getpriority: ESRCH */

    if (which < PRIO_PROCESS || which > PRIO_USER)
        return -EINVAL; /* POSIX getpriority: EINVAL */
    spin_lock(&processes_lock);
    list_for_each_entry (p, &process_list, all_link) {
        if (is_meant(p, which, who) && 20 - process_nice(p) > result)
            result = 20 - process_nice(p);
    }
    spin_unlock(&processes_lock);
    return result;
}

static int renice(struct process *process, int nice)
{
    if (!owns(process))
        return -EPERM; /* POSIX setpriority: EPERM */
    if (nice < process_nice(process) && current->process->credentials.euid != 0 &&
        (uint64_t)(20 - nice) > current->process->limits[RLIMIT_NICE].rlim_cur)
        return -EACCES; /* POSIX setpriority: EACCES */
    set_process_nice(process, nice);
    return 0;
}

long sys_setpriority(int which, uint32_t who, int value)
{
    int nice = value < NICE_MIN ? NICE_MIN : value > NICE_MAX ? NICE_MAX : value;
    struct process *p;
    long result = -ESRCH; /* POSIX setpriority: ESRCH */

    if (which < PRIO_PROCESS || which > PRIO_USER)
        return -EINVAL; /* POSIX setpriority: EINVAL */
    spin_lock(&processes_lock);
    list_for_each_entry (p, &process_list, all_link) {
        int error = is_meant(p, which, who) ? renice(p, nice) : -ESRCH;

        if (error != -ESRCH && (error < 0 || result == -ESRCH))
            result = error;
    }
    spin_unlock(&processes_lock);
    return result;
}

long sys_sched_setaffinity(int pid, uint32_t size, uaddr_t mask)
{
    struct thread *thread;
    uint32_t wanted = 0;
    long error;

    if (copy_from_user(&wanted, mask, size < sizeof(wanted) ? size : sizeof(wanted)) != 0)
        return -EFAULT;
    wanted &= cpus_online;
    if (pid < 0 || wanted == 0)
        return -EINVAL; /* as Linux: no CPU that exists */
    thread = lock_own_thread(pid, &error);
    if (thread == NULL)
        return error;
    sched_set_affinity(thread, wanted);
    spin_unlock(&processes_lock);
    return 0;
}

/* Answers how many bytes were stored. */
long sys_sched_getaffinity(int pid, uint32_t size, uaddr_t mask)
{
    const struct thread *thread;
    uint32_t answer = 0;

    if (pid < 0 || size < sizeof(answer))
        return -EINVAL;
    spin_lock(&processes_lock);
    thread = find_thread(pid);
    if (thread != NULL)
        answer = thread->affinity & cpus_online;
    spin_unlock(&processes_lock);
    if (thread == NULL)
        return -ESRCH;
    return copy_to_user(mask, &answer, sizeof(answer)) != 0 ? -EFAULT : (long)sizeof(answer);
}
