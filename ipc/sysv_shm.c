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
#include <fs/fs.h>
#include <ipc/calls.h>
#include <ipc/sysv.h>
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
    if (!sysv_count(&pages_used, pages, pages_limit))
        return NULL; /* POSIX shmget: ENOSPC */
    *error = -ENOMEM;
    segment = cache_alloc(&segment_cache);
    if (segment == NULL)
        goto no_segment; /* POSIX shmget: ENOMEM */
    if (!shared_create(pages, &segment->memory))
        goto no_memory;
    segment->size = size;
    segment->pages = pages;
    segment->creator = current->process->pid;
    return &segment->sysv;

no_memory:
    cache_free(&segment_cache, segment);
no_segment:
    sysv_uncount(&pages_used, pages);
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
    sysv_uncount(&pages_used, segment->pages);
    cache_free(&segment_cache, segment);
}

/* IPC_RMID: the last that detaches ends it. */
static bool segment_lingers(struct sysv_object *object)
{
    object->perm.mode |= SHM_DEST;
    return segment_of(object)->attached > 0;
}

static void segment_status(const struct sysv_object *object, union sysv_status *status)
{
    const struct segment *segment = container_of(object, const struct segment, sysv);

    status->shm = (struct abi_shmid_ds){
        .shm_segsz = segment->size,
        .shm_atime = segment->attach_time,
        .shm_dtime = segment->detach_time,
        .shm_ctime = object->change_time,
        .shm_cpid = segment->creator,
        .shm_lpid = segment->last,
        .shm_nattch = segment->attached,
    };
}

/* As Linux shows it. */
static void segment_show(struct proc_text *text, struct sysv_object *object, const union sysv_status *status)
{
    const struct abi_shmid_ds *shm = &status->shm;

    proc_print(text, "%21lu %5d %5d  %5u ", (unsigned long)shm->shm_segsz, (int)shm->shm_cpid, (int)shm->shm_lpid,
               (unsigned)shm->shm_nattch);
    sysv_show_owners(text, &shm->shm_perm);
    proc_print(text, "%10lld %10lld %10lld %21lu %21u\n", (long long)shm->shm_atime, (long long)shm->shm_dtime,
               (long long)shm->shm_ctime, (unsigned long)shared_touched(&segment_of(object)->memory) << PAGE_SHIFT, 0u);
}

static struct sysv_type segment_type = {
    .name = "shm",
    .heading = "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime"
               "      dtime      ctime                   rss                  swap",
    .status_size = sizeof(struct abi_shmid_ds),
    .item = ACCOUNT_SHM_SEGMENTS,
    .create = segment_create,
    .check = segment_check,
    .status = segment_status,
    .lingers = segment_lingers,
    .release = segment_release,
    .show = segment_show,
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

/* Count one less; the last one of a segment that was removed ends it.  Lock and a reference are held, and given up. */
static void segment_drop(struct segment *segment)
{
    if (--segment->attached == 0 && segment->sysv.perm.mode & SHM_DEST)
        sysv_remove(&segment->sysv);
    else
        sysv_unlock(&segment->sysv);
}

/* One area less maps it. */
static void segment_unmap(void *object)
{
    struct segment *segment = object;

    sysv_hold(&segment->sysv);
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

long sys_shmget(int key, uint32_t size, int flags)
{
    return sysv_get(&segment_type, key, flags, &size);
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

/* The address; -ENOMEM, -ENOTSUP (writable and executable). */
long sys_shmat(int id, uaddr_t address, int flags)
{
    struct sysv_object *object;
    long result;

    if (flags & SHM_RND)
        address &= ~(uaddr_t)(SHMLBA - 1);
    if (address % SHMLBA != 0 || address >= USER_TOP || (flags & SHM_REMAP && address == 0))
        return -EINVAL; /* POSIX shmat: EINVAL */
    object = sysv_lock(&segment_type, id, flags & SHM_RDONLY ? R_OK : R_OK | W_OK, &result);
    if (object == NULL)
        return result;
    segment_of(object)->attached++; /* so that it does not end meanwhile */
    spin_unlock(&object->lock);
    result = segment_place(segment_of(object), address, flags);
    spin_lock(&object->lock);
    segment_drop(segment_of(object));
    return result;
}

long sys_shmdt(uaddr_t address)
{
    return space_unmap_object(current->process->space, address, &segment_ops); /* POSIX shmdt: EINVAL */
}

long sys_shmctl(int id, int command, uaddr_t buffer)
{
    struct sysv_object *object;
    long error;

    if (command != SHM_LOCK && command != SHM_UNLOCK)
        return sysv_control(&segment_type, id, command, buffer);
    object = sysv_lock_owned(&segment_type, id, &error);
    if (object == NULL)
        return error;
    if (command == SHM_LOCK)
        object->perm.mode |= SHM_LOCKED;
    else
        object->perm.mode &= ~(uint32_t)SHM_LOCKED;
    sysv_unlock(object);
    return 0;
}

static void show_segments(struct proc_text *text)
{
    sysv_show(text, &segment_type);
}

void sysv_shm_start(void)
{
    pages_limit = page_total_count() / 2;
    procfs_add("sysvipc/shm", show_segments);
    procfs_add_limit("sys/kernel/shmmni", &segment_type.limit, 0, SYSV_MAX);
    procfs_add_limit("sys/kernel/shmmax", &size_limit, 0, USER_TOP);
    procfs_add_limit("sys/kernel/shmall", &pages_limit, 0, UINT32_MAX);
}
