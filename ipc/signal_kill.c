/*
 * signal_kill.c - kill(): who is meant, and who may.
 *
 * A real-time signal queues, so each receiver needs a record for it.  Records are allocated before the locks are taken:
 * one for each process that may be met, as many as there are processes for a group; a process that appears in between
 * gets the signal without its siginfo.  What is left over is freed.
 */
#include <abi/errno.h>
#include <core/syscalls.h>
#include <ipc/signal_pending.h>

bool signal_permitted_by_ids(const struct process *target, int signal)
{
    const struct process *self = current->process;
    const struct credentials *mine = &self->credentials, *its = &target->credentials;

    /* POSIX kill: the sender's real or effective user is the receiver's real or saved one */
    if (mine->uid == its->uid || mine->uid == its->suid || mine->euid == its->uid || mine->euid == its->suid)
        return true;
    /* POSIX kill: SIGCONT may go to any member of the session */
    return signal == SIGCONT && target->group->session == self->group->session;
}

/* Each call knows which of the arguments it leaves out. */
#define SEND_INLINE inline __attribute__((always_inline))
#define NOBODY INT32_MAX /* no process has that number */

/* Signal one process, or one thread of it, if that is permitted.  processes_lock held. */
static inline long send_one(struct process *process, struct thread *thread, int signal, const struct signal_note *note,
                            struct signal_record **record)
{
    long result;

    if (!signal_permitted(process, signal))
        return -EPERM; /* POSIX kill, sigqueue: EPERM */
    if (signal == 0)
        return 0;
    spin_lock_irq_off(&process->signal_lock);
    result = signal_post_locked(process, thread, signal, note, record);
    spin_unlock_irq_off(&process->signal_lock);
    return result;
}

/* The process or, `tid` not 0, the process of that thread; NULL: there is none.  processes_lock held. */
static inline struct process *find(int pid, int tid, struct thread **thread)
{
    struct process *process = process_find(pid);

    *thread = tid != 0 ? id_find(tid)->thread : NULL;
    return tid == 0 || (*thread != NULL && (*thread)->process == process) ? process : NULL;
}

/* To one process or, `tid` not 0, one thread of it. */
static SEND_INLINE long send_process(int pid, int tid, int signal, const struct signal_note *note)
{
    struct signal_record *record = NULL;
    struct process *process;
    struct thread *thread;
    long result = -ESRCH; /* POSIX kill, sigqueue: ESRCH */

    if (signal > SIGSYS && (record = signal_record_alloc()) == NULL)
        return -EAGAIN; /* POSIX sigqueue: EAGAIN */
    spin_lock(&processes_lock);
    process = find(pid, tid, &thread);
    if (process != NULL)
        result = send_one(process, thread, signal, note, &record);
    spin_unlock(&processes_lock);
    if (record != NULL)
        signal_record_free(record);
    return result;
}

/* One call that looks for several receivers. */
struct mission {
    int signal;
    const struct signal_note *note;
    struct list records;
    long result; /* -ESRCH: nobody was met; 0: one was permitted; else the last error */
};

/* POSIX sigqueue: EAGAIN; then false. */
static bool allocate_records(struct mission *mission, unsigned count)
{
    list_init(&mission->records);
    while (mission->signal > SIGSYS && count-- > 0) {
        struct signal_record *record = signal_record_alloc();

        if (record == NULL)
            return false;
        list_add_tail(&mission->records, &record->link);
    }
    return true;
}

static struct signal_record *pop_record(struct mission *mission)
{
    struct list *node = list_pop(&mission->records);

    return node != NULL ? container_of(node, struct signal_record, link) : NULL;
}

/* One receiver.  processes_lock held. */
static void meet(struct mission *mission, struct process *process)
{
    struct signal_record *record = pop_record(mission);
    long result = send_one(process, NULL, mission->signal, mission->note, &record);

    if (record != NULL)
        list_add_tail(&mission->records, &record->link);
    if (mission->result != 0)
        mission->result = result;
}

/* POSIX kill: -1 means every process but those of the system: init, and the sender as Linux has it. */
static void meet_all(struct mission *mission)
{
    struct process *p;

    list_for_each_entry (p, &process_list, all_link) {
        if (p != init_process && p != current->process && p->state == PROCESS_ALIVE)
            meet(mission, p);
    }
}

/* 0: the own group. */
static void meet_group(struct mission *mission, int number)
{
    const struct group *group = number == 0 ? current->process->group : id_find(number)->group;
    struct process *p;

    if (group == NULL)
        return;
    list_for_each_entry (p, &group->members, group_link)
        meet(mission, p);
}

static long send_many(int pid, int signal, const struct signal_note *note)
{
    struct mission mission = {.signal = signal, .note = note, .result = -ESRCH}; /* POSIX kill: ESRCH */

    if (allocate_records(&mission, process_count)) {
        spin_lock(&processes_lock);
        if (pid == -1)
            meet_all(&mission);
        else
            meet_group(&mission, (int)-(unsigned)pid); /* INT_MIN is no group, and stays so */
        spin_unlock(&processes_lock);
    } else {
        mission.result = -EAGAIN;
    }
    for (struct signal_record *record; (record = pop_record(&mission)) != NULL;)
        signal_record_free(record);
    return mission.result;
}

/* To those that kill()'s `pid` means or, `tid` not 0, to that thread of a process. */
static SEND_INLINE long send(int pid, int tid, int signal, int code, uint32_t value)
{
    struct process *self = current->process;
    const struct signal_note note = {.code = code, .pid = self->pid, .uid = self->credentials.uid, .value = value};

    if (signal < 0 || signal >= ABI_NSIG)
        return -EINVAL; /* POSIX kill, sigqueue: EINVAL */
    if (pid <= 0)
        return send_many(pid, signal, &note);
    if (pid == self->pid && (tid == 0 || tid == current->tid) && signal > 0 && signal <= SIGSYS)
        return signal_post(self, tid == 0 ? NULL : current, signal, &note, NULL); /* cannot vanish */
    return send_process(pid, tid, signal, &note);
}

/* May sleep, as the next two: 0, -EINVAL, -ESRCH, -EPERM, -EAGAIN. */
long sys_kill(int pid, int signal)
{
    return send(pid, 0, signal, SI_USER, 0);
}

/* As kill(), for one process or, `tid` not 0, one thread of it. */
long sys_sigqueue(int pid, int tid, int signal, uint32_t value)
{
    return send(pid > 0 ? pid : NOBODY, tid, signal, SI_QUEUE, value); /* it knows no groups */
}

long sys_tgkill(int pid, int tid, int signal)
{
    return pid > 0 && tid > 0 ? send(pid, tid, signal, SI_TKILL, 0) : -EINVAL;
}
