/*
 * signal_pending.c - the signals that wait for a thread or a process (core/pending.h has the structure).
 *
 * The set says which signals wait.  For a standard signal notes[] says the rest.  Real-time signals stand in the
 * queue, ordered by number and, among equal ones, by age: POSIX wants the lowest number first and each number in the
 * order sent. The common case, many of one number, adds at the tail and takes from the head.
 *
 * A process's signal_lock guards its own set and those of its threads.  Records are charged to the receiver's real
 * user (mm/account.h).
 */
#include <ipc/signal_pending.h>
#include <mm/account.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(record_cache, "signal", sizeof(struct signal_record));

struct signal_record *signal_record_alloc(void)
{
    return cache_alloc(&record_cache);
}

void signal_record_free(struct signal_record *record)
{
    cache_free(&record_cache, record);
}

/* Queue a record behind those of its signal and of lower ones. */
static void queue_insert(struct pending_signals *pending, struct signal_record *record)
{
    struct list *before = pending->queue.prev;

    while (before != &pending->queue && container_of(before, struct signal_record, link)->signal > record->signal)
        before = before->prev;
    list_insert_after(&record->link, before);
}

/* The oldest record of `signal`, or NULL. */
static struct signal_record *queue_find(struct pending_signals *pending, int signal)
{
    struct signal_record *record;

    list_for_each_entry (record, &pending->queue, link) {
        if (record->signal >= signal)
            return record->signal == signal ? record : NULL;
    }
    return NULL;
}

static void queue_remove(struct signal_record *record)
{
    list_remove(&record->link);
    if (record->of_timer)
        return;
    account_release(record->account, ACCOUNT_SIGNALS, 1);
    signal_record_free(record);
}

/* May one record more wait for the process? */
static bool charge(struct signal_record *record, const struct process *process)
{
    record->account = process->account;
    return account_charge(process->account, ACCOUNT_SIGNALS, 1, process->limits[RLIMIT_SIGPENDING].rlim_cur);
}

bool pending_add_record(struct process *process, struct pending_signals *pending, int signal,
                        const struct signal_note *note, struct signal_record **record)
{
    bool room = record != NULL && *record != NULL && ((*record)->of_timer || charge(*record, process));

    if (!room && note->code != SI_USER && note->code != SI_TKILL)
        return false;
    if (room) {
        (*record)->signal = signal;
        (*record)->note = *note;
        queue_insert(pending, *record);
        *record = NULL;
    }
    pending->set |= signal_bit(signal);
    return true;
}

void pending_take_record(struct pending_signals *pending, int signal, struct signal_note *note)
{
    struct signal_record *record = queue_find(pending, signal);

    *note = (struct signal_note){.code = SI_USER}; /* where there was no room, nothing is known */
    if (record != NULL) {
        *note = record->note;
        queue_remove(record);
    }
    if (queue_find(pending, signal) == NULL)
        pending->set &= ~signal_bit(signal);
}

void pending_withdraw(struct pending_signals *pending, int signal, struct signal_record *record)
{
    if (signal > SIGSYS)
        queue_remove(record);
    if (signal <= SIGSYS || queue_find(pending, signal) == NULL)
        pending->set &= ~signal_bit(signal);
}

/* Timers that wait for their signal to be taken go on without. */
static void drop_timers(struct process *process, struct pending_signals *pending, abi_sigset_t set)
{
    uint32_t standard = (uint32_t)(pending->set & set);

    for (; standard != 0; standard &= standard - 1) {
        struct signal_note *note = &pending->notes[__builtin_ctz(standard) + 1];

        if (note->code == SI_TIMER)
            process_timer_taken(process, note);
    }
}

void signal_discard(struct process *process, struct pending_signals *pending, abi_sigset_t set)
{
    struct signal_record *record, *after;

    debug_lock_held(&process->signal_lock);
    drop_timers(process, pending, set & 0x7fffffff);
    pending->set &= ~set;
    list_for_each_entry_safe (record, after, &pending->queue, link) {
        if (!(set & signal_bit(record->signal)))
            continue;
        if (record->of_timer)
            process_timer_taken(process, &record->note);
        queue_remove(record);
    }
}
