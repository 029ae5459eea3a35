/*
 * sysv_msg.c - System V message queues: messages of a type, received by type.
 *
 * Messages are allocated by their senders and stand in the same store as those of POSIX queues, ordered by type.  A
 * queue holds so many bytes (msg_qbytes, at first msgmnb) and no more messages than bytes.
 *
 * Who waits is served by the other side.  A receiver is handed the first message that it wants.  A sender that finds no
 * room waits with its message ready, and whoever makes room puts that message in for it; senders are let in strictly in
 * order, so a large message is not passed for ever by small ones.
 *
 * Memory: a message counts against `msg_memory`, for all queues together, so that the kernel cannot be filled with
 * messages: beyond a sixteenth of the RAM there is ENOMEM.
 *
 * Lock: the object's (ipc/sysv.h).  Messages are copied from and to the user without it.
 *
 * Left out: MSG_COPY, and the commands with which Linux's ipcs enumerates (MSG_STAT, MSG_INFO): /proc/sysvipc/msg does
 * that.
 */
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <core/process.h>
#include <core/thread.h>
#include <fs/fs.h>
#include <ipc/message_wait.h>
#include <ipc/sysv.h>
#include <ipc/sysv_msg.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/page.h>
#include <mm/user.h>

/* Types are positive, so they can be spread to the upper end of the key. */
#define TYPE_KEY(type) ((uint32_t)(type) << 1)
#define KEY_TYPE(key) ((int)((key) >> 1))

/* All but the first: the object's lock. */
struct msg_queue {
    struct sysv_object sysv;
    struct message_store store;      /* by type */
    struct wait_queue receivers;     /* struct message_wait: for a message */
    struct wait_queue senders;       /* struct message_wait: with the message, for room */
    uint32_t capacity;               /* msg_qbytes */
    int last_sender, last_receiver;  /* pids; 0: nobody so far */
    int64_t send_time, receive_time; /* seconds; 0: never */
};

OBJECT_CACHE(queue_cache, "msg_queue", sizeof(struct msg_queue));

/* /proc/sys/kernel/msgmax, msgmnb */
static uint32_t limit_message = 8192, limit_queue = 16384;

/* Bytes of all messages, their headers included, and the most that they may be. */
static uint32_t msg_memory, msg_memory_limit;

static struct msg_queue *queue_of(struct sysv_object *object)
{
    return container_of(object, struct msg_queue, sysv);
}

/* A message for `length` bytes, or NULL. */
static struct message *message_create(uint32_t length)
{
    uint32_t size = sizeof(struct message) + length;
    struct message *message = NULL;

    if (__atomic_add_fetch(&msg_memory, size, __ATOMIC_RELAXED) <= msg_memory_limit)
        message = kmalloc(size);
    if (message == NULL)
        __atomic_sub_fetch(&msg_memory, size, __ATOMIC_RELAXED);
    else
        message->length = length;
    return message;
}

static void message_free(struct message *message)
{
    __atomic_sub_fetch(&msg_memory, sizeof(struct message) + message->length, __ATOMIC_RELAXED);
    kfree(message);
}

static struct sysv_object *queue_create(const void *request, int *error)
{
    struct msg_queue *queue = cache_alloc(&queue_cache);

    (void)request;
    *error = -ENOMEM;
    if (queue == NULL)
        return NULL;
    store_init(&queue->store);
    wait_queue_init(&queue->receivers);
    wait_queue_init(&queue->senders);
    queue->capacity = limit_queue;
    return &queue->sysv;
}

/* POSIX msgsnd, msgrcv: EIDRM */
static void queue_removed(struct sysv_object *object)
{
    wake_all(&queue_of(object)->receivers, -EIDRM);
    wake_all(&queue_of(object)->senders, -EIDRM);
}

static void queue_release(struct sysv_object *object)
{
    static const struct message_wish any = {.choice = MESSAGE_OLDEST};
    struct msg_queue *queue = queue_of(object);
    struct message *message;

    while ((message = store_take(&queue->store, &any)) != NULL)
        message_free(message);
    cache_free(&queue_cache, queue);
}

static struct sysv_type msg_type = {
    .name = "msg",
    .create = queue_create,
    .removed = queue_removed,
    .release = queue_release,
    .limit = SYSV_MAX,
    .lock = SPINLOCK_INIT("msg ids", RANK_OBJECT),
};

long sysv_msg_get(int key, int flags)
{
    return sysv_get(&msg_type, key, flags, NULL);
}

/* The queue with that identifier, locked; give it back with queue_put().  -EINVAL, -EIDRM, -EACCES. */
static int queue_get(int id, unsigned access, struct msg_queue **queue)
{
    struct sysv_object *object = sysv_find(&msg_type, id);
    int error = 0;

    if (object == NULL)
        return -EINVAL; /* POSIX msgsnd, msgrcv, msgctl: EINVAL */
    spin_lock(&object->lock);
    if (object->removed)
        error = -EIDRM;
    else
        error = sysv_access(object, access); /* POSIX msgsnd, msgrcv, msgctl: EACCES */
    if (error != 0) {
        spin_unlock(&object->lock);
        sysv_put(object);
    }
    *queue = queue_of(object);
    return error;
}

static void queue_put(struct msg_queue *queue)
{
    spin_unlock(&queue->sysv.lock);
    sysv_put(&queue->sysv);
}

static bool has_room(const struct msg_queue *queue, uint32_t length)
{
    return queue->store.count < queue->capacity && length <= queue->capacity &&
           queue->store.bytes <= queue->capacity - length;
}

/* Put in a message for which there is room.  Lock held. */
static void deliver(struct msg_queue *queue, struct message *message, int sender)
{
    queue->last_sender = sender;
    queue->send_time = sysv_time();
    if (!message_hand_over(&queue->receivers, message))
        store_insert(&queue->store, message);
}

/* There may be room: put in the messages of waiting senders, while they fit.  Lock held. */
static void admit_senders(struct msg_queue *queue)
{
    struct wait_entry *entry, *after;

    list_for_each_entry_safe (entry, after, &queue->senders.entries, link) {
        struct message *message = container_of(entry, struct message_wait, entry)->message;
        int sender = entry->thread->process->pid;

        if (!has_room(queue, message->length))
            return;
        if (wake_entry(entry, 0))
            deliver(queue, message, sender);
    }
}

/* Wait until the message has been sent for us: 0, -EIDRM, -ERESTART.  The lock is held, and given up. */
static long wait_for_room(struct msg_queue *queue, struct message *message)
{
    struct message_wait wait = {.message = message};
    long result = message_wait(&queue->senders, &wait, &queue->sysv.lock, "msgsnd", DEADLINE_NEVER);

    if (result == -ERESTART) { /* those behind us may fit */
        spin_lock(&queue->sysv.lock);
        admit_senders(queue);
        spin_unlock(&queue->sysv.lock);
    }
    return result;
}

/* Takes over the message when it answers 0. */
static long send(int id, struct message *message, int flags)
{
    struct msg_queue *queue;
    long result = queue_get(id, W_OK, &queue);

    if (result != 0)
        return result;
    if (has_room(queue, message->length) && (flags & IPC_NOWAIT || wait_queue_empty(&queue->senders))) {
        deliver(queue, message, current->process->pid);
    } else if (flags & IPC_NOWAIT) {
        result = -EAGAIN; /* POSIX msgsnd: EAGAIN */
    } else {
        result = wait_for_room(queue, message);
        sysv_put(&queue->sysv);
        return result; /* POSIX msgsnd: EINTR, EIDRM */
    }
    queue_put(queue);
    return result;
}

long sysv_msg_send(int id, int type, uaddr_t bytes, uint32_t length, int flags)
{
    struct message *message;
    long result;

    if (type < 1 || length > limit_message)
        return -EINVAL; /* POSIX msgsnd: EINVAL */
    message = message_create(length);
    if (message == NULL)
        return -ENOMEM; /* Linux msgsnd: ENOMEM */
    message->key = TYPE_KEY(type);
    result = copy_from_user(message->bytes, bytes, length);
    if (result == 0)
        result = send(id, message, flags);
    if (result != 0)
        message_free(message);
    return result;
}

/* POSIX msgrcv: which message is meant. */
static struct message_wish wish_of(int type, uint32_t size, int flags)
{
    struct message_wish wish = {.choice = MESSAGE_OLDEST, .limit = flags & MSG_NOERROR ? UINT32_MAX : size};

    if (type < 0) {
        wish.choice = MESSAGE_UP_TO;
        wish.key = TYPE_KEY(type == INT32_MIN ? INT32_MAX : -type);
    } else if (type > 0) {
        wish.choice = flags & MSG_EXCEPT ? MESSAGE_EXCEPT : MESSAGE_KEY;
        wish.key = TYPE_KEY(type);
    }
    return wish;
}

/* Note who has received.  Lock held. */
static void received(struct msg_queue *queue)
{
    queue->last_receiver = current->process->pid;
    queue->receive_time = sysv_time();
}

/* Wait to be handed a message.  The lock is held, and held again. */
static long wait_for_message(struct msg_queue *queue, const struct message_wish *wish, struct message **message)
{
    struct message_wait wait = {.wish = *wish};
    long result = message_wait(&queue->receivers, &wait, &queue->sysv.lock, "msgrcv", DEADLINE_NEVER);

    *message = wait.message;
    spin_lock(&queue->sysv.lock);
    return result; /* POSIX msgrcv: EINTR, EIDRM, E2BIG */
}

/* Take the message that is meant out of the queue: 0 with *message, or -errno.  Lock held, perhaps given up
 * meanwhile. */
static long take_message(struct msg_queue *queue, const struct message_wish *wish, int flags, struct message **message)
{
    long result = 0;

    *message = store_find(&queue->store, wish);
    if (*message == NULL) {
        if (flags & IPC_NOWAIT)
            return -ENOMSG; /* POSIX msgrcv: ENOMSG */
        result = wait_for_message(queue, wish, message);
    } else if ((*message)->length > wish->limit) {
        return -E2BIG; /* POSIX msgrcv: E2BIG */
    } else {
        store_take(&queue->store, wish);
        admit_senders(queue);
    }
    if (result == 0)
        received(queue);
    return result;
}

/* It could not be received after all. */
static void put_back(struct msg_queue *queue, struct message *message)
{
    bool kept = true;

    spin_lock(&queue->sysv.lock);
    if (queue->sysv.removed)
        kept = false;
    else if (!message_hand_over(&queue->receivers, message))
        store_put_back(&queue->store, message);
    spin_unlock(&queue->sysv.lock);
    if (!kept)
        message_free(message);
}

/* The bytes copied, or -EFAULT. */
static long message_out(const struct message *message, uaddr_t type_address, uaddr_t bytes, uint32_t size)
{
    uint32_t n = message->length < size ? message->length : size;
    int32_t type = KEY_TYPE(message->key);

    if (copy_to_user(type_address, &type, sizeof(type)) != 0 || copy_to_user(bytes, message->bytes, n) != 0)
        return -EFAULT;
    return (long)n;
}

long sysv_msg_receive(int id, int type, uaddr_t type_address, uaddr_t bytes, uint32_t size, int flags)
{
    struct message_wish wish = wish_of(type, size, flags);
    struct msg_queue *queue;
    struct message *message;
    long result = queue_get(id, R_OK, &queue);

    if (result != 0)
        return result;
    result = take_message(queue, &wish, flags, &message);
    spin_unlock(&queue->sysv.lock);
    if (result == 0) {
        result = message_out(message, type_address, bytes, size);
        if (result < 0)
            put_back(queue, message);
        else
            message_free(message);
    }
    sysv_put(&queue->sysv);
    return result;
}

long sysv_msg_stat(int id, struct abi_msqid_ds *status)
{
    struct msg_queue *queue;
    int error = queue_get(id, R_OK, &queue);

    if (error != 0)
        return error;
    *status = (struct abi_msqid_ds){
        .msg_perm = queue->sysv.perm,
        .msg_stime = queue->send_time,
        .msg_rtime = queue->receive_time,
        .msg_ctime = queue->sysv.change_time,
        .msg_cbytes = queue->store.bytes,
        .msg_qnum = queue->store.count,
        .msg_qbytes = queue->capacity,
        .msg_lspid = queue->last_sender,
        .msg_lrpid = queue->last_receiver,
    };
    queue_put(queue);
    return 0;
}

long sysv_msg_set(int id, const struct abi_msqid_ds *status)
{
    struct msg_queue *queue;
    int error = queue_get(id, 0, &queue);

    if (error != 0)
        return error;
    error = sysv_owned(&queue->sysv); /* POSIX msgctl: EPERM */
    if (error == 0 && status->msg_qbytes > limit_queue && credentials_current()->euid != 0)
        error = -EPERM; /* POSIX msgctl: EPERM, more bytes than allowed */
    if (error == 0) {
        sysv_set(&queue->sysv, &status->msg_perm);
        queue->capacity = status->msg_qbytes;
        admit_senders(queue);
    }
    queue_put(queue);
    return error;
}

long sysv_msg_remove(int id)
{
    struct msg_queue *queue;
    int error = queue_get(id, 0, &queue);

    if (error != 0)
        return error;
    error = sysv_owned(&queue->sysv); /* POSIX msgctl: EPERM */
    spin_unlock(&queue->sysv.lock);
    if (error == 0 && !sysv_remove(&queue->sysv))
        error = -EIDRM;
    sysv_put(&queue->sysv);
    return error;
}

/* A row of /proc/sysvipc/msg: Linux's columns, and who waits. */
static void show_queue(struct proc_text *text, struct msg_queue *queue)
{
    struct abi_ipc_perm perm = queue->sysv.perm;
    char senders[64], receivers[64];

    message_waiters(&queue->senders, &queue->sysv.lock, senders, sizeof(senders));
    message_waiters(&queue->receivers, &queue->sysv.lock, receivers, sizeof(receivers));
    proc_print(text, "%10d %10d  %4o  %10u %10u %5d %5d %5u %5u %5u %5u %10lld %10lld %10lld %s %s\n", (int)perm.key,
               queue->sysv.id, (unsigned)perm.mode, (unsigned)queue->store.bytes, (unsigned)queue->store.count,
               queue->last_sender, queue->last_receiver, (unsigned)perm.uid, (unsigned)perm.gid, (unsigned)perm.cuid,
               (unsigned)perm.cgid, (long long)queue->send_time, (long long)queue->receive_time,
               (long long)queue->sysv.change_time, senders, receivers);
}

static void show_queues(struct proc_text *text)
{
    struct sysv_object *object;
    unsigned index = 0;

    proc_print(text, "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid"
                     "      stime      rtime      ctime senders receivers\n");
    while ((object = sysv_next(&msg_type, &index)) != NULL) {
        show_queue(text, queue_of(object));
        sysv_put(object);
    }
}

void sysv_msg_start(void)
{
    msg_memory_limit = page_total_count() / 16 * PAGE_SIZE;
    procfs_add("sysvipc/msg", show_queues);
    procfs_add_limit("sys/kernel/msgmax", &limit_message, 0, 1u << 20);
    procfs_add_limit("sys/kernel/msgmnb", &limit_queue, 0, 1u << 24);
    procfs_add_limit("sys/kernel/msgmni", &msg_type.limit, 0, SYSV_MAX);
}
