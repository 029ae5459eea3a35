/*
 * signal_kill.c - kill(): who is meant, and who may.
 *
 * A real-time signal queues, so each receiver needs a record for it.  Records are allocated before the locks are taken:
 * one for each process that may be met, as many as there are processes for a group; a process that appears in between
 * gets the signal without its siginfo.  What is left over is freed.
 */
#include <abi/errno.h>
#include <ipc/signal.h>
#include <ipc/signal_pending.h>

bool signal_permitted(const struct process *target, int signal)
{
    const struct process *self = current->process;
    const struct credentials *mine = &self->credentials, *its = &target->credentials;

    if (mine->euid == 0 || target == self)
        return true;
    /* POSIX kill: the sender's real or effective user is the receiver's real or saved one */
    if (mine->uid == its->uid || mine->uid == its->suid || mine->euid == its->uid || mine->euid == its->suid)
        return true;
    /* POSIX kill: SIGCONT may go to any member of the session */
    return signal == SIGCONT && target->group->session == self->group->session;
}

/* One call of kill() while it looks for receivers. */
struct mission {
    int signal;
    struct signal_note note;
    struct list records;
    bool met, sent; /* a receiver exists; one was permitted */
};

static int allocate_records(struct mission *mission, unsigned count)
{
    list_init(&mission->records);
    while (mission->signal >= SIGRTMIN && count-- > 0) {
        struct signal_record *record = signal_record_alloc();

        if (record == NULL)
            return -ENOMEM;
        list_add_tail(&mission->records, &record->link);
    }
    return 0;
}

static struct signal_record *pop_record(struct mission *mission)
{
    struct list *node = list_pop(&mission->records);

    return node != NULL ? container_of(node, struct signal_record, link) : NULL;
}

static void free_records(struct mission *mission)
{
    struct signal_record *record;

    while ((record = pop_record(mission)) != NULL)
        signal_record_free(record);
}

/* Signal one process, if that is permitted.  processes_lock held. */
static int send_one(struct mission *mission, struct process *process, struct thread *thread)
{
    struct signal_record *record;
    int error;

    mission->met = true;
    if (!signal_permitted(process, mission->signal))
        return -EPERM;
    mission->sent = true;
    if (mission->signal == 0)
        return 0;
    record = pop_record(mission);
    error = signal_post(process, thread, mission->signal, &mission->note, &record);
    if (record != NULL)
        list_add_tail(&mission->records, &record->link);
    return error;
}

/* POSIX kill: -1 means every process but those of the system: init, and the sender as Linux has it. */
static void send_all(struct mission *mission)
{
    struct process *p;

    list_for_each_entry (p, &process_list, all_link) {
        if (p != init_process && p != current->process && p->state == PROCESS_ALIVE)
            send_one(mission, p, NULL);
    }
}

static void send_group(struct mission *mission, const struct group *group)
{
    struct process *p;

    if (group == NULL)
        return;
    list_for_each_entry (p, &group->members, group_link)
        send_one(mission, p, NULL);
}

static void send_by_pid(struct mission *mission, int pid)
{
    struct process *process;
    const struct id *id;

    if (pid > 0) {
        process = process_find(pid);
        if (process != NULL)
            send_one(mission, process, NULL);
    } else if (pid == -1) {
        send_all(mission);
    } else {
        id = pid == 0 ? NULL : id_find((int)-(unsigned)pid);
        send_group(mission, pid == 0 ? current->process->group : id != NULL ? id->group : NULL);
    }
}

static void mission_init(struct mission *mission, int signal, int code)
{
    const struct process *self = current->process;

    *mission = (struct mission){
        .signal = signal,
        .note = {.code = code, .pid = self->pid, .uid = self->credentials.uid},
    };
}

static long mission_result(const struct mission *mission)
{
    if (!mission->met)
        return -ESRCH;                 /* POSIX kill: ESRCH */
    return mission->sent ? 0 : -EPERM; /* POSIX kill: EPERM */
}

/* To one process. */
static long send_to_pid(int pid, int signal, const struct signal_note *note, struct signal_record **record)
{
    struct process *self = current->process, *process;
    long result = -ESRCH; /* POSIX kill, sigqueue: ESRCH */

    if (pid == self->pid) /* cannot vanish meanwhile */
        return signal == 0 ? 0 : signal_post(self, NULL, signal, note, record);
    spin_lock(&processes_lock);
    process = process_find(pid);
    if (process != NULL)
        result = signal_permitted(process, signal) ? 0 : -EPERM; /* POSIX kill, sigqueue: EPERM */
    if (result == 0 && signal != 0)
        result = signal_post(process, NULL, signal, note, record);
    spin_unlock(&processes_lock);
    return result;
}

/* To one process, a standard signal: there is nothing to allocate. */
static long kill_one(int pid, int signal)
{
    const struct process *self = current->process;
    struct signal_note note = {.code = SI_USER, .pid = self->pid, .uid = self->credentials.uid};

    return send_to_pid(pid, signal, &note, NULL);
}

long signal_kill(int pid, int signal)
{
    struct mission mission;
    int error;

    if (signal < 0 || signal >= ABI_NSIG)
        return -EINVAL; /* POSIX kill: EINVAL */
    if (pid > 0 && signal < SIGRTMIN)
        return kill_one(pid, signal);
    mission_init(&mission, signal, SI_USER);
    error = allocate_records(&mission, pid > 0 ? 1 : process_count);
    if (error == 0) {
        spin_lock(&processes_lock);
        send_by_pid(&mission, pid);
        spin_unlock(&processes_lock);
        error = mission_result(&mission);
    }
    free_records(&mission);
    return error;
}

long signal_queue(int pid, int signal, uint32_t value)
{
    const struct process *self = current->process;
    struct signal_note note = {.code = SI_QUEUE, .pid = self->pid, .uid = self->credentials.uid, .value = value};
    struct signal_record *record = NULL;
    long result;

    if (signal < 0 || signal >= ABI_NSIG)
        return -EINVAL; /* POSIX sigqueue: EINVAL */
    if (signal >= SIGRTMIN && (record = signal_record_alloc()) == NULL)
        return -EAGAIN;
    result = send_to_pid(pid, signal, &note, &record); /* POSIX sigqueue: EAGAIN */
    signal_record_free(record);
    return result;
}

long signal_kill_thread(int pid, int tid, int signal)
{
    struct mission mission;
    struct thread *thread;
    const struct id *id;
    int error;

    if (signal < 0 || signal >= ABI_NSIG || pid <= 0 || tid <= 0)
        return -EINVAL;
    mission_init(&mission, signal, SI_TKILL);
    error = allocate_records(&mission, 1);
    if (error == 0) {
        spin_lock(&processes_lock);
        id = id_find(tid);
        thread = id != NULL ? id->thread : NULL;
        error = -ESRCH;
        if (thread != NULL && thread->process != NULL && thread->process->pid == pid)
            error = send_one(&mission, thread->process, thread);
        spin_unlock(&processes_lock);
    }
    free_records(&mission);
    return error;
}
