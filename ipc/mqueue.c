/*
 * mqueue.c - POSIX message queues: bounded, by priority, each message whole.
 *
 * All messages that a queue can hold are allocated with it.  A free one is a place: sending takes a place, fills it
 * from the user's memory and puts it into the store; receiving takes the first of the highest priority out of the
 * store, copies it to the user and frees its place.  While it is copied it is neither free nor in the store, so nobody
 * sees half a message even where the lock is given up, and a copy that faults gives back what it took.
 *
 * Who finds no message, or no place, waits, and is handed the next one (message_wait.h): then it has what it waited
 * for.  So waiting receivers mean an empty store, and waiting senders mean that there is no free place.  A sender that
 * was let in puts its message in when it runs.
 *
 * mq_notify() asks for a signal for one process when a message comes into the empty queue and nobody waits for it.  A
 * registration ends when it is used, when its process closes a descriptor of the queue, or with the process, which
 * closes them all: so while the queue's lock is held the process that is registered is there.
 *
 * Lock: one spinlock for each queue, over store, places, waiters and the notice.
 *
 * Left out: SIGEV_THREAD, which is the C library's affair.
 */
#include <ipc/calls.h>
#include <ipc/mqueue.h>
#include <ipc/signal_pending.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(mqueue_cache, "mqueue", sizeof(struct mqueue));

/* The highest priority is the lowest key; it is in the upper bits, so the store's tree is at most 15 levels deep. */
#define KEY_SHIFT 17
#define PRIORITY_KEY(priority) (~(priority) << KEY_SHIFT)
#define KEY_PRIORITY(key) (~(key) >> KEY_SHIFT)
_Static_assert(ABI_MQ_PRIO_MAX == 1u << (32 - KEY_SHIFT), "a key has all of a priority's bits");

/* A time that is none, which is an error only for who would wait; no time of day reads as this one. */
#define DEADLINE_INVALID 0

/* Functions with a deadline: the calls that have none get copies without it. */
#define TIMED_INLINE inline __attribute__((always_inline))

uint64_t mqueue_bytes(const struct mqueue_shape *shape)
{
    return sizeof(struct mqueue) + (uint64_t)shape->max_messages * (sizeof(struct message) + shape->message_size);
}

void mqueue_free(struct mqueue *queue)
{
    while (queue->store.count != 0)
        kfree(message_take(&queue->store, message_lowest(&queue->store)));
    while (queue->free != NULL) {
        struct message *place = queue->free;

        queue->free = place->next;
        kfree(place);
    }
    cache_free(&mqueue_cache, queue);
}

struct mqueue *mqueue_create(const struct mqueue_shape *shape)
{
    struct mqueue *queue = cache_alloc(&mqueue_cache);

    if (queue == NULL)
        return NULL;
    spin_init(&queue->lock, "mqueue", RANK_OBJECT);
    wait_queue_init(&queue->receivers);
    wait_queue_init(&queue->senders);
    wait_queue_init(&queue->polling);
    queue->shape = *shape;
    queue->bytes = mqueue_bytes(shape);
    for (uint32_t i = 0; i < shape->max_messages; i++) {
        struct message *place = kmalloc(sizeof(*place) + shape->message_size);

        if (place == NULL) {
            mqueue_free(queue);
            return NULL;
        }
        place->next = queue->free;
        queue->free = place;
    }
    return queue;
}

/* Take the registration away; its record is the caller's to free.  Lock held. */
static struct mqueue_notice notice_take(struct mqueue *queue)
{
    struct mqueue_notice notice = queue->notice;

    debug_lock_held(&queue->lock);
    queue->notice = (struct mqueue_notice){0};
    return notice;
}

/* A message has come into the empty queue.  Lock held. */
static void tell(struct mqueue *queue)
{
    struct mqueue_notice notice = notice_take(queue);
    struct signal_note note = {
        .code = SI_MESGQ,
        .pid = current->process->pid,
        .uid = current->process->credentials.uid,
        .value = notice.value,
    };

    if (notice.how == MQ_NOTIFY_SIGNAL)
        signal_post(notice.process, NULL, notice.signal, &note, &notice.record);
    signal_record_free(notice.record);
}

/* Remove the running process's registration, if it is that. */
static void forget_notice(struct mqueue *queue)
{
    struct mqueue_notice notice = {0};

    spin_lock(&queue->lock);
    if (queue->notice.process == current->process)
        notice = notice_take(queue);
    spin_unlock(&queue->lock);
    signal_record_free(notice.record);
}

/* Give it to the thread that waits longest; false: nobody waits.  Lock held. */
static inline bool hand_over(struct wait_queue *waiters, struct message *message)
{
    struct wait_entry *entry, *after;

    list_for_each_entry_safe (entry, after, &waiters->entries, link) {
        if (message_give(entry, message))
            return true;
    }
    return false;
}

static inline void wake_pollers(struct mqueue *queue)
{
    if (!wait_queue_empty(&queue->polling))
        wake_all(&queue->polling, 0);
}

/* A place has come free: a waiting sender's, or anybody's.  Lock held. */
static void give_place(struct mqueue *queue, struct message *place)
{
    if (!hand_over(&queue->senders, place)) {
        place->next = queue->free;
        queue->free = place;
        wake_pollers(queue);
    }
}

/* A message is ready: a waiting receiver's, or the store's.  Lock held. */
static void give_message(struct mqueue *queue, struct message *message)
{
    queue->send_ticks = counter_read();
    if (!hand_over(&queue->receivers, message)) {
        if (queue->notice.process != NULL && queue->store.count == 0)
            tell(queue);
        message_insert(&queue->store, message, false);
        wake_pollers(queue);
    }
}

/* A message that could not be received after all is the first of its priority again.  Lock held. */
static void give_back_message(struct mqueue *queue, struct message *message)
{
    if (!hand_over(&queue->receivers, message)) {
        message_insert(&queue->store, message, true);
        wake_pollers(queue);
    }
}

static unsigned mqueue_poll(struct file *file, struct poll_watch *watch)
{
    struct mqueue *queue = file->object;
    unsigned ready = 0;

    spin_lock(&queue->lock);
    if (watch != NULL)
        wait_enqueue(&queue->polling, &watch->entry, &queue->lock);
    if (file_readable(file) && queue->store.count != 0)
        ready |= POLLIN | POLLRDNORM;
    if (file_writable(file) && queue->free != NULL)
        ready |= POLLOUT | POLLWRNORM;
    spin_unlock(&queue->lock);
    return ready;
}

/* read() tells people about the queue, as Linux does; it takes no message. */
static long mqueue_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct mqueue *queue = file->object;
    struct mqueue_notice notice;
    uint32_t bytes;
    char text[MQUEUE_TEXT_MAX];
    size_t length;

    spin_lock(&queue->lock);
    notice = queue->notice;
    bytes = queue->store.bytes;
    spin_unlock(&queue->lock);
    length = (size_t)snprintf(text, sizeof(text), "QSIZE:%-10u NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n",
                              (unsigned)bytes, notice.pid != 0 ? notice.how : 0, notice.signal, notice.pid);
    return file_read_text(text, length, uio, position);
}

static void mqueue_closed(struct file *file)
{
    forget_notice(file->object);
}

const struct file_ops mqueue_file_ops = {
    .read = mqueue_read,
    .poll = mqueue_poll,
    .closed = mqueue_closed,
};

/* Wait to be handed a message or a place: NULL with *error: -EAGAIN, -EINVAL, -ETIMEDOUT, -ERESTART.  Lock held, given
 * up meanwhile. */
static TIMED_INLINE struct message *wait_for(struct mqueue *queue, struct wait_queue *waiters, const char *reason,
                                             const struct file *file, uint64_t deadline, long *error)
{
    struct message_wait wait;

    *error = 0;
    if (file->flags & O_NONBLOCK)
        *error = -EAGAIN; /* POSIX mq_send, mq_receive: EAGAIN */
    else if (deadline == DEADLINE_INVALID)
        *error = -EINVAL; /* POSIX mq_timedsend, mq_timedreceive: EINVAL */
    if (*error != 0)
        return NULL;
    /* POSIX mq_send, mq_receive: who waits longest */
    *error = wait_sleep_unlock(waiters, &wait.entry, &queue->lock, reason, deadline, WAIT_INTERRUPTIBLE | WAIT_IN_TURN);
    spin_lock(&queue->lock);
    return *error == 0 ? wait.message : NULL; /* POSIX mq_timedsend ...: ETIMEDOUT; mq_send, mq_receive: EINTR */
}

/* Copy a message from or to the user while the lock is given up. */
static long copy_unlocked(struct mqueue *queue, void *to, const void *from, uint32_t n)
{
    size_t missing;

    spin_unlock(&queue->lock);
    missing = copy_faultable(to, from, n);
    spin_lock(&queue->lock);
    return missing == 0 ? 0 : -EFAULT;
}

/* The same; what is short goes with the lock held, for nearly always the user's page is there. */
static inline long copy(struct mqueue *queue, void *to, const void *from, uint32_t n)
{
    return n <= COPY_SHORT && copy_faultable(to, from, n) == 0 ? 0 : copy_unlocked(queue, to, from, n);
}

static TIMED_INLINE long send_to(struct file *file, uaddr_t bytes, uint32_t length, uint32_t priority,
                                 uint64_t deadline)
{
    struct mqueue *queue = file->object;
    struct message *place;
    long error;

    if (length > queue->shape.message_size)
        return -EMSGSIZE; /* POSIX mq_send: EMSGSIZE */
    if (!user_range_ok(bytes, length))
        return -EFAULT;
    spin_lock(&queue->lock);
    place = queue->free;
    if (place != NULL)
        queue->free = place->next;
    else
        place = wait_for(queue, &queue->senders, "mq-send", file, deadline, &error);
    if (place != NULL) {
        place->key = PRIORITY_KEY(priority);
        place->length = length;
        error = copy(queue, place->bytes, (const void *)bytes, length);
        if (error == 0)
            give_message(queue, place);
        else
            give_place(queue, place);
    }
    spin_unlock(&queue->lock);
    return error;
}

static TIMED_INLINE long receive_from(struct file *file, uaddr_t bytes, uint32_t size, uaddr_t priority,
                                      uint64_t deadline)
{
    struct mqueue *queue = file->object;
    struct message *message;
    long result;

    if (size < queue->shape.message_size)
        return -EMSGSIZE; /* POSIX mq_receive: EMSGSIZE */
    if (!user_range_ok(bytes, queue->shape.message_size) || !user_range_ok(priority, sizeof(uint32_t)))
        return -EFAULT;
    spin_lock(&queue->lock);
    if (queue->store.count != 0) {
        message = message_take(&queue->store, message_lowest(&queue->store));
        queue->receive_ticks = counter_read();
    } else {
        message = wait_for(queue, &queue->receivers, "mq-receive", file, deadline, &result);
    }
    if (message != NULL) {
        result = copy(queue, (void *)bytes, message->bytes, message->length);
        if (result == 0 && priority != 0) {
            uint32_t number = KEY_PRIORITY(message->key);

            result = copy(queue, (void *)priority, &number, sizeof(number));
        }
        if (result == 0) {
            result = (long)message->length;
            give_place(queue, message);
        } else {
            give_back_message(queue, message);
        }
    }
    spin_unlock(&queue->lock);
    return result;
}

/* The open queue at `fd`, or NULL (EBADF); give it back with fd_put_in(). */
static inline struct file *queue_get(struct file_table *files, int fd)
{
    struct file *file = fd_get_in(files, fd);

    if (file == NULL || file->ops == &mqueue_file_ops)
        return file;
    fd_put_in(files, file);
    return NULL;
}

static TIMED_INLINE long send(int fd, uaddr_t bytes, uint32_t length, uint32_t priority, uint64_t deadline)
{
    struct file_table *files = current->process->files;
    struct file *file;
    long result = -EBADF; /* POSIX mq_send: EBADF, not open for writing */

    if (priority >= ABI_MQ_PRIO_MAX)
        return -EINVAL; /* POSIX mq_send: EINVAL */
    file = queue_get(files, fd);
    if (file == NULL)
        return -EBADF; /* POSIX mq_send: EBADF */
    if (file_writable(file))
        result = send_to(file, bytes, length, priority, deadline);
    fd_put_in(files, file);
    return result;
}

static TIMED_INLINE long receive(int fd, uaddr_t bytes, uint32_t size, uaddr_t priority, uint64_t deadline)
{
    struct file_table *files = current->process->files;
    struct file *file = queue_get(files, fd);
    long result = -EBADF; /* POSIX mq_receive: EBADF, not open for reading */

    if (file == NULL)
        return -EBADF; /* POSIX mq_receive: EBADF */
    if (file_readable(file))
        result = receive_from(file, bytes, size, priority, deadline);
    fd_put_in(files, file);
    return result;
}

/* Sending, receiving: 0 or the message's length; -EMSGSIZE, -EAGAIN, -ERESTART.  `until`: a time of day, or 0: none;
 * -ETIMEDOUT, -EINVAL. */
long sys_mq_send(int fd, uaddr_t bytes, uint32_t length, uint32_t priority)
{
    return send(fd, bytes, length, priority, DEADLINE_NEVER);
}

long sys_mq_receive(int fd, uaddr_t bytes, uint32_t size, uaddr_t priority)
{
    return receive(fd, bytes, size, priority, DEADLINE_NEVER);
}

/* POSIX mq_timedsend, mq_timedreceive: who need not wait is not asked for a valid time.  0 or -EFAULT. */
static long read_until(uaddr_t until, uint64_t *deadline)
{
    long error = deadline_read(until, DEADLINE_OF_DAY, deadline);

    if (error != -EINVAL)
        return error;
    *deadline = DEADLINE_INVALID;
    return 0;
}

long sys_mq_timedsend(int fd, uaddr_t bytes, uint32_t length, uint32_t priority, uaddr_t until)
{
    uint64_t deadline;
    long error = read_until(until, &deadline);

    return error != 0 ? error : send(fd, bytes, length, priority, deadline);
}

long sys_mq_timedreceive(int fd, uaddr_t bytes, uint32_t size, uaddr_t priority, uaddr_t until)
{
    uint64_t deadline;
    long error = read_until(until, &deadline);

    return error != 0 ? error : receive(fd, bytes, size, priority, deadline);
}

/* 0, -EINVAL, -EBUSY, -ENOMEM. */
static long set_notice(struct mqueue *queue, int how, int signal, uint32_t value)
{
    struct mqueue_notice notice = {
        .process = current->process,
        .pid = current->process->pid,
        .how = how,
        .signal = how == MQ_NOTIFY_SIGNAL ? signal : 0,
        .value = value,
    };
    bool taken;

    if (how == MQ_NOTIFY_REMOVE) {
        forget_notice(queue);
        return 0;
    }
    if (how != MQ_NOTIFY_NONE && (how != MQ_NOTIFY_SIGNAL || !signal_valid(signal)))
        return -EINVAL; /* POSIX mq_notify: EINVAL */
    if (notice.signal > SIGSYS && (notice.record = signal_record_alloc()) == NULL)
        return -ENOMEM;
    spin_lock(&queue->lock);
    taken = queue->notice.process != NULL;
    if (!taken)
        queue->notice = notice;
    spin_unlock(&queue->lock);
    if (taken)
        signal_record_free(notice.record);
    return taken ? -EBUSY : 0; /* POSIX mq_notify: EBUSY */
}

long sys_mq_notify(int fd, int how, int signal, uint32_t value)
{
    struct file_table *files = current->process->files;
    struct file *file = queue_get(files, fd);
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX mq_notify: EBADF */
    result = set_notice(file->object, how, signal, value);
    if (!fd_leads_to(files, fd, file))
        forget_notice(file->object);
    fd_put_in(files, file);
    return result;
}

/* What mq_getattr tells; with `flags` >= 0 O_NONBLOCK is set as they say, and what was is told. */
static void exchange_attributes(struct file *file, int flags, struct abi_mq_attr *attributes)
{
    const struct mqueue *queue = file->object;
    uint32_t old = file->flags;

    while (flags >= 0 && !__atomic_compare_exchange_n(&file->flags, &old, (old & ~O_NONBLOCK) | (uint32_t)flags, false,
                                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
    *attributes = (struct abi_mq_attr){
        .mq_flags = (int32_t)(old & O_NONBLOCK),
        .mq_maxmsg = (int32_t)queue->shape.max_messages,
        .mq_msgsize = (int32_t)queue->shape.message_size,
        .mq_curmsgs = (int32_t)queue->store.count,
    };
}

/* mq_getattr and mq_setattr in one; `new` 0: change nothing, `old` 0: tell nothing.  -EINVAL. */
long sys_mq_getsetattr(int fd, uaddr_t new, uaddr_t old)
{
    struct file_table *files = current->process->files;
    struct abi_mq_attr attributes = {.mq_flags = -1};
    struct file *file;

    if (new != 0 && copy_from_user(&attributes, new, sizeof(attributes)) != 0)
        return -EFAULT;
    if (new != 0 && attributes.mq_flags & ~O_NONBLOCK)
        return -EINVAL; /* Linux mq_setattr: EINVAL */
    file = queue_get(files, fd);
    if (file == NULL)
        return -EBADF; /* POSIX mq_getattr, mq_setattr: EBADF */
    exchange_attributes(file, attributes.mq_flags, &attributes);
    fd_put_in(files, file);
    return old != 0 ? copy_to_user(old, &attributes, sizeof(attributes)) : 0;
}
