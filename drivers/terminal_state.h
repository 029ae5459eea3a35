/*
 * terminal_state.h - struct terminal, shared by the files that make it up: terminal.c (reading, writing),
 * terminal_ioctl.c (settings), terminal_jobs.c (whose terminal it is).
 *
 *      l  terminal->lock          p  processes_lock
 */
#pragma once

#include <core/lock.h>
#include <core/wait.h>
#include <drivers/line_discipline.h>
#include <drivers/terminal.h>
#include <fs/file.h>

struct group;

struct terminal {
    struct spinlock lock;        /* RANK_TTY: may be held while signals are sent */
    struct line_discipline line; /* l */
    bool writing;                /* l  one write() is under way: others wait their turn */
    struct wait_queue readers;   /* l  for input */
    struct wait_queue room;      /* l  for room for output, or its end */
    struct wait_queue turn;      /* l  to write */
    struct wait_queue watchers;  /* l  poll: either */
    struct abi_winsize size;     /* l */
    struct session *session;     /* p  whose controlling terminal it is, or NULL */
    int foreground;              /* p  the foreground group's id */
};

/* Give the line what it takes of the cooked output; wakes who waits for room.  Lock held. */
void terminal_push(struct terminal *terminal);
/* Wait until all output has left: 0 or -ERESTART.  Lock held. */
long terminal_drain(struct terminal *terminal);
/* Something changed that all who wait should look at.  Lock held. */
void terminal_wake_all(struct terminal *terminal);
long terminal_ioctl(struct file *file, unsigned request, uint32_t argument);

/* What jobs_check answers besides errors. */
#define JOBS_HUNG_UP 0
#define JOBS_GO_ON 1
/*
 * May the running process use the terminal?  `signal` is SIGTTIN for input, SIGTTOU for what changes it (a background
 * group gets it where it is due), 0 for what a background group may do too.
 * JOBS_..., -EIO, or -ERESTART (the signal was sent).
 */
long jobs_check(struct terminal *terminal, int signal);
/* Send to the foreground group, if there is one. */
void jobs_signal(struct terminal *terminal, int signal);
/* The controlling terminal of the running process, or NULL. */
struct terminal *jobs_terminal(void);
/* The ioctl requests of that name. */
long jobs_set_controlling(struct terminal *terminal, bool steal);
long jobs_give_up(struct terminal *terminal);
long jobs_set_foreground(struct terminal *terminal, int id);
/* Its session and foreground group (a number that no group has, where that has ended), or -ENOTTY: not ours. */
long jobs_get(struct terminal *terminal, int *session_id, int *foreground);
