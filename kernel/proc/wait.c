/*
 * wait.c - what a parent learns of its children: their end, a stop, a continuation.
 *
 * A parent's list of children has those with news in front (child_has_news), so that wait() for any child looks at one
 * child and not at all of them; and a wait for one pid finds it by its number.  Only a wait for a group searches.
 *
 * processes_lock guards the list; the parent sleeps on its own child_queue.
 */
#include <abi/errno.h>
#include <abi/wait.h>
#include <ipc/signal.h>
#include <proc/life.h>

/* Has this child something to tell that `options` asks for? */
static bool has_news(const struct process *child, unsigned options)
{
    if (child->state == PROCESS_ZOMBIE)
        return options & WEXITED && child->birth != BIRTH_SPAWN;
    if (child->wait_event == 0)
        return false;
    return options & (child->wait_event == W_CONTINUED ? WCONTINUED : WSTOPPED);
}

/* A child with news in that group, or in any (0).  *children: there are children that are meant. */
static struct process *find_in_group(struct process *parent, int group, unsigned options, bool *children)
{
    struct process *child;

    *children = false;
    list_for_each_entry (child, &parent->children, sibling_link) {
        if (group != 0 && child->group->id != group)
            continue;
        *children = true;
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

    *children = child != NULL && child->parent == parent;
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
    result->note = signal_child_note(child, result->status);
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

int process_wait(enum wait_whom whom, int id, unsigned options, struct wait_result *result)
{
    struct process *self = current->process, *child;
    struct cpu_times times = {0};
    bool children;
    int error = 0;

    result->note.pid = 0;
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
