/*
 * account.h - what each user holds of the kernel's memory.
 *
 * Some limits are a user's, not a process's: processes, message queues, pipes ...  Whoever makes such an object charges
 * it to an account and notes the account in the object; who destroys it gives back there, whatever user that is.
 *
 *      spin_lock(&processes_lock);
 *      if (account_charge(process->account, ACCOUNT_..., n, limit))
 *          object->account = process->account;
 *      spin_unlock(&processes_lock);
 *      ...
 *      account_release(object->account, ACCOUNT_..., n);
 *
 * process->account is that of the process's real user.  It changes with processes_lock and the process's signal_lock
 * held, so hold either while you charge it; account_charge_current() does.
 *
 * An account lives as long as anything is charged to it; its processes are, too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <core/process.h>

enum account_item {
    ACCOUNT_PROCESSES,   /* RLIMIT_NPROC: its threads */
    ACCOUNT_QUEUE_BYTES, /* RLIMIT_MSGQUEUE */
    ACCOUNT_SIGNALS,     /* RLIMIT_SIGPENDING: queued for the user's processes */
    ACCOUNT_PIPE_PAGES,  /* /proc/sys/fs/pipe-user-pages-soft and -hard */
    ACCOUNT_MSG_BYTES,   /* System V: of messages, with their headers */
    ACCOUNT_MSG_QUEUES,  /* System V: objects of each kind */
    ACCOUNT_SEM_SETS,
    ACCOUNT_SHM_SEGMENTS,
    ACCOUNT_SOCKET_BYTES, /* that queues of sockets can hold */
    ACCOUNT_RIGHTS,       /* RLIMIT_NOFILE: descriptors in queues of sockets */
    ACCOUNT_TRACES,       /* rings of /proc/PID/trace */
    ACCOUNT_FILE_LOCKS,   /* /proc/sys/fs/locks-max */
    ACCOUNT_ITEMS
};

#define ACCOUNT_UNLIMITED UINT64_MAX

struct account;

/* The account of user `uid`, made if need be and charged with one process, or NULL: no memory. */
struct account *account_enter(uint32_t uid);
/* Charge n more, unless it would hold more than `limit` then.  Something is charged to it, and stays so during the
 * call.  Callable with any lock of a rank below RANK_ACCOUNTS held, as the next one. */
bool account_charge(struct account *account, enum account_item item, uint64_t n, uint64_t limit);
/* What it holds now; a lock that guards process->account held. */
uint64_t account_held(const struct account *account, enum account_item item);
/* Give back. */
void account_release(struct account *account, enum account_item item, uint64_t n);
/* Charge the running process's user: the account, or NULL: beyond the limit. */
struct account *account_charge_current(enum account_item item, uint64_t n, uint64_t limit);
