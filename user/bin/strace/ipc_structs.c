/*
 * ipc_structs.c - arguments that are structures of buffers, queues, semaphores, sockets, and what depends on a command.
 */
#include <abi/ipc.h>
#include <abi/mqueue.h>
#include <abi/msg.h>
#include <abi/sem.h>
#include <abi/shm.h>
#include <abi/signal.h>
#include <abi/socket.h>
#include <abi/spawn.h>
#include <abi/termios.h>
#include <abi/types.h>
#include <fcntl.h>
#include <string.h>

#include "strace.h"

void say_vector(const struct call *call, uint32_t at, size_t count, size_t total)
{
    size_t length;
    const struct abi_iovec *vector = call_memory(call, at, sizeof(*vector), &length);

    if (!vector) {
        say_address(at);
        return;
    }
    say("[");
    for (size_t k = 0; k < count && k < length / sizeof(*vector); k++) {
        size_t n = vector[k].iov_len < total ? vector[k].iov_len : total;

        say("%s{iov_base=", k > 0 ? ", " : "");
        say_buffer(call, vector[k].iov_base, n);
        say(", iov_len=%lu}", (unsigned long)vector[k].iov_len);
        total -= n;
    }
    say(count > length / sizeof(*vector) ? ", ...]" : "]");
}

void vector_in(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_vector(call, argument(call, i), argument(call, i + 1), SIZE_MAX);
}

void vector_out(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    if (call->result && call->result->result >= 0)
        say_vector(call, argument(call, i), argument(call, i + 1), (size_t)call->result->result);
    else
        say_address(argument(call, i));
}

void operations(const struct call *call, unsigned i, const struct name *names)
{
    size_t length, count = argument(call, i + 1);
    const struct abi_sembuf *list = call_memory(call, argument(call, i), sizeof(*list), &length);

    (void)names;
    if (!list) {
        say_address(argument(call, i));
        return;
    }
    say("[");
    for (size_t k = 0; k < count && k < length / sizeof(*list); k++) {
        say("%s{sem_num=%u, sem_op=%d, sem_flg=", k > 0 ? ", " : "", list[k].sem_num, list[k].sem_op);
        say_names(message_flags, (uint16_t)list[k].sem_flg);
        say("}");
    }
    say(count > length / sizeof(*list) ? ", ...]" : "]");
}

void queue_attributes(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_mq_attr *of = AT(call, i, struct abi_mq_attr);

    (void)names;
    if (!of)
        return;
    say("{mq_flags=");
    say_names(cloexec_flags, (uint32_t)of->mq_flags);
    say(", mq_maxmsg=%ld, mq_msgsize=%ld, mq_curmsgs=%ld}", (long)of->mq_maxmsg, (long)of->mq_msgsize,
        (long)of->mq_curmsgs);
}

/* fcntl()'s third argument, where the command has one. */
void lock_or_number(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_flock *lock;

    (void)names;
    switch (argument(call, i - 1)) {
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        lock = AT(call, i, struct abi_flock);
        if (!lock)
            return;
        say("{l_type=");
        say_names(lock_types, (uint32_t)lock->l_type);
        say(", l_whence=");
        say_names(whences, (uint32_t)lock->l_whence);
        say(", l_start=%lld, l_len=%lld, l_pid=%ld}", (long long)lock->l_start, (long long)lock->l_len,
            (long)lock->l_pid);
        break;
    case F_SETFD:
        say_names(descriptor_flags, argument(call, i));
        break;
    case F_SETFL:
        say_names(open_flags, argument(call, i));
        break;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
    case F_SETPIPE_SZ:
    case F_SETOWN:
        say("%d", (int)argument(call, i));
        break;
    default:
        break;
    }
}

static void say_modes(const struct abi_termios *modes)
{
    say("{c_iflag=");
    say_names(input_modes, modes->c_iflag);
    say(", c_oflag=");
    say_names(output_modes, modes->c_oflag);
    say(", c_lflag=");
    say_names(local_modes, modes->c_lflag);
    say(", ...}");
}

/* ioctl()'s third argument. */
void ioctl_argument(const struct call *call, unsigned i, const struct name *names)
{
    size_t length;
    const void *at = call_memory(call, argument(call, i), sizeof(struct abi_winsize), &length);
    uint32_t request = argument(call, i - 1);
    const struct abi_winsize *size = at;

    (void)names;
    if (at && request >= TCGETS && request <= TCSETSF && length >= sizeof(struct abi_termios))
        say_modes(at);
    else if (at && (request == TIOCGWINSZ || request == TIOCSWINSZ))
        say("{ws_row=%u, ws_col=%u}", size->ws_row, size->ws_col);
    else if (at && (request == TIOCGPGRP || request == TIOCSPGRP || request == TIOCGSID || request == FIONREAD))
        say("[%ld]", (long)*(const int32_t *)at);
    else
        say_address(argument(call, i));
}

void event(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_sigevent *event = AT(call, i, struct abi_sigevent);

    if (!event)
        return;
    say("{sigev_notify=");
    say_names(names, (uint32_t)event->sigev_notify);
    say(", sigev_signo=");
    say_signal((int)event->sigev_signo);
    say(", sigev_value={int=%ld}}", (long)event->sigev_value);
}

/* ...ctl(): what the command before it wants, or tells. */
static void say_permission(const struct abi_ipc_perm *permission)
{
    say("uid=%lu, gid=%lu, mode=%#lo", (unsigned long)permission->uid, (unsigned long)permission->gid,
        (unsigned long)permission->mode);
}

static bool has_status(const struct call *call, unsigned i)
{
    uint32_t command = argument(call, i - 1);

    if (command == IPC_SET || command == IPC_STAT)
        return true;
    say_address(argument(call, i));
    return false;
}

void queue_status(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_msqid_ds *status = has_status(call, i) ? AT(call, i, struct abi_msqid_ds) : NULL;

    (void)names;
    if (!status)
        return;
    say("{msg_perm={");
    say_permission(&status->msg_perm);
    say("}, msg_qnum=%lu, msg_qbytes=%lu, ...}", (unsigned long)status->msg_qnum, (unsigned long)status->msg_qbytes);
}

void set_status(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_semid_ds *status;

    (void)names;
    if (argument(call, i - 1) == SETVAL) {
        say("%d", (int)argument(call, i));
        return;
    }
    status = has_status(call, i) ? AT(call, i, struct abi_semid_ds) : NULL;
    if (!status)
        return;
    say("{sem_perm={");
    say_permission(&status->sem_perm);
    say("}, sem_nsems=%lu, ...}", (unsigned long)status->sem_nsems);
}

void segment_status(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_shmid_ds *status = has_status(call, i) ? AT(call, i, struct abi_shmid_ds) : NULL;

    (void)names;
    if (!status)
        return;
    say("{shm_perm={");
    say_permission(&status->shm_perm);
    say("}, shm_segsz=%lu, shm_nattch=%lu, ...}", (unsigned long)status->shm_segsz, (unsigned long)status->shm_nattch);
}

void offset_at(const struct call *call, unsigned i, const struct name *names)
{
    const abi_off_t *at = AT(call, i, abi_off_t);
    abi_off_t value;

    (void)names;
    if (!at)
        return;
    memcpy(&value, at, sizeof(value));
    say("[%lld]", (long long)value);
}

static void say_spawn_action(const struct abi_spawn_action *action)
{
    static const char *const kinds[] = {"open", "close", "dup2", "chdir", "fchdir", "tcsetpgrp"};

    say("%s(%ld", (size_t)action->kind < sizeof(kinds) / sizeof(*kinds) ? kinds[action->kind] : "?", (long)action->fd);
    if (action->kind == SPAWN_DUP2)
        say(", %ld", (long)action->argument);
    say(")");
}

/* spawn(): what the new process does first; how many stands behind it. */
void spawn_actions(const struct call *call, unsigned i, const struct name *names)
{
    size_t length, count = argument(call, i + 1);
    const struct abi_spawn_action *list = call_memory(call, argument(call, i), sizeof(*list), &length);

    (void)names;
    if (!list) {
        say_address(argument(call, i));
        return;
    }
    say("[");
    for (size_t k = 0; k < count && k < length / sizeof(*list); k++) {
        say(k > 0 ? ", " : "");
        say_spawn_action(&list[k]);
    }
    say("]");
}
