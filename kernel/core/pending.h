/*
 * pending.h - the signals that wait for a thread or for a process; ipc/signal_pending.c works on them.
 *
 * A standard signal (1 to 31) is there or not there: a second one merges with the first.  So what is to be said about
 * it has a place of its own, notes[signal], and sending one can never fail for want of memory.  Real-time signals
 * queue: each has a record, which its sender allocates before it takes any lock.
 */
#pragma once

#include <stdbool.h>

#include <abi/signal.h>
#include <abi/types.h>
#include <lib/list.h>

/* What siginfo says besides the signal's number: si_code and the words behind it. */
struct signal_note {
    int32_t code; /* SI_..., CLD_..., SEGV_... */
    union {
        uint32_t words[3];
        struct {
            int32_t pid;
            uint32_t uid;
            uint32_t value; /* or a child's status */
        };
        struct {
            int32_t timer_id, overrun; /* SI_TIMER */
            uint32_t timer_value;
        };
        uint32_t address; /* of a fault */
    };
};

struct account;

struct signal_record {
    struct list link;
    int signal;
    bool of_timer;           /* part of a struct process_timer: neither charged nor freed */
    struct account *account; /* while it waits: whose RLIMIT_SIGPENDING it counts against (mm/account.h) */
    struct signal_note note;
};

/* Guarded by the process's signal_lock. */
struct pending_signals {
    abi_sigset_t set;
    struct list queue; /* records by signal, and by age among those of one signal */
    struct signal_note notes[SIGSYS + 1];
};
