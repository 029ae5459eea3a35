/*
 * wait.c - what a parent learns of its children: their end, a stop, a continuation.
 *
 * A parent's list of children has those with news in front (child_has_news), so that wait() for any child looks at one
 * child and not at all of them; and a wait for one pid finds it by its number.  Only a wait for a group searches.
 *
 * processes_lock guards the list; the parent sleeps on its own child_queue.
 */
#include <abi/wait.h>
#include <core/syscalls.h>
#include <ipc/signal.h>
#include <proc/life.h>

/* Which children wait() means; the values are those of waitid()'s idtype_t. */
enum wait_whom { WAIT_ANY, WAIT_PID, WAIT_GROUP };

struct wait_result {
    struct signal_info info; /* as waitid() gives it; pid 0: WNOHANG, and there is none */
    uint32_t status;         /* as wait() gives it */
    struct abi_rusage usage;
};

/* Has this child something to tell that `options` asks for? */
static bool has_news(const struct process *child, unsigned options)
{
    if (child->state == PROCESS_ZOMBIE)
        return options & WEXITED && child->birth != BIRTH_SPAWN;
    if (child->wait_event == 0)
        return false;
    return options & (child->wait_event == W_CONTINUED ? WCONTINUED : WSTOPPED);
}

/* May it have such news in time to come?  Not one that has ended, whose end is not asked for. */
static bool may_have_news(const struct process *child, unsigned options)
{
    return child->state != PROCESS_ZOMBIE || options & WEXITED;
}

/* A child with news in that group, or in any (0).  *children: there are children that are meant. */
static struct process *find_in_group(struct process *parent, int group, unsigned options, bool *children)
{
    struct process *child;

    *children = false;
    list_for_each_entry (child, &parent->children, sibling_link) {
        if (group != 0 && child->group->id != group)
            continue;
        *children |= may_have_news(child, options);
        if (has_news(child, options))
            return child;
        if (group == 0 && child->state != PROCESS_ZOMBIE && child->wait_event == 0)
            break; /* those with news stand in front */
    }
    return NULL;
}

static struct process *find_by_pid(const struct process *parent, int pid, unsigned options, bool *children)
{
    struct process *child = process_find(pid);

    *children = child != NULL && child->parent == parent && may_have_news(child, options);
    return *children && has_news(child, options) ? child : NULL;
}

static struct process *find_child(struct process *parent, enum wait_whom whom, int id, unsigned options, bool *children)
{
    debug_lock_held(&processes_lock);
    if (whom == WAIT_PID)
        return find_by_pid(parent, id, options, children);
    if (whom == WAIT_GROUP && id == 0)
        id = parent->group->id;
    return find_in_group(parent, whom == WAIT_GROUP ? id : 0, options, children);
}

/* Fill in the result and, unless WNOWAIT, take the news away. */
static void take_news(struct process *parent, struct process *child, unsigned options, struct wait_result *result,
                      struct cpu_times *times)
{
    bool zombie = child->state == PROCESS_ZOMBIE;

    result->status = zombie ? child->exit_status : child->wait_event;
    result->info = (struct signal_info){.signal = SIGCHLD, .note = signal_child_note(child, result->status)};
    usage_of_process(child, times);
    times_add(times, &child->children_times);
    if (options & WNOWAIT)
        return;
    if (zombie) {
        times_add(&parent->children_times, times); /* POSIX wait: the child's time, and its children's */
        process_bury(child);
    } else {
        child->wait_event = 0;
        list_remove(&child->sibling_link);
        list_add_tail(&parent->children, &child->sibling_link);
    }
}

/* Wait for a child's end (WEXITED), stop (WSTOPPED) or continuation (WCONTINUED); also WNOHANG, WNOWAIT.
 * 0, -ECHILD or -ERESTART. */
static int wait_for(enum wait_whom whom, int id, unsigned options, struct wait_result *result)
{
    struct process *self = current->process, *child;
    struct cpu_times times = {0};
    bool children;
    int error = 0;

    result->info.note.pid = 0;
    spin_lock(&processes_lock);
    for (;;) {
        child = find_child(self, whom, id, options, &children);
        if (child != NULL) {
            take_news(self, child, options, result, &times);
            break;
        }
        if (!children)
            error = -ECHILD; /* POSIX waitpid: ECHILD */
        if (!children || options & WNOHANG)
            break;
        error = (int)wait_sleep(&self->child_queue, &processes_lock, "wait", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
        if (error < 0)
            break; /* POSIX waitpid: EINTR */
    }
    spin_unlock(&processes_lock);
    if (error == 0)
        times_to_usage(&times, &result->usage);
    return error;
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
    error = wait_for(whom, id, (unsigned)options | WEXITED, &result);
    if (error < 0 || result.info.note.pid == 0)
        return error;
    if (status != 0 && copy_to_user(status, &result.status, sizeof(result.status)) != 0)
        return -EFAULT;
    if (usage != 0 && copy_to_user(usage, &result.usage, sizeof(result.usage)) != 0)
        return -EFAULT;
    return result.info.note.pid;
}

long sys_waitid(int id_type, int id, uaddr_t info, int options, uaddr_t usage)
{
    const int kinds = WEXITED | WSTOPPED | WCONTINUED;
    struct wait_result result = {0};
    int error;

    /* POSIX waitid: EINVAL */
    if (options & ~(kinds | WNOHANG | WNOWAIT) || !(options & kinds) || id_type < WAIT_ANY || id_type > WAIT_GROUP)
        return -EINVAL;
    if ((id_type == WAIT_PID && id <= 0) || (id_type == WAIT_GROUP && id < 0))
        return -EINVAL;
    error = wait_for((enum wait_whom)id_type, id, (unsigned)options, &result);
    if (error < 0)
        return error;
    if (info != 0 && copy_to_user(info, &result.info, sizeof(result.info)) != 0)
        return -EFAULT;
    if (usage != 0 && result.info.note.pid != 0 && copy_to_user(usage, &result.usage, sizeof(result.usage)) != 0)
        return -EFAULT;
    return 0;
}
