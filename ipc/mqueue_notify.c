/*
 * mqueue_notify.c - mq_notify(): a signal for one process when a message comes into the empty queue and nobody waits
 * for it.
 *
 * The queue remembers the process by its number and the time of its start, not by a pointer: the process may be gone
 * when the message comes.  A registration ends when it is used, when its process closes a descriptor of the queue, or
 * with the process, which closes them all.
 */
#include <ipc/mqueue.h>
#include <ipc/signal_pending.h>

/* The process that is registered, or NULL: it has ended.  processes_lock held. */
static struct process *notice_process(const struct mqueue_notice *notice)
{
    struct process *process = process_find(notice->pid);

    if (process == NULL || process->state != PROCESS_ALIVE || process->start_ticks != notice->start_ticks)
        return NULL;
    return process;
}

/* Is a living process registered?  Lock held. */
static bool notice_taken(const struct mqueue *queue)
{
    bool taken;

    if (queue->notice.pid == 0)
        return false;
    spin_lock(&processes_lock);
    taken = notice_process(&queue->notice) != NULL;
    spin_unlock(&processes_lock);
    return taken;
}

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
    struct process *process;
    struct signal_note note = {
        .code = SI_MESGQ,
        .pid = current->process->pid,
        .uid = current->process->credentials.uid,
        .value = notice.value,
    };

    spin_lock(&processes_lock);
    process = notice_process(&notice);
    if (process != NULL && notice.how == MQ_NOTIFY_SIGNAL)
        signal_post(process, NULL, notice.signal, &note, &notice.record);
    spin_unlock(&processes_lock);
    signal_record_free(notice.record);
}

/* Remove the running process's registration, if it is that. */
void mqueue_forget_notice(struct mqueue *queue)
{
    struct mqueue_notice notice = {0};

    if (queue->notice.pid == 0) /* one's own cannot appear meanwhile */
        return;
    spin_lock(&queue->lock);
    if (queue->notice.pid == current->process->pid)
        notice = notice_take(queue);
    spin_unlock(&queue->lock);
    signal_record_free(notice.record);
}

long mqueue_notify(struct mqueue *queue, int how, int signal, uint32_t value)
{
    struct mqueue_notice notice = {
        .pid = current->process->pid,
        .start_ticks = current->process->start_ticks,
        .how = how,
        .signal = how == MQ_NOTIFY_SIGNAL ? signal : 0,
        .value = value,
    };
    struct mqueue_notice stale = {0};
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
    taken = notice_taken(queue);
    if (!taken) {
        stale = notice_take(queue);
        queue->notice = notice;
    }
    spin_unlock(&queue->lock);
    signal_record_free(taken ? notice.record : stale.record);
    return taken ? -EBUSY : 0; /* POSIX mq_notify: EBUSY */
}
