/*
 * sysv_msg.c - System V message queues: messages of a type, received by type.
 *
 * Messages are allocated by their senders and stand in a store (message_store.c), ordered by type, and on a list by age
 * for receivers that want the oldest of any type.  A queue holds so many bytes (msg_qbytes, at first msgmnb) and no
 * more messages than bytes.
 *
 * Who waits is served by the other side.  A receiver is handed the first message that it wants.  A sender that finds no
 * room waits with its message ready, and whoever makes room puts that message in for it; senders are let in strictly in
 * order, so a large message is not passed for ever by small ones, IPC_NOWAIT or not.
 *
 * Memory: a message counts against `memory_used`, for all queues together, so that the kernel cannot be filled with
 * messages: beyond a sixteenth of the RAM, for one ordinary user half of that (mm/account.h), there is ENOMEM.
 *
 * Lock: the object's (ipc/sysv.h).  Messages are copied from and to the user without it.
 *
 * Left out: MSG_COPY.  MSG_EXCEPT alone has to search: it walks past the messages that it does not want.
 */
#include <fs/fs.h>
#include <ipc/calls.h>
#include <ipc/message_wait.h>
#include <ipc/sysv.h>
#include <mm/account.h>
#include <mm/kmalloc.h>
#include <mm/page.h>

/* Types are positive, so they can be spread to the upper end of the key. */
#define TYPE_KEY(type) ((uint32_t)(type) << 1)
#define KEY_TYPE(key) ((int)((key) >> 1))
#define KEY_ANY UINT32_MAX /* above all types */

/* All but the first: the object's lock. */
struct msg_queue {
    struct sysv_object sysv;
    struct message_store store;      /* by type */
    struct list by_age;              /* the same messages */
    struct wait_queue receivers;     /* struct receiver: for a message */
    struct wait_queue senders;       /* struct message_wait: with the message, for room */
    uint32_t capacity;               /* msg_qbytes */
    int last_sender, last_receiver;  /* pids; 0: nobody so far */
    int64_t send_time, receive_time; /* seconds; 0: never */
};

/* Which message a receiver wants: the oldest, or of several types up to one the lowest, with a key from low to high. */
struct wish {
    uint32_t low, high;
    bool others;    /* than those (MSG_EXCEPT) */
    uint32_t limit; /* bytes that the receiver takes */
};

/* On the sleeper's stack. */
struct receiver {
    struct message_wait wait;
    struct wish wish;
};

OBJECT_CACHE(queue_cache, "msg_queue", sizeof(struct msg_queue));

/* /proc/sys/kernel/msgmax, msgmnb */
static uint32_t limit_message = 8192, limit_queue = 16384;

/* Bytes of all messages, their headers included, and the most that they may be. */
static uint32_t memory_used, memory_limit;

static struct msg_queue *queue_of(struct sysv_object *object)
{
    return container_of(object, struct msg_queue, sysv);
}

/* A message for `length` bytes, or NULL. */
static struct message *message_create(uint32_t length)
{
    uint32_t size = sizeof(struct message) + length;
    uint64_t share = credentials_superuser() ? ACCOUNT_UNLIMITED : memory_limit / 2;
    struct account *account = account_charge_current(ACCOUNT_MSG_BYTES, size, share);
    struct message *message = NULL;

    if (account == NULL)
        return NULL;
    if (!sysv_count(&memory_used, size, memory_limit))
        goto no_room;
    message = kmalloc(size);
    if (message == NULL)
        goto no_memory;
    message->length = length;
    message->account = account;
    return message;

no_memory:
    sysv_uncount(&memory_used, size);
no_room:
    account_release(account, ACCOUNT_MSG_BYTES, size);
    return NULL;
}

static void message_free(struct message *message)
{
    uint32_t size = sizeof(struct message) + message->length;

    sysv_uncount(&memory_used, size);
    account_release(message->account, ACCOUNT_MSG_BYTES, size);
    kfree(message);
}

static struct sysv_object *queue_create(const void *request, int *error)
{
    struct msg_queue *queue = cache_alloc(&queue_cache);

    *error = -ENOMEM;
    if (queue == NULL)
        return NULL;
    list_init(&queue->by_age);
    wait_queue_init(&queue->receivers);
    wait_queue_init(&queue->senders);
    queue->capacity = limit_queue;
    return &queue->sysv;
}

static void queue_removed(struct sysv_object *object)
{
    wake_all(&queue_of(object)->receivers, -EIDRM); /* POSIX msgrcv: EIDRM */
    wake_all(&queue_of(object)->senders, -EIDRM);   /* POSIX msgsnd: EIDRM */
}

static void queue_release(struct sysv_object *object)
{
    struct msg_queue *queue = queue_of(object);
    struct list *link;

    while ((link = list_pop(&queue->by_age)) != NULL)
        message_free(container_of(link, struct message, age));
    cache_free(&queue_cache, queue);
}

static void store(struct msg_queue *queue, struct message *message, bool first)
{
    message_insert(&queue->store, message, first);
    if (first)
        list_add_head(&queue->by_age, &message->age);
    else
        list_add_tail(&queue->by_age, &message->age);
}

static bool is_meant(const struct message *message, const struct wish *wish)
{
    return (message->key >= wish->low && message->key <= wish->high) != wish->others;
}

/* The message that is meant, which stays; NULL: there is none.  Lock held. */
static struct message *find(struct msg_queue *queue, const struct wish *wish)
{
    struct message *message;

    if (wish->low == wish->high && !wish->others)
        return *message_find(&queue->store, wish->low);
    if (wish->low == 0 && wish->high != KEY_ANY) {
        message = *message_lowest(&queue->store);
        return message != NULL && is_meant(message, wish) ? message : NULL;
    }
    list_for_each_entry (message, &queue->by_age, age) {
        if (is_meant(message, wish))
            return message;
    }
    return NULL;
}

/* Hand the message to the first receiver that wants it.  One that does but takes fewer bytes is woken with -E2BIG, and
 * the next asked.  False: nobody took it.  Lock held. */
static bool hand_over(struct msg_queue *queue, struct message *message)
{
    struct wait_entry *entry, *after;

    list_for_each_entry_safe (entry, after, &queue->receivers.entries, link) {
        const struct wish *wish = &container_of(entry, struct receiver, wait.entry)->wish;

        if (!is_meant(message, wish))
            continue;
        if (message->length > wish->limit)
            wake_entry(entry, -E2BIG); /* POSIX msgrcv: E2BIG */
        else if (message_give(entry, message))
            return true;
    }
    return false;
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
    if (!hand_over(queue, message))
        store(queue, message, false);
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

/* Wait until the message has been sent for us.  The lock is held, and given up. */
static long wait_for_room(struct msg_queue *queue, struct message *message)
{
    struct message_wait wait = {.message = message};
    long result = wait_sleep_unlock(&queue->senders, &wait.entry, &queue->sysv.lock, "msgsnd", DEADLINE_NEVER,
                                    WAIT_INTERRUPTIBLE);

    if (result == -ERESTART) { /* those behind us may fit */
        spin_lock(&queue->sysv.lock);
        admit_senders(queue);
        spin_unlock(&queue->sysv.lock);
    }
    return result; /* POSIX msgsnd: EINTR, EIDRM */
}

static void queue_status(const struct sysv_object *object, union sysv_status *status)
{
    const struct msg_queue *queue = container_of(object, const struct msg_queue, sysv);

    status->msg = (struct abi_msqid_ds){
        .msg_stime = queue->send_time,
        .msg_rtime = queue->receive_time,
        .msg_ctime = object->change_time,
        .msg_cbytes = queue->store.bytes,
        .msg_qnum = queue->store.count,
        .msg_qbytes = queue->capacity,
        .msg_lspid = queue->last_sender,
        .msg_lrpid = queue->last_receiver,
    };
}

static int queue_set(struct sysv_object *object, const union sysv_status *status)
{
    if (status->msg.msg_qbytes > limit_queue && !credentials_superuser())
        return -EPERM; /* POSIX msgctl: EPERM, more bytes than allowed */
    queue_of(object)->capacity = status->msg.msg_qbytes;
    admit_senders(queue_of(object));
    return 0;
}

/* Linux's columns, and who waits. */
static void queue_show(struct proc_text *text, struct sysv_object *object, const union sysv_status *status)
{
    const struct abi_msqid_ds *msg = &status->msg;

    proc_print(text, " %10u %10u %5d %5d ", (unsigned)msg->msg_cbytes, (unsigned)msg->msg_qnum, (int)msg->msg_lspid,
               (int)msg->msg_lrpid);
    sysv_show_owners(text, &msg->msg_perm);
    proc_print(text, "%10lld %10lld %10lld", (long long)msg->msg_stime, (long long)msg->msg_rtime,
               (long long)msg->msg_ctime);
    proc_print_waiters(text, &queue_of(object)->senders, &object->lock);
    proc_print_waiters(text, &queue_of(object)->receivers, &object->lock);
    proc_print(text, "\n");
}

static struct sysv_type msg_type = {
    .name = "msg",
    .heading = "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      "
               "rtime      ctime senders receivers",
    .status_size = sizeof(struct abi_msqid_ds),
    .item = ACCOUNT_MSG_QUEUES,
    .create = queue_create,
    .status = queue_status,
    .set = queue_set,
    .removed = queue_removed,
    .release = queue_release,
    .show = queue_show,
    .limit = SYSV_MAX,
    .lock = SPINLOCK_INIT("msg ids", RANK_OBJECT),
};

/* The identifier; see sysv_get(). */
long sys_msgget(int key, int flags)
{
    return sysv_get(&msg_type, key, flags, NULL);
}

/* See sysv_control(). */
long sys_msgctl(int id, int command, uaddr_t buffer)
{
    return sysv_control(&msg_type, id, command, buffer);
}

/* Takes over the message when it answers 0. */
static long send(int id, struct message *message, int flags)
{
    long result;
    struct sysv_object *object = sysv_lock(&msg_type, id, W_OK, &result);
    struct msg_queue *queue = queue_of(object);

    if (object == NULL)
        return result;
    if (wait_queue_empty(&queue->senders) && has_room(queue, message->length)) {
        deliver(queue, message, current->process->pid);
    } else if (flags & IPC_NOWAIT) {
        result = -EAGAIN; /* POSIX msgsnd: EAGAIN */
    } else {
        result = wait_for_room(queue, message);
        sysv_put(object);
        return result;
    }
    sysv_unlock(object);
    return result;
}

/* A message in user memory is a word, its type, and then its bytes.  -EAGAIN, -ENOMEM, -ERESTART. */
long sys_msgsnd(int id, uaddr_t from, uint32_t length, int flags)
{
    struct message *message;
    int32_t type;
    long result;

    if (copy_from_user(&type, from, sizeof(type)) != 0)
        return -EFAULT;
    if (type < 1 || length > limit_message)
        return -EINVAL; /* POSIX msgsnd: EINVAL */
    message = message_create(length);
    if (message == NULL)
        return -ENOMEM; /* Linux msgsnd: ENOMEM */
    message->key = TYPE_KEY(type);
    result = copy_from_user(message->bytes, from + sizeof(type), length);
    if (result == 0)
        result = send(id, message, flags);
    if (result != 0)
        message_free(message);
    return result;
}

/* POSIX msgrcv: which message is meant. */
static struct wish wish_of(int type, uint32_t size, int flags)
{
    struct wish wish = {.high = KEY_ANY, .limit = flags & MSG_NOERROR ? UINT32_MAX : size};

    if (type < 0) {
        wish.high = TYPE_KEY(type == INT32_MIN ? INT32_MAX : -type);
    } else if (type > 0) {
        wish.low = wish.high = TYPE_KEY(type);
        wish.others = flags & MSG_EXCEPT;
    }
    return wish;
}

/* Wait to be handed a message.  The lock is held, and held again. */
static long wait_for_message(struct msg_queue *queue, const struct wish *wish, struct message **message)
{
    struct receiver receiver = {.wish = *wish};
    long result = wait_sleep_unlock(&queue->receivers, &receiver.wait.entry, &queue->sysv.lock, "msgrcv",
                                    DEADLINE_NEVER, WAIT_INTERRUPTIBLE);

    *message = receiver.wait.message;
    spin_lock(&queue->sysv.lock);
    return result; /* POSIX msgrcv: EINTR, EIDRM, E2BIG */
}

/* Take the message that is meant out of the queue.  Lock held, perhaps given up meanwhile. */
static long take_message(struct msg_queue *queue, const struct wish *wish, int flags, struct message **message)
{
    long result = 0;

    *message = find(queue, wish);
    if (*message == NULL) {
        if (flags & IPC_NOWAIT)
            return -ENOMSG; /* POSIX msgrcv: ENOMSG */
        result = wait_for_message(queue, wish, message);
    } else if ((*message)->length > wish->limit) {
        return -E2BIG; /* POSIX msgrcv: E2BIG */
    } else {
        message_take(&queue->store, message_find(&queue->store, (*message)->key));
        list_remove(&(*message)->age);
        admit_senders(queue);
    }
    if (result == 0) {
        queue->last_receiver = current->process->pid;
        queue->receive_time = sysv_time();
    }
    return result;
}

/* A message that could not be received after all is the oldest again. */
static void put_back(struct msg_queue *queue, struct message *message)
{
    spin_lock(&queue->sysv.lock);
    if (!hand_over(queue, message))
        store(queue, message, true);
    spin_unlock(&queue->sysv.lock);
}

/* The bytes copied, or -EFAULT. */
static long message_out(const struct message *message, uaddr_t to, uint32_t size)
{
    uint32_t n = message->length < size ? message->length : size;
    int32_t type = KEY_TYPE(message->key);

    if (copy_to_user(to, &type, sizeof(type)) != 0 || copy_to_user(to + sizeof(type), message->bytes, n) != 0)
        return -EFAULT;
    return (long)n;
}

/* How many bytes were received, at most `size`; -ENOMSG, -E2BIG, -EFAULT (the message stays), -ERESTART. */
long sys_msgrcv(int id, uaddr_t to, uint32_t size, int type, int flags)
{
    struct wish wish = wish_of(type, size, flags);
    struct sysv_object *object;
    struct message *message;
    long result;

    if ((int32_t)size < 0)
        return -EINVAL; /* POSIX msgrcv: EINVAL */
    object = sysv_lock(&msg_type, id, R_OK, &result);
    if (object == NULL)
        return result;
    result = take_message(queue_of(object), &wish, flags, &message);
    spin_unlock(&object->lock);
    if (result == 0) {
        result = message_out(message, to, size);
        if (result < 0)
            put_back(queue_of(object), message);
        else
            message_free(message);
    }
    sysv_put(object);
    return result;
}

static void show_queues(struct proc_text *text)
{
    sysv_show(text, &msg_type);
}

void sysv_msg_start(void)
{
    memory_limit = page_total_count() / 16 * PAGE_SIZE;
    procfs_add("sysvipc/msg", show_queues);
    procfs_add_limit("sys/kernel/msgmax", &limit_message, 0, 1u << 20);
    procfs_add_limit("sys/kernel/msgmnb", &limit_queue, 0, 1u << 24);
    procfs_add_limit("sys/kernel/msgmni", &msg_type.limit, 0, SYSV_MAX);
}
