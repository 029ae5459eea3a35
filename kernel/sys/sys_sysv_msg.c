/*
 * sys_sysv_msg.c - decoders: System V message queues.  A message in user memory is a word, its type, and then the
 * bytes.
 */
#include <abi/errno.h>
#include <ipc/sysv_msg.h>
#include <mm/user.h>
#include <sys/syscalls.h>

#define TYPE_SIZE sizeof(int32_t)

long sys_msgget(int key, int flags)
{
    return sysv_msg_get(key, flags);
}

long sys_msgsnd(int id, uaddr_t message, uint32_t length, int flags)
{
    int32_t type;

    if ((int32_t)length < 0)
        return -EINVAL; /* POSIX msgsnd: EINVAL */
    if (copy_from_user(&type, message, sizeof(type)) != 0)
        return -EFAULT;
    return sysv_msg_send(id, type, message + TYPE_SIZE, length, flags);
}

long sys_msgrcv(int id, uaddr_t message, uint32_t size, int type, int flags)
{
    if ((int32_t)size < 0)
        return -EINVAL; /* POSIX msgrcv: EINVAL */
    if (!user_range_ok(message, TYPE_SIZE))
        return -EFAULT;
    return sysv_msg_receive(id, type, message, message + TYPE_SIZE, size, flags);
}

static long msg_stat(int id, uaddr_t buffer)
{
    struct abi_msqid_ds status;
    long result = sysv_msg_stat(id, &status);

    return result != 0 ? result : copy_to_user(buffer, &status, sizeof(status));
}

static long msg_set(int id, uaddr_t buffer)
{
    struct abi_msqid_ds status;

    if (copy_from_user(&status, buffer, sizeof(status)) != 0)
        return -EFAULT;
    return sysv_msg_set(id, &status);
}

long sys_msgctl(int id, int command, uaddr_t buffer)
{
    switch (command) {
    case IPC_STAT:
        return msg_stat(id, buffer);
    case IPC_SET:
        return msg_set(id, buffer);
    case IPC_RMID:
        return sysv_msg_remove(id);
    default:
        return -EINVAL; /* POSIX msgctl: EINVAL */
    }
}
