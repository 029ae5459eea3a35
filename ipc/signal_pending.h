/*
 * signal_pending.h - sets of pending signals, for the files of signal*.c alone.
 */
#pragma once

#include <core/pending.h>
#include <core/process.h>
#include <ipc/signal.h>

/* All of these: the signal_lock of `process` held. */

/* Add a signal.  A standard one that is there already merges.  A real-time one is queued in *record (which becomes
 * NULL); without a record it is marked as pending and nothing is known about it. */
void pending_add(struct process *process, struct pending_signals *pending, int signal, const struct signal_note *note,
                 struct signal_record **record);
/* The signal of `pending` to be taken first among those in `allowed`; 0: none. */
int pending_first(const struct pending_signals *pending, abi_sigset_t allowed);
/* Take one occurrence of `signal`, and what is known of it. */
void pending_take(struct process *process, struct pending_signals *pending, int signal, struct signal_note *note);
/* Take back the signal of a timer, which is pending: its record, for a real-time one. */
void pending_withdraw(struct process *process, struct pending_signals *pending, int signal,
                      struct signal_record *record);
/* Drop all of the signals in `set`. */
void pending_discard(struct process *process, struct pending_signals *pending, abi_sigset_t set);

/* Without locks. */
struct signal_record *signal_record_alloc(void);
void signal_record_free(struct signal_record *record); /* NULL: nothing */
