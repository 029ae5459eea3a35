/*
 * sys_sysv_shm.c - decoders: System V shared memory.
 */
#include <abi/errno.h>
#include <ipc/sysv_shm.h>
#include <mm/user.h>
#include <sys/syscalls.h>

long sys_shmget(int key, uint32_t size, int flags)
{
    return segment_get(key, size, flags);
}

long sys_shmat(int id, uaddr_t address, int flags)
{
    if (id < 0)
        return -EINVAL; /* POSIX shmat: EINVAL */
    return segment_attach(id, address, flags);
}

long sys_shmdt(uaddr_t address)
{
    return segment_detach(address);
}

static long stat_segment(int id, uaddr_t buffer)
{
    struct abi_shmid_ds stat;
    long result = segment_stat(id, &stat);

    return result != 0 ? result : copy_to_user(buffer, &stat, sizeof(stat));
}

static long change_segment(int id, uaddr_t buffer)
{
    struct abi_shmid_ds stat;

    if (copy_from_user(&stat, buffer, sizeof(stat)) != 0)
        return -EFAULT;
    return segment_set(id, &stat.shm_perm);
}

long sys_shmctl(int id, int command, uaddr_t buffer)
{
    if (id < 0)
        return -EINVAL; /* POSIX shmctl: EINVAL */
    switch (command) {
    case IPC_RMID:
        return segment_remove(id);
    case IPC_STAT:
        return stat_segment(id, buffer);
    case IPC_SET:
        return change_segment(id, buffer);
    case SHM_LOCK:
    case SHM_UNLOCK:
        return segment_lock(id, command == SHM_LOCK);
    default:
        return -EINVAL; /* POSIX shmctl: EINVAL */
    }
}
