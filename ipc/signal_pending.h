/*
 * signal_pending.h - sets of pending signals, for the files of signal*.c alone.
 */
#pragma once

#include <core/pending.h>
#include <core/process.h>
#include <ipc/process_timer.h>
#include <ipc/signal.h>

/* All of these: the signal_lock of `process` held. */

/* For real-time signals; see below. */
bool pending_add_record(struct process *process, struct pending_signals *pending, int signal,
                        const struct signal_note *note, struct signal_record **record);
void pending_take_record(struct pending_signals *pending, int signal, struct signal_note *note);

/* Add a signal.  A standard one that is there already merges.  A real-time one is queued in *record, which becomes
 * NULL.  Without one, or beyond RLIMIT_SIGPENDING, kill()'s is marked as pending and nothing is known about it, as on
 * Linux; any other is refused: false. */
static inline bool pending_add(struct process *process, struct pending_signals *pending, int signal,
                               const struct signal_note *note, struct signal_record **record)
{
    uint32_t bit = (uint32_t)signal_bit(signal);

    debug_lock_held(&process->signal_lock);
    if (signal > SIGSYS) {
        return pending_add_record(process, pending, signal, note, record);
    } else if (!(pending->set & bit)) {
        pending->set |= bit;
        pending->notes[signal] = *note;
    }
    return true;
}

/* Taken before all others: the end, and a fault, so that its handler sees the instruction that caused it. */
#define SIGNALS_FIRST                                                                                 \
    ((uint32_t)(signal_bit(SIGKILL) | signal_bit(SIGSEGV) | signal_bit(SIGBUS) | signal_bit(SIGILL) | \
                signal_bit(SIGTRAP) | signal_bit(SIGFPE) | signal_bit(SIGSYS)))

/* The signal of `pending` to be taken first among those in `allowed`; 0: none. */
static inline int pending_first(const struct pending_signals *pending, abi_sigset_t allowed)
{
    abi_sigset_t set = pending->set & allowed;
    uint32_t standard = (uint32_t)set;

    if (standard & SIGNALS_FIRST)
        return standard & (uint32_t)signal_bit(SIGKILL) ? SIGKILL : __builtin_ctz(standard & SIGNALS_FIRST) + 1;
    if (standard != 0)
        return __builtin_ctz(standard) + 1;
    return set != 0 ? __builtin_ctz((uint32_t)(set >> 32)) + 33 : 0;
}

/* Take one occurrence of `signal`, and what is known of it. */
static inline void pending_take(struct process *process, struct pending_signals *pending, int signal,
                                struct signal_note *note)
{
    debug_lock_held(&process->signal_lock);
    if (signal <= SIGSYS) {
        pending->set &= ~(abi_sigset_t)(1u << (signal - 1));
        *note = pending->notes[signal];
    } else {
        pending_take_record(pending, signal, note);
    }
    if (note->code == SI_TIMER)
        process_timer_taken(process, note);
}

/* Take back the signal of a timer, which is pending: its record, for a real-time one. */
void pending_withdraw(struct pending_signals *pending, int signal, struct signal_record *record);

/* Without locks. */
struct signal_record *signal_record_alloc(void);
void signal_record_free(struct signal_record *record); /* NULL: nothing */
