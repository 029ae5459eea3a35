/*
 * hostile_pointers.c - POSIX: EFAULT. Each argument that is an address, of each call that has one, with every kind of
 * address that cannot serve: the kernel's, unmapped, without access, across the end of what may be read or written,
 * and read-only where the call writes. The other arguments are right, so the address alone is to blame.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <abi/futex.h>
#include <abi/layout.h>

#include "hostile.h"
#include "tap.h"
#include "unix_socket.h"

/* What the call does there.  A STREAM may end early, so only its first byte is looked at; a KEY only tells which memory
 * is meant. */
enum use { READS = 1, WRITES, PATH, READS_STREAM, WRITES_STREAM, KEY };

enum { words = 6, BAD = 0x7bad0001, FD, FOLDER, QUEUE, SYSV_QUEUE, SYSV_SET, SYSV_SEGMENT, TIMER, MEMORY, NAME };
enum { LINK = NAME + 1, PROGRAM, SIGNALS, VECTOR, SOCKET, IDLE_SOCKET, LISTENER, LENGTH };
/* A struct msghdr with the address in question in one of its places. */
enum { MESSAGE_NAME = LENGTH + 1, MESSAGE_VECTOR, MESSAGE_BUFFER, MESSAGE_CONTROL };

struct row {
    const char *what;
    int number;
    enum use use;
    long word[words];
};

static const struct row rows[] = {
    {"execve, path", SYS_execve, PATH, {BAD}},
    {"execve, arguments", SYS_execve, READS, {PROGRAM, BAD}},
    {"execve, an argument", SYS_execve, PATH, {PROGRAM, VECTOR}},
    {"execve, environment", SYS_execve, READS, {PROGRAM, 0, BAD}},
    {"spawn, path", SYS_spawn, PATH, {BAD}},
    {"spawn, arguments", SYS_spawn, READS, {PROGRAM, BAD}},
    {"spawn, environment", SYS_spawn, READS, {PROGRAM, 0, BAD}},
    {"spawn, attributes", SYS_spawn, READS, {PROGRAM, 0, 0, BAD}},
    {"spawn, actions", SYS_spawn, READS, {PROGRAM, 0, 0, 0, BAD, 1}},
    {"wait4, status", SYS_wait4, WRITES, {-1, BAD}},
    {"wait4, usage", SYS_wait4, WRITES, {-1, MEMORY, 0, BAD}},
    {"waitid, info", SYS_waitid, WRITES, {P_ALL, 0, BAD, WEXITED}},
    {"waitid, usage", SYS_waitid, WRITES, {P_ALL, 0, MEMORY, WEXITED, BAD}},
    {"getresuid, real", SYS_getresuid, WRITES, {BAD, MEMORY, MEMORY}},
    {"getresuid, effective", SYS_getresuid, WRITES, {MEMORY, BAD, MEMORY}},
    {"getresuid, saved", SYS_getresuid, WRITES, {MEMORY, MEMORY, BAD}},
    {"getresgid, real", SYS_getresgid, WRITES, {BAD, MEMORY, MEMORY}},
    {"getresgid, effective", SYS_getresgid, WRITES, {MEMORY, BAD, MEMORY}},
    {"getresgid, saved", SYS_getresgid, WRITES, {MEMORY, MEMORY, BAD}},
    {"prlimit, new", SYS_prlimit, READS, {0, RLIMIT_NOFILE, BAD}},
    {"prlimit, old", SYS_prlimit, WRITES, {0, RLIMIT_NOFILE, 0, BAD}},
    {"getrusage", SYS_getrusage, WRITES, {0, BAD}},
    {"uname", SYS_uname, WRITES, {BAD}},
    {"futex, wait", SYS_futex, READS_STREAM, {BAD, FUTEX_WAIT}},
    {"futex, timeout", SYS_futex, READS, {MEMORY, FUTEX_WAIT, 0, BAD}},
    {"futex, requeued", SYS_futex, KEY, {BAD, FUTEX_REQUEUE, 1, 1, MEMORY}},
    {"futex, requeued to", SYS_futex, KEY, {MEMORY, FUTEX_REQUEUE, 1, 1, BAD}},
    {"futex, lock with priority", SYS_futex, WRITES_STREAM, {BAD, FUTEX_LOCK_PI}},
    {"futex, unlock with priority", SYS_futex, READS_STREAM, {BAD, FUTEX_UNLOCK_PI}},
    {"set_thread_name", SYS_set_thread_name, READS, {0, BAD}},
    {"sched_setscheduler", SYS_sched_setscheduler, READS, {0, 0, BAD}},
    {"sched_getscheduler", SYS_sched_getscheduler, WRITES, {0, BAD}},
    {"sched_getaffinity", SYS_sched_getaffinity, WRITES, {0, 4, BAD}},
    {"sched_setaffinity", SYS_sched_setaffinity, READS, {0, 4, BAD}},
    {"sigaction, new", SYS_sigaction, READS, {SIGUSR1, BAD}},
    {"sigaction, old", SYS_sigaction, WRITES, {SIGUSR1, 0, BAD}},
    {"sigprocmask, new", SYS_sigprocmask, READS, {SIG_BLOCK, BAD}},
    {"sigprocmask, old", SYS_sigprocmask, WRITES, {SIG_BLOCK, 0, BAD}},
    {"sigpending", SYS_sigpending, WRITES, {BAD}},
    {"sigsuspend", SYS_sigsuspend, READS, {BAD}},
    {"sigaltstack, new", SYS_sigaltstack, READS, {BAD}},
    {"sigaltstack, old", SYS_sigaltstack, WRITES, {0, BAD}},
    {"setitimer, new", SYS_setitimer, READS, {0, BAD}},
    {"setitimer, old", SYS_setitimer, WRITES, {0, MEMORY, BAD}},
    {"getitimer", SYS_getitimer, WRITES, {0, BAD}},
    {"sigtimedwait, set", SYS_sigtimedwait, READS, {BAD, 0, MEMORY}},
    {"sigtimedwait, info", SYS_sigtimedwait, WRITES, {SIGNALS, BAD, MEMORY}},
    {"sigtimedwait, timeout", SYS_sigtimedwait, READS, {MEMORY, 0, BAD}},
    {"timer_create, event", SYS_timer_create, READS, {CLOCK_MONOTONIC, BAD, MEMORY}},
    {"timer_create, id", SYS_timer_create, WRITES, {CLOCK_MONOTONIC, 0, BAD}},
    {"timer_settime, new", SYS_timer_settime, READS, {TIMER, 0, BAD}},
    {"timer_settime, old", SYS_timer_settime, WRITES, {TIMER, 0, MEMORY, BAD}},
    {"timer_gettime", SYS_timer_gettime, WRITES, {TIMER, BAD}},
    {"mincore", SYS_mincore, WRITES_STREAM, {MEMORY, 4096, BAD}},
    {"openat", SYS_openat, PATH, {AT_FDCWD, BAD, O_RDONLY}},
    {"read", SYS_read, WRITES_STREAM, {FD, BAD, 64}},
    {"write", SYS_write, READS_STREAM, {FD, BAD, 64}},
    {"pread", SYS_pread, WRITES_STREAM, {FD, BAD, 64}},
    {"pwrite", SYS_pwrite, READS_STREAM, {FD, BAD, 64}},
    {"readv", SYS_readv, READS, {FD, BAD, 1}},
    {"writev", SYS_writev, READS, {FD, BAD, 1}},
    {"readv, a buffer", SYS_readv, WRITES_STREAM, {FD, VECTOR, 1}},
    {"writev, a buffer", SYS_writev, READS_STREAM, {FD, VECTOR, 1}},
    {"preadv", SYS_preadv, READS, {FD, BAD, 1}},
    {"pwritev", SYS_pwritev, READS, {FD, BAD, 1}},
    {"lseek, where the result goes", SYS_lseek, WRITES, {FD, 0, 0, 0, 0, BAD}},
    {"fcntl, F_GETLK", SYS_fcntl, READS, {FD, F_GETLK, BAD}},
    {"fcntl, F_SETLK", SYS_fcntl, READS, {FD, F_SETLK, BAD}},
    {"fcntl, F_OFD_SETLKW", SYS_fcntl, READS, {FD, F_OFD_SETLKW, BAD}},
    {"pipe2", SYS_pipe2, WRITES, {BAD}},
    {"getdents", SYS_getdents, WRITES, {FOLDER, BAD, 512}},
    {"poll", SYS_poll, WRITES, {BAD, 1, MEMORY}},
    {"ppoll", SYS_ppoll, WRITES, {BAD, 1, MEMORY}},
    {"ppoll, timeout", SYS_ppoll, READS, {MEMORY, 0, BAD}},
    {"poll, timeout", SYS_poll, READS, {MEMORY, 0, BAD}},
    {"ppoll, mask", SYS_ppoll, READS, {MEMORY, 0, MEMORY, BAD}},
    {"fstatat, path", SYS_fstatat, PATH, {AT_FDCWD, BAD, MEMORY}},
    {"fstatat, result", SYS_fstatat, WRITES, {AT_FDCWD, NAME, BAD}},
    {"faccessat", SYS_faccessat, PATH, {AT_FDCWD, BAD}},
    {"mkdirat", SYS_mkdirat, PATH, {AT_FDCWD, BAD, 0700}},
    {"mknodat", SYS_mknodat, PATH, {AT_FDCWD, BAD, 0010600}},
    {"unlinkat", SYS_unlinkat, PATH, {AT_FDCWD, BAD}},
    {"renameat, from", SYS_renameat, PATH, {AT_FDCWD, BAD, AT_FDCWD, NAME}},
    {"renameat, to", SYS_renameat, PATH, {AT_FDCWD, NAME, AT_FDCWD, BAD}},
    {"linkat, from", SYS_linkat, PATH, {AT_FDCWD, BAD, AT_FDCWD, NAME}},
    {"linkat, to", SYS_linkat, PATH, {AT_FDCWD, NAME, AT_FDCWD, BAD}},
    {"symlinkat, target", SYS_symlinkat, PATH, {BAD, AT_FDCWD, LINK}},
    {"symlinkat, path", SYS_symlinkat, PATH, {NAME, AT_FDCWD, BAD}},
    {"readlinkat, path", SYS_readlinkat, PATH, {AT_FDCWD, BAD, MEMORY, 64}},
    {"readlinkat, result", SYS_readlinkat, WRITES, {AT_FDCWD, LINK, BAD, 64}},
    {"fchmodat", SYS_fchmodat, PATH, {AT_FDCWD, BAD, 0600}},
    {"fchownat", SYS_fchownat, PATH, {AT_FDCWD, BAD, hostile_user, hostile_user}},
    {"utimensat, path", SYS_utimensat, PATH, {AT_FDCWD, BAD}},
    {"utimensat, times", SYS_utimensat, READS, {AT_FDCWD, NAME, BAD}},
    {"truncate", SYS_truncate, PATH, {BAD}},
    {"chdir", SYS_chdir, PATH, {AT_FDCWD, BAD}},
    {"statvfs, path", SYS_statvfs, PATH, {AT_FDCWD, BAD, MEMORY}},
    {"statvfs, result", SYS_statvfs, WRITES, {AT_FDCWD, NAME, BAD}},
    {"getcwd", SYS_getcwd, WRITES, {BAD, 64}},
    {"clock_gettime", SYS_clock_gettime, WRITES, {CLOCK_REALTIME, BAD}},
    {"nanosleep", SYS_nanosleep, READS, {CLOCK_MONOTONIC, 0, BAD}},
    {"mq_create, attributes", SYS_mq_create, READS, {O_RDWR, 0600, BAD}},
    {"mq_send", SYS_mq_send, READS, {QUEUE, BAD, 16}},
    {"mq_timedsend", SYS_mq_timedsend, READS, {QUEUE, BAD, 16}},
    {"mq_timedsend, until", SYS_mq_timedsend, READS, {QUEUE, MEMORY, 16, 0, BAD}},
    {"mq_receive", SYS_mq_receive, WRITES, {QUEUE, BAD, 16}},
    {"mq_receive, priority", SYS_mq_receive, WRITES, {QUEUE, MEMORY, 16, BAD}},
    {"mq_timedreceive", SYS_mq_timedreceive, WRITES, {QUEUE, BAD, 16}},
    {"mq_timedreceive, priority", SYS_mq_timedreceive, WRITES, {QUEUE, MEMORY, 16, BAD}},
    {"mq_timedreceive, until", SYS_mq_timedreceive, READS, {QUEUE, MEMORY, 16, 0, BAD}},
    {"mq_getsetattr, new", SYS_mq_getsetattr, READS, {QUEUE, BAD}},
    {"mq_getsetattr, old", SYS_mq_getsetattr, WRITES, {QUEUE, 0, BAD}},
    {"msgsnd", SYS_msgsnd, READS, {SYSV_QUEUE, BAD, 16, IPC_NOWAIT}},
    {"msgrcv", SYS_msgrcv, WRITES, {SYSV_QUEUE, BAD, 16, 0, IPC_NOWAIT}},
    {"msgctl, IPC_STAT", SYS_msgctl, WRITES, {SYSV_QUEUE, IPC_STAT, BAD}},
    {"msgctl, IPC_SET", SYS_msgctl, READS, {SYSV_QUEUE, IPC_SET, BAD}},
    {"semtimedop", SYS_semtimedop, READS, {SYSV_SET, BAD, 1}},
    {"semtimedop, timeout", SYS_semtimedop, READS, {SYSV_SET, MEMORY, 1, BAD}},
    {"semctl, IPC_SET", SYS_semctl, READS, {SYSV_SET, 0, IPC_SET, BAD}},
    {"semctl, GETALL", SYS_semctl, WRITES, {SYSV_SET, 0, GETALL, BAD}},
    {"semctl, SETALL", SYS_semctl, READS, {SYSV_SET, 0, SETALL, BAD}},
    {"semctl, IPC_STAT", SYS_semctl, WRITES, {SYSV_SET, 0, IPC_STAT, BAD}},
    {"shmctl, IPC_STAT", SYS_shmctl, WRITES, {SYSV_SEGMENT, IPC_STAT, BAD}},
    {"shmctl, IPC_SET", SYS_shmctl, READS, {SYSV_SEGMENT, IPC_SET, BAD}},
    {"socketpair", SYS_socketpair, WRITES, {AF_UNIX, SOCK_STREAM, 0, BAD}},
    {"bind", SYS_bind, READS, {IDLE_SOCKET, BAD, 20}},
    {"connect", SYS_connect, READS, {IDLE_SOCKET, BAD, 20}},
    {"accept4, address", SYS_accept4, WRITES, {LISTENER, BAD, LENGTH}},
    {"accept4, length", SYS_accept4, WRITES, {LISTENER, MEMORY, BAD}},
    {"getsockname, address", SYS_getsockname, WRITES, {SOCKET, BAD, LENGTH}},
    {"getsockname, length", SYS_getsockname, WRITES, {SOCKET, MEMORY, BAD}},
    {"getpeername, address", SYS_getpeername, WRITES, {SOCKET, BAD, LENGTH}},
    {"getpeername, length", SYS_getpeername, WRITES, {SOCKET, MEMORY, BAD}},
    {"sendto", SYS_sendto, READS, {SOCKET, BAD, 16}},
    {"sendto, address", SYS_sendto, READS, {SOCKET, MEMORY, 16, 0, BAD, 20}},
    {"recvfrom", SYS_recvfrom, WRITES, {SOCKET, BAD, 16}},
    {"recvfrom, address", SYS_recvfrom, WRITES, {SOCKET, MEMORY, 16, 0, BAD, LENGTH}},
    {"recvfrom, length", SYS_recvfrom, WRITES, {SOCKET, MEMORY, 16, 0, MEMORY, BAD}},
    {"sendmsg", SYS_sendmsg, READS, {SOCKET, BAD}},
    {"sendmsg, name", SYS_sendmsg, READS, {SOCKET, MESSAGE_NAME}},
    {"sendmsg, vector", SYS_sendmsg, READS, {SOCKET, MESSAGE_VECTOR}},
    {"sendmsg, a buffer", SYS_sendmsg, READS, {SOCKET, MESSAGE_BUFFER}},
    {"sendmsg, control", SYS_sendmsg, READS, {SOCKET, MESSAGE_CONTROL}},
    {"recvmsg", SYS_recvmsg, READS, {SOCKET, BAD}},
    {"recvmsg, name", SYS_recvmsg, WRITES, {SOCKET, MESSAGE_NAME}},
    {"recvmsg, vector", SYS_recvmsg, READS, {SOCKET, MESSAGE_VECTOR}},
    {"recvmsg, a buffer", SYS_recvmsg, WRITES, {SOCKET, MESSAGE_BUFFER}},
    {"recvmsg, control", SYS_recvmsg, WRITES, {SOCKET, MESSAGE_CONTROL}},
    {"setsockopt", SYS_setsockopt, READS, {SOCKET, SOL_SOCKET, SO_KEEPALIVE, BAD, 4}},
    {"setsockopt, a time", SYS_setsockopt, READS, {SOCKET, SOL_SOCKET, SO_RCVTIMEO, BAD, 16}},
    {"getsockopt, value", SYS_getsockopt, WRITES, {SOCKET, SOL_SOCKET, SO_TYPE, BAD, LENGTH}},
    {"getsockopt, length", SYS_getsockopt, WRITES, {SOCKET, SOL_SOCKET, SO_TYPE, MEMORY, BAD}},
};

/* Addresses in the list that have no row, and why. */
static const struct exception {
    int number, word;
    const char *why;
} exceptions[] = {
    {SYS_getgroups, 1, "a culprit has no groups"},
    {SYS_setgroups, 1, "EPERM comes first"},
    {SYS_clock_settime, 1, "EPERM comes first"},
    {SYS_nanosleep, 3, "written only where a signal interrupts"},
    {SYS_setcontext, 0, "SIGSEGV, as for a signal frame"},
    {SYS_thread_create, 0, "the thread's affair"},
    {SYS_thread_create, 2, "the thread's affair"},
    {SYS_thread_exit, 0, "the call does not return"},
    {SYS_thread_exit, 1, "the call does not return"},
    {SYS_set_robust_list, 0, "looked at when the thread ends"},
    {SYS_brk, 0, "a place in the space: hostile_numbers"},
    {SYS_mmap, 0, "a place in the space: hostile_numbers"},
    {SYS_munmap, 0, "a place in the space: hostile_numbers"},
    {SYS_mprotect, 0, "a place in the space: hostile_numbers"},
    {SYS_msync, 0, "a place in the space: hostile_numbers"},
    {SYS_mlock, 0, "a place in the space: hostile_numbers"},
    {SYS_munlock, 0, "a place in the space: hostile_numbers"},
    {SYS_madvise, 0, "a place in the space: hostile_numbers"},
    {SYS_mincore, 0, "a place in the space: hostile_numbers"},
    {SYS_shmat, 1, "a place in the space: hostile_numbers"},
    {SYS_shmdt, 0, "a place in the space: hostile_numbers"},
};

static struct hostile_memory memory;
static struct {
    long fd, folder, queue, sysv_queue, sysv_set, sysv_segment;
    timer_t timer;
    int sockets[2], idle_socket, listener;
} had;
static sigset_t signals;
static long vector[4]; /* an iovec, and a list of arguments */
static socklen_t length;
static struct msghdr message_header;

/* A pair of datagram sockets that tell who sends, and one that listens, to which one is connected. */
static void make_sockets(void)
{
    int on = 1;

    unix_pair(SOCK_DGRAM, had.sockets);
    setsockopt(had.sockets[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    had.listener = unix_listener(SOCK_STREAM, "@pointers", 1);
    unix_connect(socket(AF_UNIX, SOCK_STREAM, 0), "@pointers");
    had.idle_socket = socket(AF_UNIX, SOCK_STREAM, 0);
}

/* What each call finds in order: a file, a link, a message in each queue, a signal, a child that has ended.  The memory
 * is all zeros. */
static void make_what_is_needed(void)
{
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 16};
    struct {
        long type;
        char text[16];
    } message = {1, "message"};

    had.fd = open("file", O_CREAT | O_RDWR | O_TRUNC, 0600);
    had.folder = open(".", O_RDONLY | O_DIRECTORY);
    had.queue = (long)mq_open("/pointers", O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attributes);
    had.sysv_queue = msgget(IPC_PRIVATE, 0600);
    had.sysv_set = semget(IPC_PRIVATE, 2, 0600);
    had.sysv_segment = shmget(IPC_PRIVATE, PAGE_SIZE, 0600);
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    timer_create(CLOCK_MONOTONIC, &(struct sigevent){.sigev_notify = SIGEV_NONE}, &had.timer);
    if (ftruncate((int)had.fd, 4096) != 0 || mq_send((mqd_t)had.queue, message.text, 16, 0) != 0 ||
        msgsnd((int)had.sysv_queue, &message, 16, 0) != 0 || symlink("file", "link") != 0)
        _exit(250);
    make_sockets();
}

/* What a call may have taken although it failed then: POSIX leaves that open. */
static void make_what_was_taken(void)
{
    raise(SIGUSR1);
    send(had.sockets[1], "sixteen bytes...", 16, MSG_DONTWAIT);
    if (waitid(P_ALL, 0, &(siginfo_t){0}, WEXITED | WNOWAIT) != 0 && fork() == 0)
        _exit(0);
}

/* All is there, but what stands in one place. */
static long message_with(long place, long bad)
{
    static char room[64];
    static struct iovec segment;

    segment = (struct iovec){place == MESSAGE_BUFFER ? (void *)bad : room, 16};
    message_header = (struct msghdr){
        .msg_name = place == MESSAGE_NAME ? (void *)bad : NULL,
        .msg_namelen = 20,
        .msg_iov = place == MESSAGE_VECTOR ? (void *)bad : &segment,
        .msg_iovlen = 1,
        .msg_control = place == MESSAGE_CONTROL ? (void *)bad : NULL,
        .msg_controllen = sizeof room,
    };
    return (long)&message_header;
}

static long word_of(long word, long bad)
{
    switch (word) {
    case BAD:
        return bad;
    case FD:
        return had.fd;
    case FOLDER:
        return had.folder;
    case QUEUE:
        return had.queue;
    case SYSV_QUEUE:
        return had.sysv_queue;
    case SYSV_SET:
        return had.sysv_set;
    case SYSV_SEGMENT:
        return had.sysv_segment;
    case TIMER:
        return (long)had.timer;
    case SIGNALS:
        return (long)&signals;
    case VECTOR:
        vector[0] = bad;
        vector[1] = 16;
        return (long)vector;
    case PROGRAM:
        return (long)"/bin/false"; /* one that is executed after all tells it by its status */
    case MEMORY:
        return (long)memory.writable;
    case NAME:
        return (long)"file";
    case LINK:
        return (long)"link";
    case SOCKET:
        return had.sockets[0];
    case IDLE_SOCKET:
        return had.idle_socket;
    case LISTENER:
        return had.listener;
    case LENGTH:
        length = 20;
        return (long)&length;
    case MESSAGE_NAME:
    case MESSAGE_VECTOR:
    case MESSAGE_BUFFER:
    case MESSAGE_CONTROL:
        return message_with(word, bad);
    default:
        return word;
    }
}

static bool is_efault(const struct row *row, uintptr_t bad)
{
    long word[words];

    make_what_was_taken();
    for (int i = 0; i < words; i++)
        word[i] = word_of(row->word[i], (long)bad);
    return hostile_call(row->number, word) == -EFAULT;
}

/* 0, or 1 + the index of the first address that got something else. */
static int try_row(void *context)
{
    const struct row *row = context;
    uintptr_t bad[12] = {USER_TOP,
                         0x80010000u,
                         0xf0000000u,
                         0xfffffffcu,
                         (uintptr_t)memory.unmapped,
                         USER_BASE,
                         (uintptr_t)memory.forbidden};
    int count = row->use == KEY ? 6 : 7;

    make_what_is_needed();
    if (row->use == READS || row->use == PATH)
        bad[count++] = (uintptr_t)memory.read_end - 1;
    if (row->use == WRITES)
        bad[count++] = (uintptr_t)memory.end - 1;
    if (row->use == WRITES || row->use == WRITES_STREAM)
        bad[count++] = (uintptr_t)memory.readable;
    if (row->use == WRITES || row->use == WRITES_STREAM)
        bad[count++] = USER_TIME_PAGE;
    for (int i = 0; i < count; i++)
        if (!is_efault(row, bad[i]))
            return i + 1;
    return 0;
}

static bool has_row(int number, int word)
{
    for (const struct row *row = rows; row < rows + sizeof rows / sizeof rows[0]; row++)
        if (row->number == number && row->word[word] == BAD)
            return true;
    for (const struct exception *e = exceptions; e < exceptions + sizeof exceptions / sizeof exceptions[0]; e++)
        if (e->number == number && e->word == word)
            return true;
    return false;
}

/* The parameters of a call as the list has them: "(int fd, abi_off_t size)".  64 bits take an even pair of words. */
static bool all_have_rows(const char *name, int number, const char *parameters)
{
    bool all = true;
    int word = 0;

    for (const char *at = parameters + 1; at; at = hostile_next_parameter(at)) {
        bool wide = strncmp(at, "abi_off_t", 9) == 0;
        word += wide && word % 2 != 0;
        if (strncmp(at, "uaddr_t", 7) == 0 && !has_row(number, word)) {
            tap_note("%s: word %d is an address without a row", name, word);
            all = false;
        }
        word += wide ? 2 : 1;
    }
    return all;
}

static void test_that_all_have_rows(void)
{
    bool all = true;

#define SYSCALL(number, name, arguments, restart, parameters) all &= all_have_rows(#name, number, #parameters);
#include <abi/syscall_list.h>
#undef SYSCALL
    tap_ok(all, "every address in the list of calls has a row here, or a reason for none");
}

int main(void)
{
    hostile_begin();
    test_that_all_have_rows();
    if (!hostile_memory(&memory))
        tap_give_up("no memory");
    for (const struct row *row = rows; row < rows + sizeof rows / sizeof rows[0]; row++)
        tap_is(hostile_result(try_row, (void *)row), 0, "%s: EFAULT", row->what);
    return hostile_end();
}
