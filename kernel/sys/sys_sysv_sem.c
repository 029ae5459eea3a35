/*
 * sys_sysv_sem.c - decoders: System V semaphore sets.
 */
#include <abi/errno.h>
#include <arch/cpu.h>
#include <core/timer.h>
#include <core/wait.h>
#include <ipc/sysv_sem.h>
#include <mm/kmalloc.h>
#include <mm/user.h>
#include <sys/deadline.h>
#include <sys/syscalls.h>

#define FEW 8 /* operations that need no memory */

long sys_semget(int key, int count, int flags)
{
    return semset_get(key, count, flags);
}

long sys_semtimedop(int id, uaddr_t operations, uint32_t count, uaddr_t timeout)
{
    struct abi_sembuf few[FEW], *all = few;
    uint64_t deadline;
    long result;

    if (count == 0 || id < 0)
        return -EINVAL; /* POSIX semop: EINVAL */
    if (count > SEMSET_OPERATIONS_MAX)
        return -E2BIG; /* POSIX semop: E2BIG */
    result = deadline_read(timeout, DEADLINE_RELATIVE, &deadline);
    if (result != 0)
        return result;
    if (count > FEW && (all = kmalloc(count * sizeof(*all))) == NULL)
        return -ENOMEM;
    result = -EFAULT;
    if (copy_from_user(all, operations, count * sizeof(*all)) == 0)
        result = semset_operate(id, all, count, deadline);
    if (all != few)
        kfree(all);
    return result;
}

static long stat_set(int id, uaddr_t buffer)
{
    struct abi_semid_ds stat;
    long result = semset_stat(id, &stat);

    return result != 0 ? result : copy_to_user(buffer, &stat, sizeof(stat));
}

static long change_set(int id, uaddr_t buffer)
{
    struct abi_semid_ds stat;

    if (copy_from_user(&stat, buffer, sizeof(stat)) != 0)
        return -EFAULT;
    return semset_set(id, &stat.sem_perm);
}

/* GETALL and SETALL. */
static long all_values(int id, int command, uaddr_t buffer)
{
    long count = semset_size(id), result;
    size_t size;
    uint16_t *values;

    if (count < 0)
        return count;
    size = (size_t)count * sizeof(*values);
    values = kmalloc(size);
    if (values == NULL)
        return -ENOMEM;
    result = command == SETALL ? copy_from_user(values, buffer, size) : semset_get_all(id, values, (unsigned)count);
    if (result == 0)
        result = command == SETALL ? semset_set_all(id, values, (unsigned)count) : copy_to_user(buffer, values, size);
    kfree(values);
    return result;
}

long sys_semctl(int id, int number, int command, uint32_t argument)
{
    if (id < 0)
        return -EINVAL; /* POSIX semctl: EINVAL */
    switch (command) {
    case IPC_RMID:
        return semset_remove(id);
    case IPC_STAT:
        return stat_set(id, argument);
    case IPC_SET:
        return change_set(id, argument);
    case GETVAL:
    case GETPID:
    case GETNCNT:
    case GETZCNT:
        return semset_look(id, number, command);
    case SETVAL:
        return semset_set_value(id, number, (int)argument);
    case GETALL:
    case SETALL:
        return all_values(id, command, argument);
    default:
        return -EINVAL; /* POSIX semctl: EINVAL */
    }
}
