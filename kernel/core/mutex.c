/*
 * mutex.c - the slow ways of mutexes, and the inheritance of priorities.
 *
 * A mutex with waiters has MUTEX_WAITERS in its owner word, so that neither fast way fits and both come here.  Giving
 * up hands the mutex to the first waiter before it runs: nobody can overtake it.
 *
 * Inheritance.  A thread has the highest of these priorities: what it was given (own_priority), its ceiling, with which
 * user space protects what the thread holds there, and those of all who wait for what it holds.  A waiter's mutex_wait
 * says which mutex it waits for, the mutex who holds it, and that one's mutex_wait what it waits for in turn: along
 * this chain a priority is handed on, as far as it raises or lowers one.  The mutex may be the kernel's own or stand
 * for a futex (ipc/futex_pi.c), and the chain may lead over both.
 * Time-sharing threads have priority 0 and lend nothing.
 *
 * mutexes_lock guards all queues of mutexes, the lists of what threads hold, and every change of an owner word that has
 * MUTEX_WAITERS.  It is one lock for all, so that a chain can be followed; it is taken only where a thread is about to
 * sleep, or to wake one.
 */
#include <abi/errno.h>
#include <core/cpu_data.h>
#include <core/thread.h>

static struct spinlock mutexes_lock = SPINLOCK_INIT("mutexes", RANK_MUTEX);

void mutex_init(struct mutex *mutex, const char *name)
{
    *mutex = (struct mutex)MUTEX_INIT(*mutex, name);
}

static struct thread *holder_of(const struct mutex *mutex)
{
    return (struct thread *)(__atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) & ~MUTEX_WAITERS);
}

static int first_priority(const struct mutex *mutex)
{
    const struct list *first = list_first(&mutex->waiters.entries);

    return first != NULL ? container_of(first, struct wait_entry, link)->thread->priority : 0;
}

/* The priority that `t` should have. */
static int priority_due(const struct thread *t)
{
    int due = t->own_priority > t->ceiling ? t->own_priority : t->ceiling;
    const struct mutex *mutex;

    list_for_each_entry (mutex, &t->held, held_link) {
        if (first_priority(mutex) > due)
            due = first_priority(mutex);
    }
    return due;
}

/* Give `t` its due, and all along the chain from it. */
static void inherit(struct thread *t)
{
    debug_lock_held(&mutexes_lock);
    for (int due; t != NULL && t->priority != (due = priority_due(t));) {
        struct mutex_wait *wait = t->waits_for;

        sched_set_priority(t, due);
        if (wait == NULL)
            return;
        if (list_linked(&wait->entry.link)) { /* it has another place now */
            list_remove(&wait->entry.link);
            wait_enqueue(&wait->mutex->waiters, &wait->entry, &mutexes_lock);
        }
        t = holder_of(wait->mutex);
    }
}

void mutex_inherit(struct thread *thread)
{
    spin_lock(&mutexes_lock);
    inherit(thread);
    spin_unlock(&mutexes_lock);
}

/* Set the waiters' bit, or take a mutex that has become free.  mutexes_lock held.  True: taken. */
static bool take_or_mark(struct mutex *mutex)
{
    uint32_t seen = __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED);

    for (;;) {
        uint32_t want = seen == 0 ? (uint32_t)current : seen | MUTEX_WAITERS;

        if (__atomic_compare_exchange_n(&mutex->owner, &seen, want, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return want == (uint32_t)current;
    }
}

/* `holder` has the mutex, for which others wait or will. */
static void hold(struct mutex *mutex, struct thread *holder)
{
    if (!list_linked(&mutex->held_link))
        list_add_head(&holder->held, &mutex->held_link);
}

/* Nobody waits for it any more, or it changes hands. */
static void let_go(struct mutex *mutex)
{
    if (list_linked(&mutex->held_link))
        list_remove(&mutex->held_link);
}

/* Does the holder wait for the running thread, at the end of a chain?  mutexes_lock held. */
static bool waits_for_us(const struct thread *holder)
{
    for (unsigned depth = 0; holder != NULL && depth < 1000; depth++) {
        if (holder == current)
            return true;
        holder = holder->waits_for != NULL ? holder_of(holder->waits_for->mutex) : NULL;
    }
    return false;
}

int mutex_join(struct mutex *mutex, struct mutex_wait *wait)
{
    struct thread *holder;
    int result = 0;

    spin_lock(&mutexes_lock);
    if (!take_or_mark(mutex)) {
        holder = holder_of(mutex);
        result = waits_for_us(holder) ? -EDEADLK : 1;
    }
    if (result == 1) {
        *wait = (struct mutex_wait){.entry.thread = current, .mutex = mutex};
        current->waits_for = wait;
        wait_begin();
        wait_enqueue(&mutex->waiters, &wait->entry, &mutexes_lock);
        hold(mutex, holder);
        inherit(holder);
    }
    spin_unlock(&mutexes_lock);
    return result;
}

/* A deadline or a signal has ended the wait. */
static void give_up(struct mutex_wait *wait)
{
    struct mutex *mutex = wait->mutex;

    spin_lock(&mutexes_lock);
    list_remove(&wait->entry.link);
    current->waits_for = NULL;
    inherit(holder_of(mutex));
    spin_unlock(&mutexes_lock);
}

long mutex_sleep(struct mutex_wait *wait, uint64_t deadline, unsigned flags)
{
    long result = wait_commit(wait->mutex->name, deadline, flags);

    if (result < 0)
        give_up(wait);
    else
        wait_remove(&wait->entry); /* who woke us may still be about to take it off */
    return result;
}

/* Hand a mutex that the running thread held to the first whose wait can be ended, with `answer`.  Its tid, or 0.
 * mutexes_lock held. */
static int pass(struct mutex *mutex, long answer)
{
    struct wait_entry *entry, *after;

    let_go(mutex);
    list_for_each_entry_safe (entry, after, &mutex->waiters.entries, link) {
        struct thread *heir = entry->thread;
        struct mutex_wait *wait = heir->waits_for;
        int tid = heir->tid;

        __atomic_store_n(&mutex->owner, (uint32_t)heir | MUTEX_WAITERS, __ATOMIC_RELEASE); /* before it runs */
        heir->waits_for = NULL;
        if (wake_entry(entry, answer)) {
            if (wait_queue_empty(&mutex->waiters))
                __atomic_store_n(&mutex->owner, (uint32_t)heir, __ATOMIC_RELEASE);
            else
                hold(mutex, heir);
            inherit(current);
            return tid;
        }
        heir->waits_for = wait;
    }
    __atomic_store_n(&mutex->owner, 0, __ATOMIC_RELEASE);
    inherit(current);
    return 0;
}

void mutex_lock_slow(struct mutex *mutex)
{
    struct mutex_wait wait;

    debug_assert(!mutex_held(mutex));
    switch (mutex_join(mutex, &wait)) {
    case 1:
        mutex_sleep(&wait, DEADLINE_NEVER, 0);
        break;
    case -EDEADLK:
        panic("thread %d would wait for itself, for mutex %s", current->tid, mutex->name);
    }
    debug_assert(mutex_held(mutex)); /* it was handed over */
}

void mutex_unlock_slow(struct mutex *mutex)
{
    kassert(mutex_held(mutex));
    mutex_pass(mutex);
}

int mutex_pass(struct mutex *mutex)
{
    int tid;

    spin_lock(&mutexes_lock);
    tid = pass(mutex, 0);
    spin_unlock(&mutexes_lock);
    return tid;
}

bool mutex_adopt(struct mutex *mutex, struct thread *holder)
{
    bool runs;

    spin_lock(&mutexes_lock);
    runs = !holder->left_user;
    if (runs) {
        mutex->owner = (uint32_t)holder | MUTEX_WAITERS; /* no fast way */
        hold(mutex, holder);
    }
    spin_unlock(&mutexes_lock);
    return runs;
}

void mutex_forget(struct mutex *mutex)
{
    spin_lock(&mutexes_lock);
    let_go(mutex);
    spin_unlock(&mutexes_lock);
}

int mutex_holder(struct mutex *mutex)
{
    const struct thread *holder;
    int tid;

    spin_lock(&mutexes_lock);
    holder = holder_of(mutex);
    tid = holder != NULL ? holder->tid : 0;
    spin_unlock(&mutexes_lock);
    return tid;
}

void mutex_leave_user(bool for_good)
{
    struct thread *self = current;

    if (!for_good && list_empty(&self->held) && self->ceiling == 0)
        return;
    spin_lock(&mutexes_lock);
    self->left_user = for_good;
    while (!list_empty(&self->held))
        pass(container_of(self->held.next, struct mutex, held_link), 1);
    if (self->ceiling != 0) {
        self->ceiling = 0;
        inherit(self);
    }
    spin_unlock(&mutexes_lock);
}
