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
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <abi/futex.h>
#include <abi/layout.h>

#include "hostile.h"
#include "tap.h"

/* What the call does there.  A STREAM may end early, so only its first byte is looked at. */
enum use { READS = 1, WRITES, PATH, READS_STREAM, WRITES_STREAM };

enum { words = 6, BAD = 0x7bad0001, FD, FOLDER, QUEUE, SYSV_QUEUE, SYSV_SET, SYSV_SEGMENT, MEMORY, NAME, LINK };

struct row {
    const char *what;
    int number;
    enum use use;
    long word[words];
};

static const struct row rows[] = {
    {"execve, path", SYS_execve, PATH, {BAD}},
    {"getresuid", SYS_getresuid, WRITES, {BAD, MEMORY, MEMORY}},
    {"getresgid, the last", SYS_getresgid, WRITES, {MEMORY, MEMORY, BAD}},
    {"prlimit, new", SYS_prlimit, READS, {0, RLIMIT_NOFILE, BAD}},
    {"prlimit, old", SYS_prlimit, WRITES, {0, RLIMIT_NOFILE, 0, BAD}},
    {"getrusage", SYS_getrusage, WRITES, {0, BAD}},
    {"uname", SYS_uname, WRITES, {BAD}},
    {"futex, wait", SYS_futex, READS_STREAM, {BAD, FUTEX_WAIT}},
    {"sched_getparam", SYS_sched_getparam, WRITES, {0, BAD}},
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
    {"setitimer", SYS_setitimer, READS, {0, BAD}},
    {"getitimer", SYS_getitimer, WRITES, {0, BAD}},
    {"sigtimedwait, set", SYS_sigtimedwait, READS, {BAD, 0, MEMORY}},
    {"sigtimedwait, timeout", SYS_sigtimedwait, READS, {MEMORY, 0, BAD}},
    {"timer_create, event", SYS_timer_create, READS, {CLOCK_MONOTONIC, BAD, MEMORY}},
    {"timer_create, id", SYS_timer_create, WRITES, {CLOCK_MONOTONIC, 0, BAD}},
    {"openat", SYS_openat, PATH, {AT_FDCWD, BAD, O_RDONLY}},
    {"read", SYS_read, WRITES_STREAM, {FD, BAD, 64}},
    {"write", SYS_write, READS_STREAM, {FD, BAD, 64}},
    {"pread", SYS_pread, WRITES_STREAM, {FD, BAD, 64}},
    {"pwrite", SYS_pwrite, READS_STREAM, {FD, BAD, 64}},
    {"readv", SYS_readv, READS, {FD, BAD, 1}},
    {"writev", SYS_writev, READS, {FD, BAD, 1}},
    {"lseek, where the result goes", SYS_lseek, WRITES, {FD, 0, 0, 0, 0, 0}},
    {"fcntl, F_GETLK", SYS_fcntl, READS, {FD, F_GETLK, BAD}},
    {"pipe2", SYS_pipe2, WRITES, {BAD}},
    {"getdents", SYS_getdents, WRITES, {FOLDER, BAD, 512}},
    {"poll", SYS_poll, WRITES, {BAD, 1, MEMORY}},
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
    {"getcwd", SYS_getcwd, WRITES, {BAD, 64}},
    {"clock_gettime", SYS_clock_gettime, WRITES, {CLOCK_REALTIME, BAD}},
    {"nanosleep", SYS_nanosleep, READS, {CLOCK_MONOTONIC, 0, BAD}},
    {"mq_create, attributes", SYS_mq_create, READS, {O_RDWR, 0600, BAD}},
    {"mq_send", SYS_mq_send, READS, {QUEUE, BAD, 16}},
    {"mq_receive", SYS_mq_receive, WRITES, {QUEUE, BAD, 16}},
    {"msgsnd", SYS_msgsnd, READS, {SYSV_QUEUE, BAD, 16, IPC_NOWAIT}},
    {"msgrcv", SYS_msgrcv, WRITES, {SYSV_QUEUE, BAD, 16, 0, IPC_NOWAIT}},
    {"msgctl, IPC_STAT", SYS_msgctl, WRITES, {SYSV_QUEUE, IPC_STAT, BAD}},
    {"semtimedop", SYS_semtimedop, READS, {SYSV_SET, BAD, 1}},
    {"semctl, GETALL", SYS_semctl, WRITES, {SYSV_SET, 0, GETALL, BAD}},
    {"semctl, SETALL", SYS_semctl, READS, {SYSV_SET, 0, SETALL, BAD}},
    {"semctl, IPC_STAT", SYS_semctl, WRITES, {SYSV_SET, 0, IPC_STAT, BAD}},
    {"shmctl, IPC_STAT", SYS_shmctl, WRITES, {SYSV_SEGMENT, IPC_STAT, BAD}},
};

static struct hostile_memory memory;
static struct {
    long fd, folder, queue, sysv_queue, sysv_set, sysv_segment;
} had;

/* What each call finds in order: a file, a link, a message in each queue.  The memory is all zeros. */
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
    if (ftruncate((int)had.fd, 4096) != 0 || mq_send((mqd_t)had.queue, message.text, 16, 0) != 0 ||
        msgsnd((int)had.sysv_queue, &message, 16, 0) != 0 || symlink("file", "link") != 0)
        _exit(250);
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
    case MEMORY:
        return (long)memory.writable;
    case NAME:
        return (long)"file";
    case LINK:
        return (long)"link";
    default:
        return word;
    }
}

static bool is_efault(const struct row *row, uintptr_t bad)
{
    long word[words];

    for (int i = 0; i < words; i++)
        word[i] = word_of(row->word[i], (long)bad);
    if (row->number == SYS_lseek) /* an address among the words of a 64-bit offset */
        word[5] = (long)bad;
    return hostile_call(row->number, word) == -EFAULT;
}

/* 0, or 1 + the index of the first address that got something else. */
static int try_row(void *context)
{
    const struct row *row = context;
    uintptr_t bad[12] = {
        USER_TOP, 0x80010000u, 0xf0000000u, 0xfffffffcu, (uintptr_t)memory.unmapped, (uintptr_t)memory.forbidden,
        USER_BASE};
    int count = 7;

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

int main(void)
{
    hostile_begin();
    if (!hostile_memory(&memory))
        tap_give_up("no memory");
    for (const struct row *row = rows; row < rows + sizeof rows / sizeof rows[0]; row++)
        tap_is(hostile_result(try_row, (void *)row), 0, "%s: EFAULT", row->what);
    return hostile_end();
}
