/*
 * procfs_process.c - the files of /proc/PID and of /proc/PID/task/TID, in Linux's formats.
 *
 * A process may end at any moment.  What is shown is copied first, whole, into a struct view, under processes_lock (a
 * process on the list is not freed) and its signal_lock (its threads stay, and its space, files and paths are not
 * replaced); printing, which allocates, comes after.  Where the space or the table itself is needed, a reference is
 * taken under the same locks.
 */
#include <abi/time.h>
#include <core/cpu_data.h>
#include <fs/path.h>
#include <fs/procfs.h>
#include <fs/trace.h>
#include <mm/account.h>
#include <mm/kmalloc.h>
#include <mm/space.h>

#define NS_PER_HUNDREDTH 10000000

/* A process and one of its threads as they were; where their pointers lead must not be looked at. */
struct view {
    struct process process;  /* CPU time, samples and switches are those of all threads, dead and alive */
    struct thread thread;    /* the one asked for, else the leader; all zero: the process has ended */
    struct trap_frame frame; /* of its entry from user mode */
    int id;                  /* tid or pid */
    char state;
    int parent, group, session, foreground;
    uint32_t terminal; /* its device number, or 0 */
    unsigned cpu, pages, resident;
    uint64_t queued;     /* signals of the user */
    struct space *space; /* held; NULL: the process has ended */
};

/* The process with its signal_lock held, and processes_lock; NULL with none held: it is gone, or a zombie where
 * `alive` is asked for. */
static struct process *process_lock(int pid, bool alive)
{
    struct process *p;

    spin_lock(&processes_lock);
    p = process_find(pid);
    if (p != NULL && (!alive || p->state == PROCESS_ALIVE)) {
        spin_lock(&p->signal_lock);
        return p;
    }
    spin_unlock(&processes_lock);
    return NULL;
}

static void process_unlock(struct process *p)
{
    spin_unlock(&p->signal_lock);
    spin_unlock(&processes_lock);
}

struct space *proc_space(int pid)
{
    struct process *p = process_lock(pid, true);
    struct space *space;

    if (p == NULL)
        return NULL;
    space = p->space;
    if (space != NULL)
        space_get(space);
    process_unlock(p);
    return space;
}

struct file_table *proc_files(int pid)
{
    struct process *p = process_lock(pid, true);
    struct file_table *table;

    if (p == NULL)
        return NULL;
    table = p->files;
    if (table != NULL)
        file_table_get(table);
    process_unlock(p);
    return table;
}

struct inode *proc_file(int pid, size_t field)
{
    struct process *p = process_lock(pid, true);
    struct inode *inode;

    if (p == NULL)
        return NULL;
    inode = *(struct inode **)((char *)p + field);
    if (inode != NULL)
        inode_get(inode);
    process_unlock(p);
    return inode;
}

bool proc_permitted(int pid)
{
    uint32_t euid = credentials_current()->euid;

    return euid == 0 || (int64_t)euid == proc_owner(pid);
}

int64_t proc_owner(int pid)
{
    struct process *p = process_lock(pid, false);
    int64_t owner;

    if (p == NULL)
        return -1;
    owner = p->credentials.euid;
    process_unlock(p);
    return owner;
}

/* So many numbers are looked at with the lock held. */
#define SCAN_STEP 64

int proc_next_pid(int from)
{
    int pid = from > 0 ? from : 1;

    while (pid <= PID_MAX) {
        int end = pid + SCAN_STEP;

        spin_lock(&processes_lock);
        while (pid < end && id_find(pid)->process == NULL)
            pid++;
        spin_unlock(&processes_lock);
        if (pid < end)
            return pid;
    }
    return -1;
}

int proc_next_thread(int pid, int from)
{
    struct process *p = process_lock(pid, true);
    const struct thread *t;
    int lowest = -1;

    if (p == NULL)
        return -1;
    list_for_each_entry (t, &p->threads, process_link)
        if (t->tid >= from && (lowest < 0 || t->tid < lowest))
            lowest = t->tid;
    process_unlock(p);
    return lowest;
}

/* Of a thread (0: of any): R if it can run, T if stopped, Z if the process has ended. */
static char process_state(const struct process *p, int tid)
{
    const struct thread *t;

    if (p->state == PROCESS_ZOMBIE)
        return 'Z';
    list_for_each_entry (t, &p->threads, process_link)
        if ((tid == 0 || t->tid == tid) && (t->state == THREAD_READY || t->state == THREAD_RUNNING))
            return 'R';
    return p->stopped ? 'T' : 'S';
}

/* The thread of that number with its times, or (0) the first one.  False: the process has no such thread. */
static bool view_thread(struct view *view, const struct process *p, int tid)
{
    struct thread *t, *found = tid == 0 ? p->leader : NULL;

    list_for_each_entry (t, &p->threads, process_link)
        if (t->tid == tid || (tid == 0 && found == NULL))
            found = t;
    if (found == NULL)
        return tid == 0;
    view->thread = *found;
    if (tid != 0 || found == p->leader)
        memcpy(view->process.name, found->name, sizeof(found->name));
    view->frame = *thread_trap_frame(found);
    view->cpu = found->cpu->number;
    view->process.ended_times = (struct cpu_times){0};
    times_add_thread(&view->process.ended_times, found);
    return true;
}

static void view_family(struct view *view, const struct process *p)
{
    view->parent = p->parent != NULL ? p->parent->pid : 0;
    view->foreground = -1;
    if (p->group == NULL)
        return;
    view->group = p->group->id;
    view->session = p->group->session->id;
    if (p->group->session->terminal != NULL)
        terminal_describe(p->group->session->terminal, &view->terminal, &view->foreground);
}

/* Of a thread, 0: of the whole process.  0, or -ESRCH. */
static int view_fill(struct view *view, int pid, int tid)
{
    struct process *p = process_lock(pid, false);

    if (p == NULL)
        return -ESRCH;
    view->process = *p;
    if (!view_thread(view, p, tid)) {
        process_unlock(p);
        return -ESRCH;
    }
    view->id = tid != 0 ? tid : pid;
    if (tid == 0)
        process_times(p, &view->process.ended_times);
    view->state = process_state(p, tid);
    view->queued = account_held(p->account, ACCOUNT_SIGNALS);
    view_family(view, p);
    if (p->state == PROCESS_ALIVE && p->space != NULL) {
        space_get(p->space);
        view->space = p->space;
        view->pages = p->space->areas_pages;
        view->resident = p->space->pages_mapped;
    }
    process_unlock(p);
    return 0;
}

/* User and system time in 1/100 s. */
static void split_time(const struct cpu_times *times, unsigned long long split[2])
{
    split[0] = ns_from_ticks(times->ticks - times->system) / NS_PER_HUNDREDTH;
    split[1] = ns_from_ticks(times->system) / NS_PER_HUNDREDTH;
}

/* The signals that the process ignores, or catches. */
static abi_sigset_t signals_with(const struct process *p, bool caught)
{
    abi_sigset_t set = 0;

    for (unsigned signal = 1; signal < ABI_NSIG; signal++) {
        uaddr_t handler = p->actions[signal].sa_handler;

        if (caught ? handler != ABI_SIG_IGN && handler != ABI_SIG_DFL : handler == ABI_SIG_IGN)
            set |= 1ull << (signal - 1);
    }
    return set;
}

/* As Linux: 20 + nice, or below 0 for real-time threads. */
static int shown_priority(const struct thread *t)
{
    return t->priority == 0 ? 20 + t->nice : -1 - t->priority;
}

static void show_stat(struct proc_text *text)
{
    const struct view *v = text->view;
    const struct process *p = &v->process;
    const struct thread *t = &v->thread;
    unsigned long long own[2], children[2];

    split_time(&p->ended_times, own);
    split_time(&p->children_times, children);
    proc_print(text, "%d (%s) %c %d %d %d %lu %d 0 ", v->id, p->name, v->state, v->parent, v->group, v->session,
               v->terminal, v->foreground);
    proc_print(text, "%lu %lu 0 0 %llu %llu %llu %llu ", p->ended_times.faults, p->children_times.faults, own[0],
               own[1], children[0], children[1]);
    proc_print(text, "%d %d %u 0 %llu ", shown_priority(t), t->nice, p->thread_count,
               (unsigned long long)ns_from_ticks(p->start_ticks - time_page->boot_ticks) / NS_PER_HUNDREDTH);
    proc_print(text, "%llu %u %llu ", (unsigned long long)v->pages * PAGE_SIZE, v->resident,
               (unsigned long long)p->limits[RLIMIT_AS].rlim_cur);
    proc_print(text, "%u 0 %u 0 0 ", USER_BASE, p->space != NULL ? USER_STACK_TOP : 0);
    proc_print(text, "%lu %lu %lu %lu ", (uint32_t)(t->pending.set | p->pending.set), (uint32_t)t->blocked,
               (uint32_t)signals_with(p, false), (uint32_t)signals_with(p, true));
    proc_print(text, "%d 0 0 17 %u %d %d 0 0 0\n", t->wait_reason != NULL, v->cpu, t->priority, t->policy);
}

static const char *state_word(char state)
{
    switch (state) {
    case 'R':
        return "running";
    case 'T':
        return "stopped";
    case 'Z':
        return "zombie";
    default:
        return "sleeping";
    }
}

static void print_ids(struct proc_text *text, const struct credentials *c)
{
    proc_print(text, "Uid:\t%lu\t%lu\t%lu\t%lu\n", c->uid, c->euid, c->suid, c->euid);
    proc_print(text, "Gid:\t%lu\t%lu\t%lu\t%lu\nGroups:\t", c->gid, c->egid, c->sgid, c->egid);
    for (unsigned i = 0; i < c->group_count; i++)
        proc_print(text, "%lu ", c->groups[i]);
    proc_print(text, "\n");
}

static void print_set(struct proc_text *text, const char *name, abi_sigset_t set)
{
    proc_print(text, "%s:\t%08lx%08lx\n", name, (uint32_t)(set >> 32), (uint32_t)set);
}

static void show_status(struct proc_text *text)
{
    const struct view *v = text->view;
    const struct process *p = &v->process;

    proc_print(text, "Name:\t%s\nState:\t%c (%s)\n", p->name, v->state, state_word(v->state));
    proc_print(text, "Tgid:\t%d\nPid:\t%d\nPPid:\t%d\n", p->pid, v->id, v->parent);
    print_ids(text, &p->credentials);
    proc_print(text, "VmSize:\t%8u kB\nVmRSS:\t%8u kB\n", v->pages * 4, v->resident * 4);
    proc_print(text, "Threads:\t%u\n", p->thread_count);
    proc_print(text, "SigQ:\t%llu/%llu\n", (unsigned long long)v->queued,
               (unsigned long long)p->limits[RLIMIT_SIGPENDING].rlim_cur);
    print_set(text, "SigPnd", v->thread.pending.set);
    print_set(text, "ShdPnd", p->pending.set);
    print_set(text, "SigBlk", v->thread.blocked);
    print_set(text, "SigIgn", signals_with(p, false));
    print_set(text, "SigCgt", signals_with(p, true));
    proc_print(text, "voluntary_ctxt_switches:\t%lu\n", p->ended_times.voluntary);
    proc_print(text, "nonvoluntary_ctxt_switches:\t%lu\n", p->ended_times.involuntary);
}

static void show_comm(struct proc_text *text)
{
    proc_print(text, "%s\n", text->view->process.name);
}

/* The word that wait_sleep() and its kin were given; "0" for a process that does not wait. */
static void show_wchan(struct proc_text *text)
{
    const struct view *v = text->view;

    proc_print(text, "%s", v->thread.wait_reason != NULL && v->state != 'R' ? v->thread.wait_reason : "0");
}

/* What it asked the kernel for, if it waits for that: the call's number and arguments, sp and pc; and lr, since who
 * called the function that made the call is not on the stack.  (Of no meaning while it waits for a page.) */
static void show_syscall(struct proc_text *text)
{
    const struct view *v = text->view;
    const struct trap_frame *frame = &v->frame;

    if (v->thread.wait_reason == NULL) {
        proc_print(text, "running\n");
        return;
    }
    proc_print(text, "%lu", frame->r[7]);
    for (int i = 0; i < 6; i++)
        proc_print(text, " 0x%lx", frame->r[i]);
    proc_print(text, " 0x%lx 0x%lx 0x%lx\n", frame->sp, frame->pc, frame->lr);
}

/* The argument strings that exec has put on the stack, each with its 0 byte. */
static void show_cmdline(struct proc_text *text)
{
    struct space *space = text->view->space;
    uaddr_t at = space != NULL ? space->arguments_start : 0, end = space != NULL ? space->arguments_end : 0;
    char part[256];

    while (at < end) {
        size_t n = end - at < sizeof(part) ? end - at : sizeof(part);

        if (space_access(space, at, part, n, false) != 0)
            break;
        proc_write(text, part, n);
        at += n;
    }
}

struct maps_context {
    struct proc_text *text;
    char name[ABI_PATH_MAX];
};

static void print_area(const struct area *area, const char *label, void *context)
{
    struct maps_context *maps = context;
    const struct backing_ops *ops = area->backing.ops;
    unsigned long long number = 0;

    maps->name[0] = '\0';
    if (label != NULL)
        strlcpy(maps->name, label, sizeof(maps->name));
    else if (ops != NULL)
        ops->name(area->backing.object, maps->name, sizeof(maps->name));
    if (ops != NULL)
        number = ops->number(area->backing.object);
    proc_print(maps->text, "%08lx-%08lx %c%c%c%c %08lx 00:%02x %-10llu %s\n", area->start, area->end,
               area->prot & PROT_READ ? 'r' : '-', area->prot & PROT_WRITE ? 'w' : '-',
               area->prot & PROT_EXEC ? 'x' : '-', area->flags & MAP_SHARED ? 's' : 'p', area->offset << PAGE_SHIFT,
               number != 0 ? DEVICE_RAMFS : 0, number, maps->name);
}

static void show_maps(struct proc_text *text)
{
    struct maps_context *maps = kmalloc(sizeof(*maps));

    text->failed = maps == NULL;
    if (maps != NULL && text->view->space != NULL) {
        maps->text = text;
        space_visit(text->view->space, print_area, maps);
    }
    kfree(maps);
}

int proc_show(struct proc_text *text, void (*show)(struct proc_text *text), int pid, int tid)
{
    struct view *view = kmalloc(sizeof(*view));
    int error = view != NULL ? view_fill(view, pid, tid > 0 ? tid : 0) : -ENOMEM;

    text->view = view;
    if (error == 0)
        show(text);
    if (error == 0 && view->space != NULL)
        space_put(view->space);
    kfree(view);
    return error;
}

/* The process's memory: a position is an address. */
static long memory_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    int pid = proc_inode(file->inode)->pid;
    bool permitted = proc_permitted(pid);
    struct space *space = permitted ? proc_space(pid) : NULL;
    int error = space != NULL ? 0 : permitted ? -ESRCH : -EACCES;
    char part[256];
    long done = 0;

    while (error == 0 && uio->left > 0) {
        size_t n = uio->left < sizeof(part) ? uio->left : sizeof(part);

        error = -EIO; /* Linux /proc/PID/mem: EIO */
        if (*position < USER_TOP && space_access(space, (uaddr_t)*position, part, n, false) == 0)
            error = uio_copy_out(uio, part, n);
        if (error == 0) {
            *position += (abi_off_t)n;
            done += (long)n;
        }
    }
    if (space != NULL)
        space_put(space);
    return done > 0 ? done : error;
}

static const struct file_ops memory_ops = {.read = memory_read, .seek = inode_seek};

void proc_add_process(void)
{
    static const struct proc_file of_process[] = {{"cmdline", 0444, show_cmdline}, {"maps", 0400, show_maps}};
    static const struct proc_file of_both[] = {
        {"comm", 0444, show_comm},       {"stat", 0444, show_stat},   {"status", 0444, show_status},
        {"syscall", 0400, show_syscall}, {"wchan", 0444, show_wchan},
    };

    proc_task_row = proc_add(proc_process_row, "task", ABI_S_IFDIR | 0555);
    proc_thread_row = proc_add(NULL, "thread", ABI_S_IFDIR | 0555);
    proc_add(proc_process_row, "mem", ABI_S_IFREG | 0400)->file_ops = &memory_ops;
    proc_add(proc_process_row, "trace", ABI_S_IFREG | 0400)->ops = &trace_inode_ops;
    proc_add_files(proc_process_row, of_process, 2);
    proc_add_files(proc_process_row, of_both, sizeof(of_both) / sizeof(of_both[0]));
    proc_add_files(proc_thread_row, of_both, sizeof(of_both) / sizeof(of_both[0]));
}
