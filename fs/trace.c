/*
 * trace.c - /proc/PID/trace: a record of each system call, result and signal of a process, while it runs on.
 *
 * Opening the file attaches a ring of records to the process, and to its children where the reader asks for that;
 * closing it detaches them.  A process has one tracer: a second finds it busy.  Nobody waits for the reader: what finds
 * no room in the ring is counted, and the next record says how many were lost.
 *
 * The threads of a traced process have a table of system calls of their own (thread->calls), in which each call leads
 * to trace_call(): so the others pay nothing.  It is given to all threads when the file is opened; a thread that finds
 * its tracer gone takes the common table again.
 *
 * A tracer without the superuser's rights sees what its own user's processes do, and nothing while one runs with other
 * rights (a program with S_ISUID, say): such records count as lost.
 *
 * trace_lock guards all traces, which processes they have, and where the rings end; a ring's bytes between its start
 * and its end belong to the reader that holds `reading`.  User memory is read, before the lock is taken, into a record
 * that is allocated for the purpose.
 */
#include <core/timer.h>
#include <fs/procfs.h>
#include <fs/trace.h>
#include <mm/account.h>
#include <mm/kmalloc.h>

#define RING_SIZE (256u << 10) /* a power of two */
#define TRACES_MAX 16          /* of an ordinary user */

struct trace {
    struct list processes;     /* trace_lock */
    struct wait_queue readers; /* trace_lock */
    uint32_t end, lost;        /* trace_lock; a position counts on: modulo RING_SIZE it is a place */
    uint32_t start;            /* changed with `reading` held */
    struct mutex reading;
    uint32_t uid, gid; /* the tracer's */
    uint32_t options;  /* how many bytes of a buffer, TRACE_FOLLOW */
    uint8_t *ring;
    struct account *account; /* that is charged for it */
};

static struct spinlock trace_lock = SPINLOCK_INIT("trace", RANK_TRACE);

/* May the tracer see what runs with these credentials? */
static bool shows_to(const struct trace *trace, const struct credentials *c)
{
    uint32_t uid = trace->uid, gid = trace->gid;

    return uid == 0 || (c->uid == uid && c->euid == uid && c->suid == uid && c->gid == gid && c->egid == gid &&
                        c->sgid == gid && !c->secret);
}

static void ring_put(struct trace *trace, const void *bytes, size_t n)
{
    uint32_t at = trace->end % RING_SIZE;
    size_t first = n < RING_SIZE - at ? n : RING_SIZE - at;

    memcpy(trace->ring + at, bytes, first);
    memcpy(trace->ring, (const char *)bytes + first, n - first);
    __atomic_store_n(&trace->end, trace->end + n, __ATOMIC_RELEASE);
}

void trace_put(struct process *process, struct abi_trace_record *record)
{
    struct trace *trace;

    spin_lock(&trace_lock);
    trace = process->trace;
    if (trace != NULL && shows_to(trace, &process->credentials) &&
        record->length <= RING_SIZE - (trace->end - trace->start)) {
        record->time = clock_monotonic();
        record->lost = trace->lost;
        trace->lost = 0;
        ring_put(trace, record, record->length);
        wake_all(&trace->readers, 0);
    } else if (trace != NULL) {
        trace->lost++;
    }
    spin_unlock(&trace_lock);
}

struct abi_trace_record trace_record(enum abi_trace_kind kind, unsigned number, long result)
{
    return (struct abi_trace_record){.length = sizeof(struct abi_trace_record),
                                     .kind = kind,
                                     .number = (uint16_t)number,
                                     .pid = current->process->pid,
                                     .tid = current->tid,
                                     .result = (int32_t)result};
}

bool trace_wants(size_t *bytes)
{
    const struct trace *trace;

    spin_lock(&trace_lock);
    trace = current->process->trace;
    if (trace != NULL)
        *bytes = trace->options & ~TRACE_FOLLOW;
    else
        current->calls = syscall_table;
    spin_unlock(&trace_lock);
    return trace != NULL;
}

void trace_signal(int signal, const struct signal_note *note)
{
    struct abi_trace_record record = trace_record(TRACE_SIGNAL, (unsigned)signal, 0);

    record.arguments[0] = (uint32_t)note->code;
    memcpy(&record.arguments[1], note->words, sizeof(note->words));
    trace_put(current->process, &record);
}

void trace_exec(const char *path)
{
    struct {
        struct abi_trace_record record;
        struct abi_trace_part part;
        char path[TRACE_PATH];
    } to;

    if (current->process->trace == NULL)
        return;
    to.record = trace_record(TRACE_EXEC, 0, 0);
    to.part.address = 0;
    memset(to.path, 0, sizeof(to.path));
    strlcpy(to.path, path, sizeof(to.path));
    to.part.length = strlen(to.path) + 1;
    to.record.length += sizeof(to.part) + ((to.part.length + 7) & ~7u);
    trace_put(current->process, &to.record);
}

void trace_exit(void)
{
    struct process *process = current->process;
    struct abi_trace_record record;

    if (process->trace == NULL)
        return;
    record = trace_record(TRACE_EXIT, 0, (long)process->exit_code);
    trace_put(process, &record);
}

void trace_fork(struct process *child, const struct process *parent, int pid)
{
    struct abi_trace_record record;

    if (parent->trace == NULL)
        return;
    record = trace_record(TRACE_FORK, 0, parent->pid);
    spin_lock(&trace_lock);
    if (parent->trace != NULL && parent->trace->options & TRACE_FOLLOW) {
        child->trace = parent->trace;
        list_add_tail(&child->trace->processes, &child->trace_link);
    }
    spin_unlock(&trace_lock);
    record.pid = record.tid = pid;
    trace_put(child, &record);
}

void trace_leave(struct process *process)
{
    struct trace *trace;

    if (process->trace == NULL)
        return;
    spin_lock(&trace_lock);
    trace = process->trace;
    if (trace != NULL) {
        process->trace = NULL;
        list_remove(&process->trace_link);
        if (list_empty(&trace->processes))
            wake_all(&trace->readers, 0);
    }
    spin_unlock(&trace_lock);
}

/* The process's signal_lock, and trace_lock are held. */
static int attach_locked(struct trace *trace, struct process *process)
{
    struct thread *t;

    if (process->thread_count == 0)
        return -ESRCH; /* trace_leave() is over, or next */
    if (!shows_to(trace, &process->credentials))
        return -EACCES;
    if (process->trace != NULL)
        return -EBUSY;
    process->trace = trace;
    list_add_tail(&trace->processes, &process->trace_link);
    list_for_each_entry (t, &process->threads, process_link)
        t->calls = traced_calls;
    return 0;
}

static int attach(struct trace *trace, int pid)
{
    struct process *process;
    int error = -ESRCH;

    spin_lock(&processes_lock);
    process = process_find(pid);
    if (process != NULL) {
        spin_lock(&process->signal_lock);
        spin_lock(&trace_lock);
        error = attach_locked(trace, process);
        spin_unlock(&trace_lock);
        spin_unlock(&process->signal_lock);
    }
    spin_unlock(&processes_lock);
    return error;
}

static void trace_free(struct trace *trace)
{
    if (trace == NULL)
        return;
    if (trace->account != NULL)
        account_release(trace->account, ACCOUNT_TRACES, 1);
    kfree(trace->ring);
    kfree(trace);
}

/* 1: there are records; 0: there will be none; -EAGAIN, -ERESTART. */
static long wait_for_records(struct trace *trace, bool nonblocking)
{
    long result = 0;

    spin_lock(&trace_lock);
    while (trace->start == trace->end && !list_empty(&trace->processes) && result == 0)
        result = nonblocking ? -EAGAIN
                             : wait_sleep(&trace->readers, &trace_lock, "trace", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
    if (trace->start != trace->end)
        result = 1;
    spin_unlock(&trace_lock);
    return result;
}

/* Move the records that fit whole.  How many bytes; 0: another reader was faster; -EINVAL: not one fits; -EFAULT. */
static long take_records(struct trace *trace, struct uio *uio)
{
    uint32_t start = trace->start, end = __atomic_load_n(&trace->end, __ATOMIC_ACQUIRE), n = 0, first;
    long error = 0;

    while (start + n != end) {
        const struct abi_trace_record *record = (const void *)(trace->ring + (start + n) % RING_SIZE);

        if (n + record->length > uio->left)
            break;
        n += record->length;
    }
    if (n == 0)
        return start == end ? 0 : -EINVAL;
    first = RING_SIZE - start % RING_SIZE;
    first = n < first ? n : first;
    error = uio_copy_out(uio, trace->ring + start % RING_SIZE, first);
    if (error == 0)
        error = uio_copy_out(uio, trace->ring, n - first);
    if (error != 0)
        return error;
    __atomic_store_n(&trace->start, start + n, __ATOMIC_RELEASE);
    return (long)n;
}

static long trace_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct trace *trace = file->object;
    long result;

    if (uio->left == 0)
        return 0; /* POSIX read: 0 bytes */
    do {
        result = wait_for_records(trace, file->flags & O_NONBLOCK);
        if (result <= 0)
            return result;
        mutex_lock(&trace->reading);
        result = take_records(trace, uio);
        mutex_unlock(&trace->reading);
    } while (result == 0);
    return result;
}

static unsigned trace_poll(struct file *file, struct poll_watch *watch)
{
    struct trace *trace = file->object;
    unsigned ready;

    spin_lock(&trace_lock);
    if (watch != NULL)
        wait_enqueue(&trace->readers, &watch->entry, &trace_lock);
    ready = trace->start != trace->end ? POLLIN | POLLRDNORM : 0;
    if (list_empty(&trace->processes))
        ready |= POLLHUP;
    spin_unlock(&trace_lock);
    return ready;
}

static long trace_ioctl(struct file *file, unsigned request, uint32_t argument)
{
    struct trace *trace = file->object;

    if (request != TRACE_SET)
        return -ENOTTY;
    if ((argument & ~TRACE_FOLLOW) > TRACE_BYTES_MAX)
        return -EINVAL;
    trace->options = argument;
    return 0;
}

static void trace_release(struct file *file)
{
    struct trace *trace = file->object;
    struct list *link;

    spin_lock(&trace_lock);
    while ((link = list_pop(&trace->processes)) != NULL)
        container_of(link, struct process, trace_link)->trace = NULL;
    spin_unlock(&trace_lock);
    trace_free(trace);
}

static const struct file_ops trace_ops = {
    .read = trace_read,
    .ioctl = trace_ioctl,
    .poll = trace_poll,
    .release = trace_release,
};

/* Attaches.  -EACCES: the process may have other rights than the caller; -EBUSY: it is traced already. */
static int trace_open(struct inode *inode, struct file *file)
{
    struct trace *trace;
    int error = -ENOMEM;

    if (file_writable(file))
        return -EROFS; /* POSIX open: EROFS */
    trace = kmalloc(sizeof(*trace));
    if (trace == NULL || (trace->ring = kmalloc(RING_SIZE)) == NULL)
        goto failed;
    trace->account =
        account_charge_current(ACCOUNT_TRACES, 1, credentials_superuser() ? ACCOUNT_UNLIMITED : TRACES_MAX);
    error = -EMFILE; /* Linux inotify_init: EMFILE, the user has as many as he may */
    if (trace->account == NULL)
        goto failed;
    list_init(&trace->processes);
    wait_queue_init(&trace->readers);
    mutex_init(&trace->reading, "trace");
    trace->uid = credentials_current()->euid;
    trace->gid = credentials_current()->egid;
    trace->options = TRACE_BYTES;
    error = attach(trace, proc_inode(inode)->pid);
    if (error != 0)
        goto failed;
    file->ops = &trace_ops;
    file->object = trace;
    return 0;
failed:
    trace_free(trace);
    return error;
}

const struct inode_ops trace_inode_ops = {
    .open = trace_open,
    .find_name = proc_find_name,
    .release = proc_release,
};
