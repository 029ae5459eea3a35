/*
 * socket_rights.c - descriptors on their way from one process to another (SCM_RIGHTS).
 *
 * A descriptor in a queue is a reference of its open file like any other, so closing it everywhere else does not close
 * it.  That makes a circle possible: a socket in whose queue its own descriptor is, or that of another socket whose
 * queue has the first one.  Nobody can ever receive from these, and nothing would free them.
 *
 *           +----------+  its queue holds   +----------+
 *           | socket A | -----------------> | socket B |
 *           |          | <----------------- |          |      and no process has a descriptor of either
 *           +----------+                    +----------+
 *
 * So each socket counts its descriptors in queues (in_flight), and when a reference of one that has any was given back,
 * garbage is looked for: after the reference has gone, so that of several closed at once the last sees all.
 *
 * A socket whose open file has no other references than those in queues is a candidate.  It can be reached after all if
 * one of these is in the queue of a socket that is no candidate, or can be reached.  What is left is garbage: its queue
 * is emptied, which closes the rest.
 *
 * rights_mutex: while it is held no descriptor enters a queue, or gets from one to a process, so what the search sees
 * stays true.
 *
 * A user has no more descriptors in queues than one process may have open (RLIMIT_NOFILE).
 */
#include <ipc/socket.h>
#include <mm/account.h>
#include <mm/kmalloc.h>

static struct mutex rights_mutex = MUTEX_INIT(rights_mutex, "rights");
static struct list all_in_flight = LIST_INIT(all_in_flight);         /* rights_mutex: struct rights */
static struct list in_flight_sockets = LIST_INIT(in_flight_sockets); /* rights_mutex */

struct rights *rights_create(unsigned count)
{
    return kmalloc(sizeof(struct rights) + count * sizeof(struct file *));
}

int rights_depart(struct rights *rights, struct socket *into)
{
    rights->account = account_charge_current(
        ACCOUNT_RIGHTS, rights->count,
        credentials_superuser() ? ACCOUNT_UNLIMITED : current->process->limits[RLIMIT_NOFILE].rlim_cur);
    if (rights->account == NULL)
        return -ETOOMANYREFS; /* Linux sendmsg: ETOOMANYREFS */
    mutex_lock(&rights_mutex);
    rights->into = into;
    list_add_tail(&all_in_flight, &rights->link);
    for (unsigned i = 0; i < rights->count; i++) {
        struct socket *socket = socket_of(rights->files[i]);

        if (socket != NULL && socket->in_flight++ == 0)
            list_add_tail(&in_flight_sockets, &socket->flight_link);
    }
    mutex_unlock(&rights_mutex);
    return 0;
}

void rights_arrive(struct rights *rights)
{
    mutex_lock(&rights_mutex);
    list_remove(&rights->link);
    for (unsigned i = 0; i < rights->count; i++) {
        struct socket *socket = socket_of(rights->files[i]);

        if (socket != NULL && --socket->in_flight == 0) {
            list_remove(&socket->flight_link);
            socket->garbage = false;
        }
    }
    mutex_unlock(&rights_mutex);
    account_release(rights->account, ACCOUNT_RIGHTS, rights->count);
}

void rights_forget_listener(struct socket *socket)
{
    mutex_lock(&rights_mutex);
    socket->listener = NULL;
    mutex_unlock(&rights_mutex);
}

/* The socket that one must receive from, or accept from, to get these. */
static const struct socket *holder(const struct rights *rights)
{
    const struct socket *listener = __atomic_load_n(&rights->into->listener, __ATOMIC_RELAXED);

    return listener != NULL ? listener : rights->into;
}

/* Candidates are garbage until they are found in the queue of a socket that is none. */
static void find_garbage(void)
{
    struct socket *socket;
    struct rights *rights;
    bool again = true;

    list_for_each_entry (socket, &in_flight_sockets, flight_link)
        socket->garbage = __atomic_load_n(&socket->file->references, __ATOMIC_RELAXED) == socket->in_flight;
    while (again) {
        again = false;
        list_for_each_entry (rights, &all_in_flight, link) {
            for (unsigned i = 0; i < rights->count && !holder(rights)->garbage; i++) {
                if ((socket = socket_of(rights->files[i])) != NULL && socket->garbage) {
                    socket->garbage = false;
                    again = true;
                }
            }
        }
    }
}

/* The open file of one of them, referenced, or NULL. */
static struct file *next_garbage(void)
{
    struct socket *socket;

    list_for_each_entry (socket, &in_flight_sockets, flight_link) {
        if (socket->garbage) {
            socket->garbage = false;
            file_get(socket->file);
            return socket->file;
        }
    }
    return NULL;
}

/* Empty the queues of what is garbage, if anything is.  `dropping` is set. */
static bool empty_garbage(void)
{
    struct file *file, *first;

    if (list_empty(&in_flight_sockets))
        return false;
    mutex_lock(&rights_mutex);
    find_garbage();
    for (file = first = next_garbage(); file != NULL; file = next_garbage()) {
        mutex_unlock(&rights_mutex);
        socket_drain(file->object);
        file_put(file);
        mutex_lock(&rights_mutex);
    }
    mutex_unlock(&rights_mutex);
    return first != NULL;
}

/* Close them; whether a socket was among them. */
static bool close_all(struct rights *rights)
{
    bool socket = false;

    for (unsigned i = 0; i < rights->count; i++) {
        if (rights->files[i] != NULL) {
            socket |= socket_of(rights->files[i]) != NULL;
            file_put(rights->files[i]);
        }
    }
    kfree(rights);
    return socket;
}

/* Closing a descriptor may end a socket whose queue holds others, and so on: what is to be closed meanwhile goes on a
 * list, which keeps the stack short. */
static void close_and_collect(struct rights *doomed, bool collect)
{
    current->dropping = &doomed;
    while (doomed != NULL || (collect && empty_garbage())) {
        struct rights *rights = doomed;

        if (rights != NULL) {
            doomed = rights->next;
            collect |= close_all(rights);
        }
    }
    current->dropping = NULL;
}

void rights_drop(struct rights *rights)
{
    struct rights **list = current->dropping;

    if (rights == NULL)
        return;
    rights->next = list != NULL ? *list : NULL;
    if (list != NULL)
        *list = rights;
    else
        close_and_collect(rights, false);
}

void rights_collect(void)
{
    if (current->dropping == NULL)
        close_and_collect(NULL, true);
}

/* Looked at before: who sends one later has a descriptor of it, which will be closed, or looks itself. */
void rights_file_put(struct file *file)
{
    const struct socket *socket = file->object;
    bool in_flight = __atomic_load_n(&socket->in_flight, __ATOMIC_RELAXED) != 0;

    file_drop(file);
    if (in_flight)
        rights_collect();
}
