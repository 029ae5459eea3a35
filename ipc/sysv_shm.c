/*
 * sysv_shm.c - System V shared memory: memory with a key, which outlives who made it.
 *
 * The pages are those of a shared object without a name (mm/shared.c), filled on first touch.  A segment stands in
 * front of it for one purpose: to count who has it mapped.  Every area that maps a segment is an attachment: shmat()
 * makes one, fork copies it, and it goes by shmdt(), munmap(), exec and every end of a process, since all of them give
 * areas back. (So one that munmap() or mprotect() has cut in two counts twice, as on Linux.)
 *
 * Removal waits for the last attachment: until then the identifier, not the key, still finds the segment, marked
 * SHM_DEST.
 *
 * Locks: the segment's own (sysv_object.lock) guards it; it is taken with a space's lock held.
 */
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <core/process.h>
#include <core/thread.h>
#include <fs/fs.h>
#include <ipc/sysv.h>
#include <ipc/sysv_shm.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/shared.h>
#include <mm/space.h>

struct segment {
    struct sysv_object sysv;
    struct backing memory; /* a reference */
    uint32_t size, pages;
    int creator, last; /* pids */
    int64_t attach_time, detach_time;
    uint32_t attached; /* areas that map it */
};

OBJECT_CACHE(segment_cache, "shm_segment", sizeof(struct segment));

static uint32_t size_limit = 1u << 30; /* SHMMAX: bytes in one */
static uint32_t pages_limit;           /* SHMALL: pages in all */
static uint32_t pages_used;            /* a */

static struct segment *segment_of(struct sysv_object *object)
{
    return container_of(object, struct segment, sysv);
}

static struct sysv_object *segment_create(const void *request, int *error)
{
    uint32_t size = *(const uint32_t *)request, pages = (size >> PAGE_SHIFT) + ((size & ~PAGE_MASK) != 0);
    struct segment *segment;

    *error = -EINVAL;
    if (size == 0 || size > size_limit)
        return NULL; /* POSIX shmget: EINVAL */
    *error = -ENOSPC;
    if (__atomic_add_fetch(&pages_used, pages, __ATOMIC_RELAXED) > pages_limit)
        goto too_many; /* POSIX shmget: ENOSPC */
    *error = -ENOMEM;
    segment = cache_alloc(&segment_cache);
    if (segment == NULL)
        goto too_many; /* POSIX shmget: ENOMEM */
    if (!shared_create(pages, &segment->memory))
        goto no_memory;
    segment->size = size;
    segment->pages = pages;
    segment->creator = current->process->pid;
    return &segment->sysv;

no_memory:
    cache_free(&segment_cache, segment);
too_many:
    __atomic_sub_fetch(&pages_used, pages, __ATOMIC_RELAXED);
    return NULL;
}

static int segment_check(const struct sysv_object *object, const void *request)
{
    const struct segment *segment = container_of(object, const struct segment, sysv);

    return *(const uint32_t *)request > segment->size ? -EINVAL : 0; /* POSIX shmget: EINVAL */
}

static void segment_release(struct sysv_object *object)
{
    struct segment *segment = segment_of(object);

    segment->memory.ops->put(segment->memory.object);
    __atomic_sub_fetch(&pages_used, segment->pages, __ATOMIC_RELAXED);
    cache_free(&segment_cache, segment);
}

static struct sysv_type segment_type = {
    .name = "shm",
    .create = segment_create,
    .check = segment_check,
    .release = segment_release,
    .limit = SYSV_MAX,
    .lock = SPINLOCK_INIT("shm ids", RANK_OBJECT),
};

static struct page *segment_page(void *object, uint32_t offset, bool write, int *error)
{
    const struct segment *segment = object;

    return segment->memory.ops->page(segment->memory.object, offset, write, error);
}

/* One more area maps it. */
static void segment_map(void *object)
{
    struct segment *segment = object;

    spin_lock(&segment->sysv.lock);
    segment->attached++;
    segment->attach_time = sysv_time();
    segment->last = current->process->pid;
    spin_unlock(&segment->sysv.lock);
}

/* Count one less; the last one of a segment that was removed ends it.  Its lock is held before, and not after. */
static void segment_drop(struct segment *segment)
{
    bool ends = --segment->attached == 0 && segment->sysv.perm.mode & SHM_DEST;

    if (ends) {
        segment->sysv.removed = true; /* nobody attaches it from now on */
        sysv_hold(&segment->sysv);
    }
    spin_unlock(&segment->sysv.lock);
    if (ends) {
        sysv_remove(&segment->sysv);
        sysv_put(&segment->sysv);
    }
}

/* One area less maps it. */
static void segment_unmap(void *object)
{
    struct segment *segment = object;

    spin_lock(&segment->sysv.lock);
    segment->detach_time = sysv_time();
    segment->last = current->process->pid;
    segment_drop(segment);
}

static void segment_name(void *object, char *to, size_t size)
{
    const struct segment *segment = object;

    snprintf(to, size, "/SYSV%08x (%d)", (unsigned)segment->sysv.perm.key, segment->sysv.id);
}

static uint64_t segment_number(void *object)
{
    return (uint64_t)((struct segment *)object)->sysv.id;
}

static struct backing segment_behind(void *object)
{
    return ((struct segment *)object)->memory;
}

static const struct backing_ops segment_ops = {
    .page = segment_page,
    .get = segment_map,
    .put = segment_unmap,
    .name = segment_name,
    .number = segment_number,
    .behind = segment_behind,
};

long segment_get(int key, uint32_t size, int flags)
{
    return sysv_get(&segment_type, key, flags, &size);
}

/* The segment with its lock held, and a reference; NULL with *error.  `want`: R_OK, W_OK, or 0 to ask for nothing. */
static struct segment *segment_lock_id(int id, unsigned want, long *error)
{
    struct sysv_object *object = sysv_find(&segment_type, id);

    *error = -EINVAL; /* POSIX shmat, shmctl: EINVAL */
    if (object == NULL)
        return NULL;
    spin_lock(&object->lock);
    *error = object->removed ? -EIDRM : sysv_access(object, want); /* POSIX shmat, shmctl: EACCES */
    if (*error == 0)
        return segment_of(object);
    spin_unlock(&object->lock);
    sysv_put(object);
    return NULL;
}

static void segment_unlock(struct segment *segment)
{
    spin_unlock(&segment->sysv.lock);
    sysv_put(&segment->sysv);
}

/* Map it: at `address` if that is not 0, where only SHM_REMAP may replace what is there. */
static long segment_place(struct segment *segment, uaddr_t address, int flags)
{
    struct space *space = current->process->space;
    struct backing backing = {.ops = &segment_ops, .object = segment};
    unsigned prot = PROT_READ, how = MAP_SHARED;
    long result;

    prot |= flags & SHM_EXEC ? PROT_EXEC : 0;
    if (flags & SHM_RDONLY)
        how |= MAP_DENY_WRITE;
    else
        prot |= PROT_WRITE;
    if (flags & SHM_REMAP)
        how |= MAP_FIXED;
    result = space_map(space, address, segment->size, prot, how, backing, 0);
    if (result < 0 || address == 0 || (uaddr_t)result == address)
        return result;
    space_unmap(space, (uaddr_t)result, segment->size);
    return -EINVAL; /* POSIX shmat: EINVAL, the address is taken */
}

long segment_attach(int id, uaddr_t address, int flags)
{
    struct segment *segment;
    long result;

    if (flags & SHM_RND)
        address &= ~(uaddr_t)(SHMLBA - 1);
    if (address % SHMLBA != 0 || address >= USER_TOP || (flags & SHM_REMAP && address == 0))
        return -EINVAL; /* POSIX shmat: EINVAL */
    segment = segment_lock_id(id, flags & SHM_RDONLY ? R_OK : R_OK | W_OK, &result);
    if (segment == NULL)
        return result;
    segment->attached++; /* so that it does not end meanwhile */
    spin_unlock(&segment->sysv.lock);
    result = segment_place(segment, address, flags);
    spin_lock(&segment->sysv.lock);
    segment_drop(segment);
    sysv_put(&segment->sysv);
    return result;
}

long segment_detach(uaddr_t address)
{
    return space_unmap_object(current->process->space, address, &segment_ops); /* POSIX shmdt: EINVAL */
}

long segment_stat(int id, struct abi_shmid_ds *stat)
{
    long error;
    struct segment *segment = segment_lock_id(id, R_OK, &error);

    if (segment == NULL)
        return error;
    *stat = (struct abi_shmid_ds){
        .shm_perm = segment->sysv.perm,
        .shm_segsz = segment->size,
        .shm_atime = segment->attach_time,
        .shm_dtime = segment->detach_time,
        .shm_ctime = segment->sysv.change_time,
        .shm_cpid = segment->creator,
        .shm_lpid = segment->last,
        .shm_nattch = segment->attached,
    };
    segment_unlock(segment);
    return 0;
}

/* The segment as segment_lock_id() answers it, if it is the running process's to change. */
static struct segment *segment_lock_owned(int id, long *error)
{
    struct segment *segment = segment_lock_id(id, 0, error);

    if (segment == NULL)
        return NULL;
    *error = sysv_owned(&segment->sysv); /* POSIX shmctl: EPERM */
    if (*error == 0)
        return segment;
    segment_unlock(segment);
    return NULL;
}

long segment_set(int id, const struct abi_ipc_perm *perm)
{
    long error;
    struct segment *segment = segment_lock_owned(id, &error);

    if (segment == NULL)
        return error;
    sysv_set(&segment->sysv, perm);
    segment_unlock(segment);
    return 0;
}

long segment_lock(int id, bool locked)
{
    long error;
    struct segment *segment = segment_lock_owned(id, &error);

    if (segment == NULL)
        return error;
    if (locked)
        segment->sysv.perm.mode |= SHM_LOCKED;
    else
        segment->sysv.perm.mode &= ~(uint32_t)SHM_LOCKED;
    segment_unlock(segment);
    return 0;
}

long segment_remove(int id)
{
    long error;
    struct segment *segment = segment_lock_owned(id, &error);
    bool attached;

    if (segment == NULL)
        return error;
    segment->sysv.perm.mode |= SHM_DEST;
    attached = segment->attached > 0;
    segment->sysv.removed = !attached;
    spin_unlock(&segment->sysv.lock);
    if (attached)
        sysv_forget_key(&segment->sysv);
    else
        sysv_remove(&segment->sysv);
    sysv_put(&segment->sysv);
    return 0;
}

static void show_segment(struct proc_text *text, struct segment *segment)
{
    struct segment now;

    spin_lock(&segment->sysv.lock);
    now = *segment;
    spin_unlock(&segment->sysv.lock);
    proc_print(text, "%10d %10d  %4o %21lu %5d %5d  %5u %5u %5u %5u %5u %10lld %10lld %10lld %21lu %21u\n",
               (int)now.sysv.perm.key, now.sysv.id, (unsigned)now.sysv.perm.mode, (unsigned long)now.size, now.creator,
               now.last, (unsigned)now.attached, (unsigned)now.sysv.perm.uid, (unsigned)now.sysv.perm.gid,
               (unsigned)now.sysv.perm.cuid, (unsigned)now.sysv.perm.cgid, (long long)now.attach_time,
               (long long)now.detach_time, (long long)now.sysv.change_time,
               (unsigned long)shared_touched(&now.memory) << PAGE_SHIFT, 0u);
}

/* As Linux shows it. */
static void show_segments(struct proc_text *text)
{
    struct sysv_object *object;
    unsigned index = 0;

    proc_print(text,
               "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      "
               "atime      dtime      ctime                   rss                  swap\n");
    while ((object = sysv_next(&segment_type, &index)) != NULL) {
        show_segment(text, segment_of(object));
        sysv_put(object);
    }
}

void segment_start(void)
{
    pages_limit = page_total_count() / 2;
    procfs_add("sysvipc/shm", show_segments);
    procfs_add_limit("sys/kernel/shmmni", &segment_type.limit, 0, SYSV_MAX);
    procfs_add_limit("sys/kernel/shmmax", &size_limit, 0, USER_TOP);
    procfs_add_limit("sys/kernel/shmall", &pages_limit, 0, UINT32_MAX);
}
