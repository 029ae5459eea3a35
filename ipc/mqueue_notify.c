/*
 * mqueue_notify.c - mq_notify(): a signal for one process when a message comes into the empty queue and nobody waits
 * for it.
 *
 * A registration ends when it is used, when its process closes a descriptor of the queue, or with the process, which
 * closes them all: so while the queue's lock is held the process that is registered is there.
 */
#include <ipc/mqueue.h>
#include <ipc/signal_pending.h>

/* Take the registration away; its record is the caller's to free.  Lock held. */
static struct mqueue_notice notice_take(struct mqueue *queue)
{
    struct mqueue_notice notice = queue->notice;

    debug_lock_held(&queue->lock);
    queue->notice = (struct mqueue_notice){0};
    return notice;
}

void mqueue_tell(struct mqueue *queue)
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
void mqueue_forget_notice(struct mqueue *queue)
{
    struct mqueue_notice notice = {0};

    spin_lock(&queue->lock);
    if (queue->notice.process == current->process)
        notice = notice_take(queue);
    spin_unlock(&queue->lock);
    signal_record_free(notice.record);
}

long mqueue_notify(struct mqueue *queue, int how, int signal, uint32_t value)
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
        mqueue_forget_notice(queue);
        return 0;
    }
    if (how != MQ_NOTIFY_NONE && (how != MQ_NOTIFY_SIGNAL || !signal_valid(signal)))
        return -EINVAL; /* POSIX mq_notify: EINVAL */
    if (notice.signal >= SIGRTMIN && (notice.record = signal_record_alloc()) == NULL)
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
