/*
 * group.c - process groups and sessions.  POSIX.1-2017 3.294, 3.337, setpgid, setsid.
 *
 * A group lives as long as it has members, zombies too; a session as long as it has groups.  Both are entered in the
 * table of ids, so that no new process gets their number.  processes_lock guards all of it.
 */
#include <core/syscalls.h>
#include <ipc/signal.h>
#include <mm/kmalloc.h>
#include <proc/life.h>

OBJECT_CACHE(group_cache, "group", sizeof(struct group));
OBJECT_CACHE(session_cache, "session", sizeof(struct session));

static struct group *group_create(int id, struct session *session)
{
    struct group *group = cache_alloc(&group_cache);

    if (group == NULL)
        return NULL;
    group->id = id;
    group->session = session;
    list_init(&group->members);
    return group;
}

struct group *session_create(int id)
{
    struct session *session = cache_alloc(&session_cache);
    struct group *group;

    if (session == NULL)
        return NULL;
    session->id = id;
    group = group_create(id, session);
    if (group == NULL)
        cache_free(&session_cache, session);
    return group;
}

void group_enter(struct group *group)
{
    debug_lock_held(&processes_lock);
    if (group->session->groups++ == 0)
        id_find(group->session->id)->session = group->session;
    id_find(group->id)->group = group;
}

/* The last member has left. */
static void group_destroy(struct group *group)
{
    struct session *session = group->session;

    id_find(group->id)->group = NULL;
    id_release(group->id);
    cache_free(&group_cache, group);
    if (--session->groups > 0)
        return;
    id_find(session->id)->session = NULL;
    id_release(session->id);
    cache_free(&session_cache, session);
}

void group_leave(struct process *process)
{
    struct group *group = process->group;

    debug_lock_held(&processes_lock);
    process->group = NULL;
    list_remove(&process->group_link);
    if (list_empty(&group->members))
        group_destroy(group);
}

void group_join(struct group *group, struct process *process)
{
    struct group *old = process->group;

    if (old == group)
        return;
    if (old != NULL)
        group_leave(process);
    process->group = group;
    list_add_tail(&group->members, &process->group_link);
}

bool group_link(const struct process *process, const struct process *parent)
{
    return parent->group != process->group && parent->group->session == process->group->session;
}

void group_check_orphaned(struct group *group, const struct process *without)
{
    struct process *p;
    bool stopped = false;

    if (!group_is_orphaned(group, without))
        return;
    list_for_each_entry (p, &group->members, group_link)
        stopped |= p != without && p->stopped;
    if (!stopped)
        return;
    signal_send_group(group, SIGHUP);
    signal_send_group(group, SIGCONT);
}

/* May `process` be moved to the group of number `id`?  0 or an errno. */
static int check_setpgid(const struct process *self, const struct process *process, int id)
{
    const struct session *session = self->group->session;
    const struct group *group = id_find(id)->group;

    if (process == NULL || (process != self && process->parent != self))
        return -ESRCH; /* POSIX setpgid: ESRCH; a zombie is a process still, and may give a pipeline its group */
    if (process != self && process->has_execed)
        return -EACCES; /* POSIX setpgid: EACCES */
    if (process->group->session != session || process->pid == session->id)
        return -EPERM; /* POSIX setpgid: EPERM, a child in another session, or a session leader */
    if (id != process->pid && (group == NULL || group->session != session))
        return -EPERM; /* POSIX setpgid: EPERM, no such group in this session */
    return 0;
}

/* Move `process` to another group.  That may orphan the one it leaves, and those of its children. */
static void move(struct process *process, struct group *group)
{
    const struct session *session = process->group->session;
    struct group *old = process->group;
    struct process *child;
    bool others = old->members.next != old->members.prev;
    bool linked = group_link(process, process->parent);

    group_join(group, process);
    if (others && linked)
        group_check_orphaned(old, NULL);
    list_for_each_entry (child, &process->children, sibling_link) {
        if (child->group != old && child->group->session == session && !group_link(child, process))
            group_check_orphaned(child->group, NULL);
    }
}

long sys_setpgid(int pid, int id)
{
    struct process *self = current->process, *process;
    struct group *spare, *group;
    int error;

    if (id < 0 || pid < 0)
        return id < 0 ? -EINVAL : -ESRCH; /* POSIX setpgid: EINVAL */
    spare = group_create(0, NULL);
    if (spare == NULL)
        return -ENOMEM;
    spin_lock(&processes_lock);
    process = pid == 0 ? self : process_find(pid);
    if (id == 0 && process != NULL)
        id = process->pid;
    error = check_setpgid(self, process, id);
    if (error == 0) {
        group = id_find(id)->group;
        if (group == NULL) {
            group = spare;
            spare = NULL;
            group->id = id;
            group->session = process->group->session;
            group_enter(group);
        }
        if (group != process->group)
            move(process, group);
    }
    spin_unlock(&processes_lock);
    cache_free(&group_cache, spare);
    return error;
}

long sys_setsid(void)
{
    struct process *self = current->process;
    struct group *group = session_create(self->pid);
    bool permitted;

    if (group == NULL)
        return -ENOMEM;
    spin_lock(&processes_lock);
    permitted = id_find(self->pid)->group == NULL; /* POSIX setsid: EPERM, a group has that number already */
    if (permitted) {
        group_enter(group);
        move(self, group);
    }
    spin_unlock(&processes_lock);
    if (permitted)
        return self->pid;
    cache_free(&session_cache, group->session);
    cache_free(&group_cache, group);
    return -EPERM;
}

/* The group's or the session's id of a process; 0: of the running one. */
static long group_number(int pid, bool session)
{
    const struct process *process;
    long result = -ESRCH; /* POSIX getpgid, getsid: ESRCH */

    spin_lock(&processes_lock);
    process = pid == 0 ? current->process : process_find(pid);
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
