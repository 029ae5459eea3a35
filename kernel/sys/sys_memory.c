/*
 * sys_memory.c - decoders: the address space.
 */
#include <abi/errno.h>
#include <fs/file.h>
#include <mm/space.h>
#include <proc/proc.h>
#include <sys/syscalls.h>

#define MAP_KNOWN (MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_STACK | MAP_NORESERVE)

/* The new break, or the old one: the C library sees by it whether the call succeeded. */
long sys_brk(uaddr_t end)
{
    struct process *process = process_current();
    struct space *space = process->space;

    if (end > space->break_start && end - space->break_start > process->limits[RLIMIT_DATA].rlim_cur)
        end = 0; /* asks for the present one */
    return (long)space_break(space, end);
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

static long map_file(uaddr_t address, uint32_t length, int prot, unsigned flags, int fd, uint32_t page_offset)
{
    struct file *file = fd_get(fd);
    struct backing backing;
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX mmap: EBADF */
    result = file_backing(file, prot, &flags, &backing);
    if (result == 0)
        result = space_map(process_current()->space, address, length, (unsigned)prot, flags, backing, page_offset);
    fd_put(file);
    return result;
}

long sys_mmap(uaddr_t address, uint32_t length, int prot, int flags, int fd, uint32_t page_offset)
{
    static const struct backing anonymous;
    unsigned sharing = (unsigned)flags & (MAP_SHARED | MAP_PRIVATE);

    if (length == 0 || prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC) || flags & ~MAP_KNOWN)
        return -EINVAL; /* POSIX mmap: EINVAL */
    if (sharing != MAP_SHARED && sharing != MAP_PRIVATE)
        return -EINVAL; /* POSIX mmap: EINVAL */
    if (flags & MAP_ANONYMOUS)
        return space_map(process_current()->space, address, length, (unsigned)prot, (unsigned)flags, anonymous, 0);
    if (page_offset + ((length - 1) >> PAGE_SHIFT) < page_offset)
        return -EOVERFLOW; /* POSIX mmap: EOVERFLOW */
    return map_file(address, length, prot, (unsigned)flags, fd, page_offset);
}

long sys_munmap(uaddr_t address, uint32_t length)
{
    return space_unmap(process_current()->space, address, length);
}

long sys_mprotect(uaddr_t address, uint32_t length, int prot)
{
    if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC))
        return -EINVAL;
    return space_protect(process_current()->space, address, length, (unsigned)prot);
}

/* All objects live in memory, where every mapping of them is the same pages: there is nothing to bring in line. */
long sys_msync(uaddr_t address, uint32_t length, int flags)
{
    if (flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE) || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return -EINVAL; /* POSIX msync: EINVAL */
    if (address & ~PAGE_MASK)
        return -EINVAL;                                                              /* POSIX msync: EINVAL */
    return space_is_mapped(process_current()->space, address, length) ? 0 : -ENOMEM; /* POSIX msync: ENOMEM */
}
