/*
 * wait.c - the one primitive that blocks (see wait.h for its use).
 *
 * Why a wake cannot be lost: the thread is armed before its entry is seen on a queue, and it sleeps (sched_block, under
 * its run queue's lock) only while it is still armed.  Why a signal cannot be: its sender sets WORK_SIGNAL, then
 * tries to decide the wait; the sleeper states its flags, then looks at WORK_SIGNAL; one of them sees the other.  (The
 * sender tries before, too: a thread that this wakes sets WORK_SIGNAL itself, in sleep_stated().)
 *
 * Why an entry may live on the sleeper's stack: a waker touches it only with the queue's lock held, and takes it off
 * the queue as its last act; a sleeper that finds its entry still linked takes the lock before it goes on.
 */
#include <abi/errno.h>
#include <core/cpu_data.h>
#include <core/explore.h>
#include <core/thread.h>
#include <core/wait.h>

/* Decide the wait of a thread whose wait_state was just `seen`, if it is armed and has one of the flags of `mask` (0:
 * in any case), and make it ready.  Interrupts off. */
static inline bool decide(struct thread *t, uint32_t seen, long answer, unsigned mask)
{
    do {
        if (!wait_is_armed(seen) || (mask != 0 && !(seen >> WAIT_FLAGS_SHIFT & mask)))
            return false;
    } while (
        !__atomic_compare_exchange_n(&t->wait_state, &seen, WAIT_CLAIMED, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    t->wait_answer = answer;
    __atomic_store_n(&t->wait_state, WAIT_DECIDED, __ATOMIC_RELEASE);
    sched_wake(t);
    return true;
}

bool wait_cancel(struct thread *t, long answer, unsigned mask)
{
    uint32_t psr = irq_save();
    bool decided = decide(t, __atomic_load_n(&t->wait_state, __ATOMIC_SEQ_CST), answer, mask);

    irq_restore(psr);
    return decided;
}

void wait_begin(void)
{
    current->wait_state = WAIT_ARMED;
}

static inline int priority_at(const struct list *place)
{
    return container_of(place, struct wait_entry, link)->thread->priority;
}

/* Others wait: real-time threads come behind those of their priority and of higher ones, time-sharing ones behind all;
 * with a seed these may pass each other, but for those who wait `in_turn`. */
static void enqueue_among(struct wait_queue *queue, struct wait_entry *entry, bool in_turn)
{
    struct list *place = queue->entries.prev;
    int priority = entry->thread->priority;

    if (priority > priority_at(place)) {
        /* Who stands last may have a higher priority by now. */
        for (place = &queue->entries; place->next != &queue->entries && priority <= priority_at(place->next);)
            place = place->next;
    } else if (exploring && priority == 0 && !in_turn) {
        while (place != &queue->entries && priority_at(place) == 0 && explore_pass())
            place = place->prev;
    }
    list_insert_after(&entry->link, place);
}

static inline void enqueue(struct wait_queue *queue, struct wait_entry *entry, struct spinlock *lock, bool in_turn)
{
    debug_lock_held(lock);
    __atomic_store_n(&entry->lock, lock, __ATOMIC_RELAXED);
    if (wait_queue_empty(queue))
        list_insert_after(&entry->link, &queue->entries);
    else
        enqueue_among(queue, entry, in_turn);
}

void wait_enqueue(struct wait_queue *queue, struct wait_entry *entry, struct spinlock *lock)
{
    enqueue(queue, entry, lock, false);
}

struct wait_timer {
    struct timer timer;
    struct thread *thread;
};

static void wait_timed_out(struct timer *timer)
{
    wait_cancel(container_of(timer, struct wait_timer, timer)->thread, -ETIMEDOUT, 0);
}

static long sleep_until_decided(struct thread *self)
{
    sched_block();
    while (__atomic_load_n(&self->wait_state, __ATOMIC_ACQUIRE) != WAIT_DECIDED)
        ; /* whoever decided stores the answer in these very cycles */
    return self->wait_answer;
}

static long sleep_with_deadline(struct thread *self, uint64_t deadline)
{
    struct wait_timer timeout = {.thread = self};
    long answer;

    timer_init(&timeout.timer, wait_timed_out);
    timer_set(&timeout.timer, deadline);
    answer = sleep_until_decided(self);
    timer_cancel(&timeout.timer);
    return answer;
}

/* A signal may have come before the wait's flags were stated. */
static __attribute__((noinline)) void end_if_interrupted(struct thread *self, unsigned flags)
{
    if (flags != 0 && wait_interrupted(self, flags))
        wait_cancel(self, -ERESTART, 0);
}

/* Sleep, the wait's flags being stated, if there are any.  A signal that came before ends the wait at once. */
static inline long sleep_stated(struct thread *self, const char *reason, uint64_t deadline, unsigned flags)
{
    long answer;

    debug_may_sleep();
    self->wait_reason = reason;
    dmb(); /* the flags are seen before we look at the work; see the top of the file */
    if (self->work & WORK_SIGNAL)
        end_if_interrupted(self, flags);
    answer = deadline == DEADLINE_NEVER ? sleep_until_decided(self) : sleep_with_deadline(self, deadline);
    self->wait_state = WAIT_NONE;
    self->wait_reason = NULL;
    if (answer == -ERESTART)
        thread_set_work(self, WORK_SIGNAL); /* the call's way out must decide: begin it again, or EINTR */
    return answer;
}

long wait_commit(const char *reason, uint64_t deadline, unsigned flags)
{
    uint32_t expected = WAIT_ARMED; /* or it is decided already */

    __atomic_compare_exchange_n(&current->wait_state, &expected, WAIT_ARMED | flags << WAIT_FLAGS_SHIFT, false,
                                __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return sleep_stated(current, reason, deadline, flags);
}

void wait_remove_linked(struct wait_entry *entry)
{
    while (__atomic_load_n(&entry->link.next, __ATOMIC_ACQUIRE) != NULL) {
        struct spinlock *lock = __atomic_load_n(&entry->lock, __ATOMIC_RELAXED);

        spin_lock(lock);
        if (lock == entry->lock && list_linked(&entry->link)) /* else it was moved meanwhile */
            list_remove(&entry->link);
        spin_unlock(lock);
    }
}

long wait_sleep_unlock(struct wait_queue *queue, struct wait_entry *entry, struct spinlock *lock, const char *reason,
                       uint64_t deadline, unsigned flags)
{
    struct thread *self = current;
    long answer;

    entry->thread = self;
    entry->function = NULL;
    self->wait_state = WAIT_ARMED | flags << WAIT_FLAGS_SHIFT;
    enqueue(queue, entry, lock, flags & WAIT_IN_TURN);
    spin_unlock(lock);
    answer = sleep_stated(self, reason, deadline, flags);
    wait_remove(entry);
    return answer;
}

long wait_sleep(struct wait_queue *queue, struct spinlock *lock, const char *reason, uint64_t deadline, unsigned flags)
{
    struct wait_entry entry;
    long answer = wait_sleep_unlock(queue, &entry, lock, reason, deadline, flags);

    spin_lock(lock);
    return answer;
}

bool wake_entry(struct wait_entry *entry, long answer)
{
    if (entry->function != NULL)
        return entry->function(entry, answer);
    if (!decide(entry->thread, __atomic_load_n(&entry->thread->wait_state, __ATOMIC_RELAXED), answer, 0))
        return false;
    list_remove(&entry->link);
    return true;
}

bool wake_one(struct wait_queue *queue, long answer)
{
    struct wait_entry *entry, *after;

    list_for_each_entry_safe (entry, after, &queue->entries, link) {
        if (wake_entry(entry, answer))
            return true;
    }
    return false;
}

unsigned wake_all(struct wait_queue *queue, long answer)
{
    struct wait_entry *entry, *after;
    unsigned count = 0;

    list_for_each_entry_safe (entry, after, &queue->entries, link) {
        count += wake_entry(entry, answer);
    }
    return count;
}

long wait_until(const char *reason, uint64_t deadline, unsigned flags)
{
    current->wait_state = WAIT_ARMED | flags << WAIT_FLAGS_SHIFT;
    return sleep_stated(current, reason, deadline, flags);
}
