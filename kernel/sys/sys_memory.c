/*
 * sys_memory.c - decoders: the address space.
 */
#include <abi/errno.h>
#include <fs/file.h>
#include <mm/space.h>
#include <mm/user.h>
#include <proc/proc.h>
#include <core/syscalls.h>

#define MAP_KNOWN                                                                                       \
    (MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_STACK | MAP_NORESERVE | \
     MAP_FIXED_NOREPLACE)

/* The new break, or the old one: the C library sees by it whether the call succeeded. */
long sys_brk(uaddr_t end)
{
    return (long)space_break(process_current()->space, end);
}

/* POSIX mmap: may the file be mapped like this?  Then its backing, with the flags that it adds. */
static int file_backing(struct file *file, int prot, unsigned *flags, struct backing *backing)
{
    if (!file_readable(file))
        return -EACCES; /* POSIX mmap: EACCES */
    if (*flags & MAP_SHARED && !file_writable(file)) {
        if (prot & PROT_WRITE)
            return -EACCES; /* POSIX mmap: EACCES */
        *flags |= MAP_DENY_WRITE;
    }
    return file->ops->map != NULL ? file->ops->map(file, backing) : -ENODEV; /* POSIX mmap: ENODEV */
}

long sys_mmap(uaddr_t address, uint32_t length, int prot, int known, int fd, uint32_t page_offset)
{
    struct space *space = process_current()->space;
    struct backing backing = {NULL, NULL};
    unsigned flags = (unsigned)known;
    struct file *file;
    long result;

    if (flags & ~MAP_KNOWN)
        return -EINVAL; /* POSIX mmap: EINVAL */
    if (flags & MAP_ANONYMOUS)
        return space_map(space, address, length, (unsigned)prot, flags, backing, 0);
    file = fd_get(fd);
    if (file == NULL)
        return -EBADF; /* POSIX mmap: EBADF */
    result = file_backing(file, prot, &flags, &backing);
    if (result == 0)
        result = space_map(space, address, length, (unsigned)prot, flags, backing, page_offset);
    fd_put(file);
    return result;
}

long sys_munmap(uaddr_t address, uint32_t length)
{
    return space_unmap(process_current()->space, address, length);
}

long sys_mprotect(uaddr_t address, uint32_t length, int prot)
{
    return space_protect(process_current()->space, address, length, (unsigned)prot);
}

long sys_msync(uaddr_t address, uint32_t length, int flags)
{
    if (flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE) || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return -EINVAL; /* POSIX msync: EINVAL */
    return space_sync(process_current()->space, address, length, flags & MS_INVALIDATE);
}

long sys_mlock(uaddr_t address, uint32_t length)
{
    return space_lock(process_current()->space, address, length, true);
}

long sys_munlock(uaddr_t address, uint32_t length)
{
    return space_lock(process_current()->space, address, length, false);
}

long sys_mlockall(int flags)
{
    if (flags == 0 || flags & ~(MCL_CURRENT | MCL_FUTURE))
        return -EINVAL; /* POSIX mlockall: EINVAL */
    return space_lock_all(process_current()->space, (unsigned)flags);
}

long sys_munlockall(void)
{
    return space_lock_all(process_current()->space, 0);
}

long sys_madvise(uaddr_t address, uint32_t length, int advice)
{
    if (advice < MADV_NORMAL || advice > MADV_DONTNEED)
        return -EINVAL; /* POSIX posix_madvise: EINVAL */
    return space_advise(process_current()->space, address, length, (unsigned)advice);
}

long sys_mincore(uaddr_t address, uint32_t length, uaddr_t resident)
{
    uint8_t part[128];
    uint32_t pages = (length >> PAGE_SHIFT) + ((length & ~PAGE_MASK) != 0);

    if (address & ~PAGE_MASK)
        return -EINVAL;
    if (!user_range_ok(address, length))
        return -ENOMEM;
    while (pages > 0) {
        uint32_t count = pages < sizeof(part) ? pages : sizeof(part);
        int error = space_residence(process_current()->space, address, count, part);

        if (error == 0)
            error = copy_to_user(resident, part, count);
        if (error != 0)
            return error;
        address += count << PAGE_SHIFT;
        resident += count;
        pages -= count;
    }
    return 0;
}
