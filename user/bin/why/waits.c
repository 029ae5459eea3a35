/*
 * waits.c - what a thread waits for, by the kernel's word for it; one function for each kind.
 *
 * The objects' own tables in /proc say who has them and who waits; the call's arguments, where they may be seen, say
 * which descriptor or number was meant.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/proc.h"
#include "../lib/signals.h"
#include "../lib/util.h"
#include "why.h"

enum { signals_said = 4 };

/* The row where the process stands in that column: of the object with this name, where it is known (not ""). */
static bool find_row(const struct table *table, const struct thread *thread, const char *column, const char *name,
                     const struct table_row **row)
{
    for (*row = table->rows; *row < table->rows + table->count; ++*row)
        if (table_has(table_word(*row, column), thread->pid) && (!*name || strcmp((*row)->words[0], name) == 0))
            return true;
    return false;
}

static void explain_pipe(struct thread *thread)
{
    static const char *const columns[] = {"reading", "writing", "watching"};
    bool reads = strcmp(thread->reason, "pipe-read") == 0, writes = strcmp(thread->reason, "pipe-write") == 0;
    bool opens = strcmp(thread->reason, "fifo-open") == 0;
    const char *column = columns[reads ? 0 : writes ? 1 : 2];
    const struct table_row *row;
    struct table table;
    bool fifo;

    table_read(&table, "/proc/pipes");
    if (!find_row(&table, thread, column, opens ? "" : thread_file(thread, argument(thread, 0)), &row)) {
        say(thread, "a pipe");
        table_free(&table);
        return;
    }
    fifo = row->words[0][0] == '/';
    if (opens) {
        say(thread, "another process to open the other end of %s", row->words[0]);
    } else if (reads) {
        say(thread, "bytes in %s", row->words[0]);
        held_by_list(thread, "written by", table_word(row, "writers"), fifo);
    } else if (writes) {
        say(thread, "room in %s, which has %s bytes", row->words[0], table_word(row, "bytes"));
        held_by_list(thread, "read by", table_word(row, "readers"), fifo);
    } else {
        say(thread, "its turn at %s", row->words[0]);
        held_by_list(thread, "used by", table_word(row, "reading"), fifo);
        held_by_list(thread, "used by", table_word(row, "writing"), fifo);
    }
    table_free(&table);
}

static void explain_posix_queue(struct thread *thread)
{
    bool receives = strcmp(thread->reason, "mq-receive") == 0;
    const struct table_row *row;
    struct table table;

    table_read(&table, "/proc/mqueues");
    say(thread, receives ? "a message in" : "room in");
    if (find_row(&table, thread, receives ? "receivers" : "senders", "", &row)) {
        say(thread, " queue %s", row->words[0]);
        held_by_list(thread, "open in", table_word(row, "holders"), true);
    } else {
        say(thread, " a queue");
    }
    table_free(&table);
}

static void explain_sysv_queue(struct thread *thread)
{
    bool receives = strcmp(thread->reason, "msgrcv") == 0;
    const struct table_row *row;
    struct table table;

    table_read(&table, "/proc/sysvipc/msg");
    say(thread, receives ? "a message in" : "room in");
    if (find_row(&table, thread, receives ? "receivers" : "senders", "", &row)) {
        say(thread, " System V queue %s (key %s)", table_word(row, "msqid"), row->words[0]);
        if (receives && (int)argument(thread, 3) > 0 && thread->open)
            say(thread, " of type %d", (int)argument(thread, 3));
        say(thread, ", last sent to by %s and received from by %s", table_word(row, "lspid"), table_word(row, "lrpid"));
    } else {
        say(thread, " a System V queue");
    }
    table_free(&table);
}

/* One line of sem_values: set, number, value, last user, who waits for more and for zero, then waits:PID, undo:PID:N.
 * Those whose end would give units back have them; where nobody has, the last user may. */
static bool explain_semaphore_line(struct thread *thread, const char *line)
{
    int set, number, value, last;
    char waits[24];

    snprintf(waits, sizeof waits, " waits:%d", thread->pid);
    if (sscanf(line, "%d %d %d %d", &set, &number, &value, &last) != 4 || !strstr(line, waits))
        return false;
    say(thread, "semaphore %d of System V set %d, which is %d", number, set, value);
    for (const char *at = line; (at = strstr(at, " undo:")); at++) {
        int pid, units;

        if (sscanf(at, " undo:%d:%d", &pid, &units) == 2 && units > 0 && pid != thread->pid)
            held_by_process(thread, "taken by", pid);
    }
    if (thread->holder_count == 0 && last == thread->pid)
        say(thread, ", as it left it itself");
    else if (thread->holder_count == 0)
        held_by_process(thread, "last changed by", last);
    if (thread->holder_count == 0 && last != 0 && last != thread->pid)
        say(thread, ", as process %d left it, which has ended", last);
    return true;
}

static void explain_semaphores(struct thread *thread)
{
    char *text = util_read_file("/proc/sysvipc/sem_values", NULL), *rest;
    bool found = false;

    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line && !found; line = strtok_r(NULL, "\n", &rest))
        found = explain_semaphore_line(thread, line);
    if (!found)
        say(thread, "a System V semaphore");
    free(text);
}

struct lock {
    char kind[8], mode[8], inode[32];
    int pid;
    long long start, end;
};

/* One line of /proc/locks.  Answers whether it tells who waits. */
static bool parse_lock(const char *line, struct lock *lock)
{
    bool waits;
    char end[24] = "";

    line += strcspn(line, " ") + 1; /* behind the number */
    waits = strncmp(line, "-> ", 3) == 0;
    *lock = (struct lock){.pid = 0};
    sscanf(waits ? line + 3 : line, "%7s ADVISORY %7s %d %31s %lld %23s", lock->kind, lock->mode, &lock->pid,
           lock->inode, &lock->start, end);
    lock->end = strcmp(end, "EOF") == 0 ? INT64_MAX : strtoll(end, NULL, 10);
    return waits;
}

static bool in_the_way(const struct lock *held, const struct lock *wanted)
{
    bool flock = strcmp(held->kind, "FLOCK") == 0;

    return strcmp(held->inode, wanted->inode) == 0 && flock == (strcmp(wanted->kind, "FLOCK") == 0) &&
           held->start <= wanted->end && wanted->start <= held->end &&
           (strcmp(held->mode, "WRITE") == 0 || strcmp(wanted->mode, "WRITE") == 0);
}

/* All processes that have the file open: which of them would unlock it is not known. */
static void held_by_openers(struct thread *thread, const char *name)
{
    char other_name[300];

    for (size_t i = 0; i < thread_count; i++)
        for (uint32_t fd = 0; &threads[i] != thread && *name && fd < 64; fd++) {
            snprintf(other_name, sizeof other_name, "%s", thread_file(&threads[i], fd));
            if (strcmp(other_name, name) == 0)
                held_by_thread(thread, "locked through an open file of", threads[i].tid);
        }
}

static void explain_holders_of_lock(struct thread *thread, const char *text, const struct lock *wanted,
                                    const char *name)
{
    struct lock held;

    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (!*line || parse_lock(line, &held) || !in_the_way(&held, wanted))
            continue;
        if (held.pid > 0 && held.pid != thread->pid)
            held_by_process(thread, "locked by", held.pid);
        else if (held.pid < 0)
            held_by_openers(thread, name);
    }
}

/* The line of one that waits by flock() or for an open file has no pid: then the descriptor says which file. */
static bool is_wait_of(const struct lock *wanted, const struct thread *thread)
{
    bool whole = thread->open && thread->call[call_number] == SYS_flock;
    const char *number = strrchr(wanted->inode, ':');

    if (wanted->pid >= 0)
        return wanted->pid == thread->pid;
    return whole == (strcmp(wanted->kind, "FLOCK") == 0) && number &&
           strtoull(number + 1, NULL, 10) == thread_file_number(thread, argument(thread, 0));
}

static void explain_file_lock(struct thread *thread)
{
    char *text = util_read_file("/proc/locks", NULL), name[300];
    struct lock wanted;
    bool found = false;

    snprintf(name, sizeof name, "%s", thread_file(thread, argument(thread, 0)));
    say(thread, "a lock on %s", *name ? name : "a file");
    for (const char *line = text; line && *line && !found; line = strchr(line, '\n')) {
        line += *line == '\n';
        found = *line && parse_lock(line, &wanted) && is_wait_of(&wanted, thread);
    }
    if (found && wanted.end == INT64_MAX && wanted.start == 0)
        say(thread, " (all of it)");
    else if (found)
        say(thread, " (bytes %lld to %lld)", wanted.start, wanted.end);
    if (found)
        explain_holders_of_lock(thread, text, &wanted, name);
    free(text);
}

/* Which of its children wait4() and waitid() are about. */
static bool is_meant(const struct thread *thread, const struct process *child)
{
    int id = (int)argument(thread, 0);

    if (!thread->open)
        return true;
    if (thread->call[call_number] == SYS_waitid && id != P_ALL)
        return (int)argument(thread, 1) == (id == P_PID ? child->pid : child->group);
    if (thread->call[call_number] == SYS_wait4 && id > 0)
        return child->pid == id;
    return thread->call[call_number] != SYS_wait4 || id >= -1 || child->group == -id;
}

/* What is to become of the child. */
static const char *what_of_child(const struct thread *thread)
{
    unsigned options = thread->open && thread->call[call_number] == SYS_waitid ? argument(thread, 3) : WEXITED;

    if (strcmp(thread->reason, "vfork") == 0)
        return "a child to execute a program or to end";
    if (options & WEXITED)
        return "the end of a child";
    return options & WSTOPPED ? "a child to stop" : "a child to be continued";
}

static void explain_wait(struct thread *thread)
{
    struct process *list;
    size_t count = proc_list(&list);

    say(thread, "%s", what_of_child(thread));
    for (size_t i = 0; i < count; i++)
        if (list[i].parent == thread->pid && is_meant(thread, &list[i]))
            held_by_process(thread, "which is", list[i].pid);
    free(list);
}

static void explain_poll(struct thread *thread)
{
    struct pollfd set;
    unsigned said = 0;

    for (uint32_t i = 0; thread->open && i < argument(thread, 1) && i < 8; i++)
        if (thread_memory(thread, argument(thread, 0) + i * sizeof set, &set, sizeof set) && set.fd >= 0)
            say(thread, "%s%s%s", said++ ? " or " : "", thread_file(thread, (uint32_t)set.fd),
                set.events & POLLOUT ? " (to write)" : "");
    if (said)
        say(thread, " to become ready");
    else
        say(thread, thread->open && !thread->limited ? "a signal: it polls no descriptor" : "a time");
}

static void explain_exec(struct thread *thread)
{
    say(thread, "the end of the process's other threads");
    held_by_process(thread, "which is", thread->pid);
}

static void explain_terminal(struct thread *thread)
{
    const char *name = thread_file(thread, argument(thread, 0));

    say(thread, strcmp(thread->reason, "tty read") == 0 ? "somebody to type at %s" : "room in the output of %s",
        *name ? name : "a terminal");
}

static void explain_stopped(struct thread *thread)
{
    say(thread, "SIGCONT: it is stopped");
}

/* Names of signals, where they are few; else `many`.  Two are the C library's. */
static void say_signals(struct thread *thread, uint64_t set, const char *many)
{
    unsigned said = 0;
    char name[24];

    set &= ~(3ull << (32 - 1));
    if (set == 0 || __builtin_popcountll(set) > signals_said) {
        say(thread, "%s", many);
        return;
    }
    for (int signal = 1; signal <= 64; signal++) {
        if (!(set >> (signal - 1) & 1))
            continue;
        say(thread, "%sSIG%s", said++ ? " or " : "", signals_name(signal, name, sizeof name));
    }
}

static void explain_sigwait(struct thread *thread)
{
    uint64_t set;

    if (thread->open && thread_memory(thread, argument(thread, 0), &set, sizeof set))
        say_signals(thread, set, "one of many signals");
    else
        say(thread, "a signal");
}

/* Until a signal that the set in the first argument does not block. */
static void explain_sigsuspend(struct thread *thread)
{
    uint64_t blocked;

    if (thread->open && thread_memory(thread, argument(thread, 0), &blocked, sizeof blocked) && blocked != 0)
        say_signals(thread, ~blocked, "a signal");
    else
        say(thread, "a signal");
}

static void explain_sleep(struct thread *thread)
{
    struct timespec time;

    say(thread, "a time");
    if (!thread->open || !thread_memory(thread, argument(thread, 2), &time, sizeof time))
        return;
    if (argument(thread, 1) & TIMER_ABSTIME)
        say(thread, ", %lld.%03ld by clock %d", (long long)time.tv_sec, time.tv_nsec / 1000000,
            (int)argument(thread, 0));
    else
        say(thread, ", %lld.%03ld s from its call on", (long long)time.tv_sec, time.tv_nsec / 1000000);
}

/* Does the call end at a time that was given to it? */
static bool is_limited(const struct thread *thread)
{
    static const struct {
        unsigned call, argument;
    } limits[] = {
        {SYS_futex, 3},        {SYS_mq_timedsend, 4}, {SYS_mq_timedreceive, 4}, {SYS_semtimedop, 3},
        {SYS_sigtimedwait, 2}, {SYS_poll, 2},         {SYS_ppoll, 2},
    };

    for (size_t i = 0; i < UTIL_COUNT(limits); i++)
        if (thread->open && thread->call[call_number] == limits[i].call)
            return argument(thread, limits[i].argument) != 0;
    return false;
}

void wait_explain(struct thread *thread)
{
    static const struct {
        const char *reason;
        void (*explain)(struct thread *thread);
    } kinds[] = {
        {"pipe-read", explain_pipe},
        {"pipe-write", explain_pipe},
        {"pipe-turn", explain_pipe},
        {"fifo-open", explain_pipe},
        {"socket-read", socket_explain},
        {"socket-write", socket_explain},
        {"socket-accept", socket_explain},
        {"socket-connect", socket_explain},
        {"mq-receive", explain_posix_queue},
        {"mq-send", explain_posix_queue},
        {"msgrcv", explain_sysv_queue},
        {"msgsnd", explain_sysv_queue},
        {"semop", explain_semaphores},
        {"semaphore", word_explain},
        {"futex", word_explain},
        {"futex-pi", word_explain},
        {"file lock", explain_file_lock},
        {"wait", explain_wait},
        {"vfork", explain_wait},
        {"exec", explain_exec},
        {"poll", explain_poll},
        {"tty read", explain_terminal},
        {"tty write", explain_terminal},
        {"tty drain", explain_terminal},
        {"tty turn", explain_terminal},
        {"stopped", explain_stopped},
        {"sigsuspend", explain_sigsuspend},
        {"sigwait", explain_sigwait},
        {"nanosleep", explain_sleep},
    };

    thread->limited = *thread->reason && is_limited(thread);
    for (size_t i = 0; i < UTIL_COUNT(kinds) && *thread->reason; i++)
        if (strcmp(thread->reason, kinds[i].reason) == 0)
            kinds[i].explain(thread);
    if (*thread->reason && !*thread->what)
        say(thread, "%s, in the kernel", thread->reason);
}
