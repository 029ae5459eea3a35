/*
 * file_lock.c - advisory locks on files.
 *
 * Three kinds, which differ in who holds them and when they go:
 *
 *      record locks (fcntl F_SETLK)        a process; at its first close of the file, by whatever descriptor
 *      open file locks (fcntl F_OFD_SETLK) an open file, so all that inherited it; at its last close
 *      flock()                             the same, the whole file at once
 *
 * The first two are ranges of bytes and exclude one another; flock() stands apart.  A process is known by its table of
 * descriptors, which it keeps across exec.
 *
 * An inode has a list of the ranges held, of which no two of one holder overlap; to set a range is to cut it out of
 * what its holder had before, and to put it in.  Who has to wait stands on one queue for all files, and tries again
 * when nothing is in its way any more.  Before a process waits, the search for a deadlock goes from each holder in its
 * way to what that one waits for, until it comes back or ends.
 *
 * One mutex guards all of it: locks are set seldom beside what is done under them, and the search wants the lists of
 * several files to stand still.  The spinlock guards the queue alone.
 *
 * Left out on purpose: mandatory locks, and the search where an open file holds: who would unlock it is not known.
 */
#include <core/syscalls.h>
#include <fs/file_lock.h>
#include <fs/fs.h>
#include <mm/account.h>
#include <mm/kmalloc.h>

#define RANGE_END INT64_MAX

struct file_lock {
    struct file_lock *next; /* of the inode's */
    struct list link;       /* all_locks */
    struct inode *inode;
    struct file_table *table; /* the holder: this, or, where it is NULL, the next */
    struct file *file;
    int pid;    /* for people; -1 where a file holds */
    bool whole; /* by flock() */
    bool exclusive;
    abi_off_t start, end;    /* both included */
    struct account *account; /* the user's who set it */
};

/* A thread that waits. */
struct lock_wait {
    struct wait_entry entry;
    struct file_lock wanted;
    struct list link;         /* all_waits */
    struct list same_process; /* its table's lock_waits */
    struct lock_wait *to_do;  /* of the search: the next to be looked at */
    unsigned search;          /* the last one that came by */
};

OBJECT_CACHE(lock_cache, "file_lock", sizeof(struct file_lock));

static struct mutex locks_mutex;
static struct list all_locks = LIST_INIT(all_locks), all_waits = LIST_INIT(all_waits);
static uint32_t lock_limit = 4096; /* of a user; the superuser has none */
static struct spinlock queue_lock = SPINLOCK_INIT("file lock queue", RANK_OBJECT);
static struct wait_queue queue = {LIST_INIT(queue.entries)};

static bool same_holder(const struct file_lock *a, const struct file_lock *b)
{
    return a->table == b->table && a->file == b->file && a->whole == b->whole;
}

static bool overlap(const struct file_lock *a, const struct file_lock *b)
{
    return a->start <= b->end && b->start <= a->end;
}

static bool touch(const struct file_lock *a, const struct file_lock *b)
{
    return a->start - 1 <= b->end && b->start - 1 <= a->end;
}

static bool in_the_way(const struct file_lock *held, const struct file_lock *wanted)
{
    return held->whole == wanted->whole && !same_holder(held, wanted) && (held->exclusive || wanted->exclusive) &&
           overlap(held, wanted);
}

/* The first lock behind `from`, or of all where that is NULL, that is in the way of `wanted`; NULL: none. */
static const struct file_lock *next_in_the_way(const struct file_lock *wanted, const struct file_lock *from)
{
    const struct file_lock *lock = from != NULL ? from->next : wanted->inode->locks;

    while (lock != NULL && !in_the_way(lock, wanted))
        lock = lock->next;
    return lock;
}

/* Put a lock like this one on its inode's list; NULL: no memory, or the user's limit is reached. */
static struct file_lock *lock_create(const struct file_lock *like)
{
    uint64_t limit = credentials_superuser() ? ACCOUNT_UNLIMITED : lock_limit;
    struct account *account = account_charge_current(ACCOUNT_FILE_LOCKS, 1, limit);
    struct file_lock *lock = account != NULL ? cache_alloc(&lock_cache) : NULL;

    if (lock == NULL) {
        if (account != NULL)
            account_release(account, ACCOUNT_FILE_LOCKS, 1);
        return NULL;
    }
    *lock = *like;
    lock->account = account;
    lock->next = like->inode->locks;
    like->inode->locks = lock;
    list_add_tail(&all_locks, &lock->link);
    return lock;
}

/* Take the lock that *at leads to off its list. */
static void lock_destroy(struct file_lock **at)
{
    struct file_lock *lock = *at;

    *at = lock->next;
    list_remove(&lock->link);
    account_release(lock->account, ACCOUNT_FILE_LOCKS, 1);
    cache_free(&lock_cache, lock);
}

/* Let `range` take in what its holder has of the same kind next to it. */
static void range_grow(struct file_lock *range)
{
    for (const struct file_lock *lock = range->inode->locks; lock != NULL; lock = lock->next) {
        if (!same_holder(lock, range) || lock->exclusive != range->exclusive || !touch(lock, range))
            continue;
        range->start = lock->start < range->start ? lock->start : range->start;
        range->end = lock->end > range->end ? lock->end : range->end;
    }
}

/* The lock of the same holder that `range` would cut in two, or NULL. */
static const struct file_lock *lock_around(const struct file_lock *range)
{
    const struct file_lock *lock = range->inode->locks;

    while (lock != NULL && !(same_holder(lock, range) && lock->start < range->start && lock->end > range->end))
        lock = lock->next;
    return lock;
}

/* Take `range` from what its holder has, but for `added`.  None of it lies around the range. */
static void lock_cut(const struct file_lock *range, const struct file_lock *added)
{
    struct file_lock **at = &range->inode->locks, *lock;

    while ((lock = *at) != NULL) {
        if (lock == added || !same_holder(lock, range) || !overlap(lock, range))
            at = &lock->next;
        else if (lock->start < range->start)
            lock->end = range->start - 1;
        else if (lock->end > range->end)
            lock->start = range->end + 1;
        else
            lock_destroy(at);
    }
}

/* Let those try again who have nothing in their way in this inode now. */
static void wake_waits(const struct inode *inode)
{
    struct lock_wait *wait;

    list_for_each_entry (wait, &all_waits, link) {
        if (wait->wanted.inode != inode || next_in_the_way(&wait->wanted, NULL) != NULL)
            continue;
        spin_lock(&queue_lock);
        if (list_linked(&wait->entry.link)) /* else it has been woken, and may wait for the mutex now */
            wake_entry(&wait->entry, 0);
        spin_unlock(&queue_lock);
    }
}

/* Set or unlock a range that nothing is in the way of.  0 or -ENOLCK. */
static int lock_set(struct file_lock *range, bool unlock)
{
    struct file_lock *rest = NULL, *added = NULL;
    const struct file_lock *around;

    if (!unlock)
        range_grow(range);
    around = lock_around(range);
    if (around != NULL && (rest = lock_create(around)) == NULL)
        return -ENOLCK; /* POSIX fcntl: ENOLCK */
    if (!unlock && (added = lock_create(range)) == NULL) {
        if (rest != NULL)
            lock_destroy(&range->inode->locks); /* the newest stands first */
        return -ENOLCK;                         /* POSIX fcntl: ENOLCK */
    }
    if (rest != NULL)
        rest->start = range->end + 1;
    lock_cut(range, added);
    wake_waits(range->inode);
    return 0;
}

/* Would the process that wants this wait for itself?  Each wait that the search finds is looked at once. */
static bool wait_is_deadlock(struct lock_wait *wait)
{
    static unsigned search;
    struct lock_wait *to_do = wait, *found;

    wait->to_do = NULL;
    wait->search = ++search;
    while (to_do != NULL) {
        const struct file_lock *wanted = &to_do->wanted, *lock = NULL;

        to_do = to_do->to_do;
        while ((lock = next_in_the_way(wanted, lock)) != NULL) {
            if (lock->table == NULL)
                continue;
            if (lock->table == wait->wanted.table)
                return true;
            list_for_each_entry (found, &lock->table->lock_waits, same_process) {
                if (found->search == search)
                    continue;
                found->search = search;
                found->to_do = to_do;
                to_do = found;
            }
        }
    }
    return false;
}

/* Sleep until nothing seems to be in the way; the mutex is given up meanwhile.  0, -EDEADLK or -ERESTART. */
static int lock_wait(struct lock_wait *wait)
{
    struct file_table *table = wait->wanted.table;
    long answer;

    if (table != NULL && wait_is_deadlock(wait))
        return -EDEADLK; /* POSIX fcntl: EDEADLK */
    if (table != NULL)
        list_add_tail(&table->lock_waits, &wait->same_process);
    list_add_tail(&all_waits, &wait->link);
    wait->entry.thread = current;
    wait_begin();
    spin_lock(&queue_lock);
    wait_enqueue(&queue, &wait->entry, &queue_lock);
    spin_unlock(&queue_lock);
    mutex_unlock(&locks_mutex);
    answer = wait_commit("file lock", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
    wait_remove(&wait->entry);
    mutex_lock(&locks_mutex);
    list_remove(&wait->link);
    if (table != NULL)
        list_remove(&wait->same_process);
    return (int)answer;
}

/* Set a range, or unlock it.  The mutex is given up while it waits. */
static int lock_change(struct file_lock *wanted, bool unlock, bool may_wait)
{
    struct lock_wait wait = {.wanted = *wanted};
    int error = 0;

    while (!unlock && error == 0 && next_in_the_way(wanted, NULL) != NULL) {
        if (wanted->whole)
            lock_set(&wait.wanted, true); /* Linux flock: what it had is lost, else two could wait for each other */
        error = may_wait ? lock_wait(&wait) : -EAGAIN; /* POSIX fcntl: EAGAIN */
    }
    return error != 0 ? error : lock_set(&wait.wanted, unlock);
}

/* F_GETLK: what is in the way of `wanted` first. */
static int lock_look(const struct file_lock *wanted, struct abi_flock *answer)
{
    const struct file_lock *lock = next_in_the_way(wanted, NULL);

    answer->l_type = F_UNLCK;
    if (lock != NULL)
        *answer = (struct abi_flock){
            .l_type = lock->exclusive ? F_WRLCK : F_RDLCK,
            .l_whence = SEEK_SET,
            .l_pid = lock->pid,
            .l_start = lock->start,
            .l_len = lock->end == RANGE_END ? 0 : lock->end - lock->start + 1,
        };
    return 0;
}

/* The bytes that the user's lock means. */
static int lock_range(struct file *file, const struct abi_flock *lock, struct file_lock *range)
{
    struct inode *inode = file->inode;
    abi_off_t length = lock->l_len;

    mutex_lock(&inode->lock);
    range->start = file_seek(file->position, inode->size, lock->l_start, lock->l_whence);
    mutex_unlock(&inode->lock);
    if (range->start < 0)
        return (int)range->start; /* POSIX fcntl: EINVAL, EOVERFLOW */
    range->end = length > 0 ? length - 1 : -1;
    if (length == 0)
        range->end = RANGE_END;
    else if (__builtin_add_overflow(range->start, range->end, &range->end))
        return -EOVERFLOW; /* POSIX fcntl: EOVERFLOW */
    if (length < 0)
        range->start += length;
    return range->start < 0 ? -EINVAL : 0; /* POSIX fcntl: EINVAL */
}

int file_lock_control(struct file *file, int command, struct abi_flock *lock)
{
    bool by_file = command >= F_OFD_GETLK, look = command == F_GETLK || command == F_OFD_GETLK;
    struct file_lock range = {
        .inode = file->inode,
        .table = by_file ? NULL : current->process->files,
        .file = by_file ? file : NULL,
        .pid = by_file ? -1 : current->process->pid,
        .exclusive = lock->l_type == F_WRLCK,
    };
    int error;

    if (file->inode == NULL || (by_file && lock->l_pid != 0))
        return -EINVAL; /* POSIX fcntl: EINVAL */
    if (lock->l_type != F_RDLCK && lock->l_type != F_WRLCK && (lock->l_type != F_UNLCK || look))
        return -EINVAL; /* POSIX fcntl: EINVAL */
    if (!look &&
        ((lock->l_type == F_WRLCK && !file_writable(file)) || (lock->l_type == F_RDLCK && !file_readable(file))))
        return -EBADF; /* POSIX fcntl: EBADF */
    error = lock_range(file, lock, &range);
    if (error != 0)
        return error;
    mutex_lock(&locks_mutex);
    if (look)
        error = lock_look(&range, lock);
    else
        error = lock_change(&range, lock->l_type == F_UNLCK, command == F_SETLKW || command == F_OFD_SETLKW);
    mutex_unlock(&locks_mutex);
    return error;
}

static long lock_whole(struct file *file, int operation)
{
    int kind = operation & ~LOCK_NB;
    struct file_lock range = {
        .inode = file->inode,
        .file = file,
        .pid = -1,
        .whole = true,
        .exclusive = kind == LOCK_EX,
        .end = RANGE_END,
    };
    int error;

    if (file->inode == NULL || (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN))
        return -EINVAL; /* Linux flock: EINVAL */
    mutex_lock(&locks_mutex);
    error = lock_change(&range, kind == LOCK_UN, !(operation & LOCK_NB));
    mutex_unlock(&locks_mutex);
    return error;
}

long sys_flock(int fd, int operation)
{
    struct file *file = fd_get(fd);
    long result;

    if (file == NULL)
        return -EBADF; /* Linux flock: EBADF */
    result = lock_whole(file, operation);
    fd_put(file);
    return result;
}

void file_lock_drop(struct inode *inode, struct file_table *table, struct file *file)
{
    struct file_lock **at = &inode->locks;

    mutex_lock(&locks_mutex);
    while (*at != NULL) {
        if ((*at)->table == table && (*at)->file == file)
            lock_destroy(at);
        else
            at = &(*at)->next;
    }
    wake_waits(inode);
    mutex_unlock(&locks_mutex);
}

static void lock_print(struct proc_text *text, unsigned number, const char *arrow, const struct file_lock *lock)
{
    const char *kind = lock->whole ? "FLOCK" : lock->table != NULL ? "POSIX" : "OFDLCK";

    proc_print(text, "%u: %s%-6s ADVISORY  %-5s %d 00:%02x:%llu %lld ", number, arrow, kind,
               lock->exclusive ? "WRITE" : "READ", lock->pid, (unsigned)lock->inode->device,
               (unsigned long long)lock->inode->number, (long long)lock->start);
    if (lock->end == RANGE_END)
        proc_print(text, "EOF\n");
    else
        proc_print(text, "%lld\n", (long long)lock->end);
}

static void file_lock_show(struct proc_text *text)
{
    const struct file_lock *lock;
    const struct lock_wait *wait;
    unsigned number = 0;

    mutex_lock(&locks_mutex);
    list_for_each_entry (lock, &all_locks, link)
        lock_print(text, ++number, "", lock);
    list_for_each_entry (wait, &all_waits, link)
        lock_print(text, ++number, "-> ", &wait->wanted);
    mutex_unlock(&locks_mutex);
}

void file_lock_start(void)
{
    mutex_init(&locks_mutex, "file locks");
    procfs_add("locks", file_lock_show);
    procfs_add_limit("sys/fs/locks-max", &lock_limit, 0, 1u << 20);
}
