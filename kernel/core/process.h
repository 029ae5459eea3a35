/*
 * process.h - a process: what owns resources.  Pointers lead to what upper folders own.
 *
 *      c  constant after creation      p  processes_lock
 *      s  signal_lock                  o  its own threads only, by the rules of the folder that owns it
 */
#pragma once

#include <abi/resource.h>
#include <abi/signal.h>
#include <abi/types.h>
#include <core/lock.h>
#include <core/cpu_time.h>
#include <core/pending.h>
#include <core/process_timer.h>
#include <core/wait.h>
#include <lib/list.h>

struct thread;
struct space;
struct file_table;
struct inode;
struct terminal;
struct undo;
struct account;
struct trace;

#define GROUPS_MAX 32

struct credentials {
    union {
        struct {
            uint32_t uid, euid, suid;
        };
        uint32_t user_ids[3];
    };
    union {
        struct {
            uint32_t gid, egid, sgid;
        };
        uint32_t group_ids[3];
    };
    bool secret; /* other ids came since its last exec, or by that: its memory is not only its user's */
    unsigned group_count;
    uint32_t groups[GROUPS_MAX];
};

struct session {
    int id;
    unsigned groups;           /* p  how many groups it has; 0: freed */
    struct terminal *terminal; /* p  the controlling one, or NULL */
    struct terminal *hung_up;  /* p  the one that it lost when its leader ended: no use to it any more */
};

struct group {
    int id;
    struct session *session; /* c */
    struct list members;     /* p  processes, zombies too; empty: freed */
};

enum process_state { PROCESS_ALIVE, PROCESS_ZOMBIE };
/* A child of vfork or spawn uses its parent's space, and the parent stands still, until the child executes a program or
 * ends.  One that spawn made is a child for wait() only when it has succeeded. */
enum process_birth { BIRTH_DONE, BIRTH_VFORK, BIRTH_SPAWN };

struct process {
    int pid;                       /* c */
    enum process_state state;      /* p */
    struct process *parent;        /* p  NULL: init */
    int parent_pid;                /* p  its pid, or 0; one word, read without the lock too */
    struct list children;          /* p */
    struct list sibling_link;      /* p */
    struct group *group;           /* p */
    struct list group_link;        /* p */
    struct list all_link;          /* p  process_list */
    struct wait_queue child_queue; /* p  wait(): for a change of a child */
    bool has_execed;               /* p  setpgid() by the parent fails from then on */
    uint32_t exit_status;          /* p  as wait() gives it */
    uint32_t wait_event;           /* p  a stop or continue not yet waited for: its status word, 0: none */
    enum process_birth birth;      /* p  how much the parent still has to do with it */
    unsigned stacks;               /* p  threads that have not left their kernel stack for good */

    struct list threads;   /* s */
    unsigned thread_count; /* s */
    struct thread *leader; /* s  the first thread; NULL once it has ended before others */

    struct space *space; /* s  mm; read by its own threads without the lock, NULL after the end; the next three too */
    struct file_table *files;               /* s  fs */
    struct inode *cwd;                      /* s  fs: the working directory */
    struct inode *program;                  /* s  fs: the file that it runs, or NULL */
    uint32_t umask;                         /* a */
    struct credentials credentials;         /* own thread writes, under processes_lock */
    struct account *account;                /* changes under p and s: what the real user holds (mm/account.h) */
    struct abi_rlimit limits[RLIMIT_COUNT]; /* p  RLIMIT_CPU: also s */
    char name[16];                          /* last component of the program's path */

    /* Signals (ipc/signal.c) */
    struct spinlock signal_lock;
    struct abi_sigaction actions[ABI_NSIG]; /* s */
    struct pending_signals pending;         /* s  directed at the process */
    abi_sigset_t ignored;                   /* s  those that would be discarded at once */
    union {
        struct {
            bool stopped;          /* s  by a job control signal */
            bool continue_to_tell; /* s  that it was continued the parent does not know yet */
            bool exiting;          /* s  exit_group or exec began: other threads end */
        };
        uint32_t disturbed; /* s  not 0: one of these, which come before any signal */
    };
    bool stop_told;                 /* s  its parent knows that it has stopped */
    int stop_signal;                /* s */
    unsigned standing;              /* s  threads that stand on stop_queue */
    uint32_t exit_code;             /* s  status word all threads agree on */
    struct wait_queue stop_queue;   /* s  threads that stand still */
    struct wait_queue thread_queue; /* s  exec and exit wait here for the other threads' ends */

    struct trace *trace;    /* fs/trace.c; set under s too */
    struct list trace_link; /* fs/trace.c: among those that it records */

    struct undo *semaphore_undos; /* s  of System V sets (ipc/sysv_sem.c) */

    struct process_timer *posix_timers[POSIX_TIMER_MAX]; /* s  by number */
    struct process_timer itimers[ITIMER_COUNT];          /* s  ITIMER_... */
    struct cpu_timer cpu_limit;                          /* s  RLIMIT_CPU */
    struct list cpu_timers;                              /* s  armed ones (cpu_time.c) */

    uint64_t start_ticks;            /* c */
    struct cpu_times ended_times;    /* s  of its threads that have ended; and the most pages of former spaces */
    struct cpu_times children_times; /* p  of waited-for children */
};

/* The tree of processes, groups, sessions, and the table of ids. */
extern struct spinlock processes_lock;
extern struct list process_list;     /* p  all, zombies too, by age */
extern struct process *init_process; /* c  pid 1 */
extern unsigned process_count;       /* p */

/* pids, tids, group ids and session ids share one space of numbers. */
#define PID_MAX 8192

struct id {
    struct thread *thread;
    struct process *process;
    struct group *group;
    struct session *session;
};

/* Reserve a number that nothing uses; 0: none is left.  processes_lock held for all of these. */
int id_reserve(void);
/* Give a reservation back, or say that one use of a number has ended (its pointer in the slot is NULL already): the
 * number is free when nothing is in its slot. */
void id_release(int number);
/* By number. */
extern struct id id_table[PID_MAX];
/* The slot of a number; that of 0, which is always empty, where the number is out of range. */
static inline struct id *id_find(int number)
{
    return &id_table[number > 0 && number < PID_MAX ? number : 0];
}

/* NULL: none; zombies are found. */
static inline struct process *process_find(int pid)
{
    debug_lock_held(&processes_lock);
    return id_find(pid)->process;
}
/* The process's group and session ids as a string of POSIX rules needs them: is no member's parent in another group of
 * the same session?  `without`: as if that process were gone (NULL: none).  POSIX.1-2017 3.264; processes_lock held. */
bool group_is_orphaned(const struct group *group, const struct process *without);

/* proc/exit.c: all threads of the running process end, with a wait status word. */
void process_exit(uint32_t status) __attribute__((noreturn));
/* This thread alone; the last one ends the process, with status 0.  Of kernel threads too. */
void thread_exit(void) __attribute__((noreturn));

/* A child has something to tell: put it where wait() looks first (proc/wait.c).  processes_lock held. */
static inline void child_has_news(struct process *child)
{
    list_remove(&child->sibling_link);
    list_add_head(&child->parent->children, &child->sibling_link);
}
