/*
 * hostile_numbers.c - arguments that are numbers, each with what is wrong for it: descriptors that are none (in every
 * call of the list that has one), lengths that wrap around or are beyond all memory, ids, signals, clocks and flags
 * that nobody has, times that are none. The other arguments are right, so that the number alone is to blame.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <abi/futex.h>
#include <abi/layout.h>

#include "hostile.h"
#include "tap.h"

enum { words = 6, bad_max = 6, BAD = 0x7bad0001, FD, FOLDER, QUEUE, SEGMENT, SET, TIMER, MEMORY, NAME, ODD };
enum { TIME = ODD + 1, WRONG_TIME };

#define ALL (-1l)                     /* as a length: wraps around, or is beyond all there is */
#define HALF ((long)0x80000000)       /* negative, or as much as user space has */
#define LEAST HALF                    /* as an id */
#define NEARLY_ALL ((long)0xfffff000) /* in whole pages */
#define HUGE 0x7fffffffl

struct row {
    const char *what;
    int number, error;
    long word[words];
    long bad[bad_max]; /* up to the first 0 */
};

static const struct row rows[] = {
    /* Lengths and counts */
    {"read, more than a ssize_t tells", SYS_read, EINVAL, {FD, MEMORY, BAD}, {ALL, HALF, NEARLY_ALL}},
    {"write, more than a ssize_t tells", SYS_write, EINVAL, {FD, MEMORY, BAD}, {ALL, HALF, NEARLY_ALL}},
    {"pread, more than a ssize_t tells", SYS_pread, EINVAL, {FD, MEMORY, BAD}, {ALL, HALF}},
    {"pwrite, more than a ssize_t tells", SYS_pwrite, EINVAL, {FD, MEMORY, BAD}, {ALL, HALF}},
    {"pread before the beginning", SYS_pread, EINVAL, {FD, MEMORY, 4, 0, 0, BAD}, {ALL, HALF}},
    {"pwrite before the beginning", SYS_pwrite, EINVAL, {FD, MEMORY, 4, 0, 0, BAD}, {ALL, HALF}},
    {"write beyond the user's memory", SYS_write, EFAULT, {FD, MEMORY, BAD}, {HUGE, HUGE - 4095}},
    {"readv, how many", SYS_readv, EINVAL, {FD, MEMORY, BAD}, {ALL, HALF, HUGE, 1025}},
    {"writev, how many", SYS_writev, EINVAL, {FD, MEMORY, BAD}, {ALL, HALF, HUGE, 1025}},
    {"preadv, how many", SYS_preadv, EINVAL, {FD, MEMORY, BAD}, {ALL, HALF, HUGE, 1025}},
    {"pwritev, how many", SYS_pwritev, EINVAL, {FD, MEMORY, BAD}, {ALL, HALF, HUGE, 1025}},
    {"preadv before the beginning", SYS_preadv, EINVAL, {FD, TIME, 1, 0, 0, BAD}, {ALL, HALF}},
    {"getdents, no room for one", SYS_getdents, EINVAL, {FOLDER, MEMORY, BAD}, {1, 8}},
    {"poll, how many", SYS_poll, EINVAL, {MEMORY, BAD, MEMORY}, {ALL, HALF, HUGE}},
    {"ppoll, how many", SYS_ppoll, EINVAL, {MEMORY, BAD, MEMORY}, {ALL, HALF, HUGE}},
    {"getgroups, how many", SYS_getgroups, EINVAL, {BAD, MEMORY}, {ALL, HALF}},
    {"sched_setaffinity, no room", SYS_sched_setaffinity, EINVAL, {0, BAD, MEMORY}, {1, 3}},
    {"sched_getaffinity, no room", SYS_sched_getaffinity, EINVAL, {0, BAD, MEMORY}, {1, 3}},
    {"set_robust_list, size", SYS_set_robust_list, EINVAL, {MEMORY, BAD}, {ALL, 1, 13, HUGE}},
    {"mq_send, length", SYS_mq_send, EMSGSIZE, {QUEUE, MEMORY, BAD}, {17, ALL, HALF, HUGE}},
    {"mq_receive, size", SYS_mq_receive, EMSGSIZE, {QUEUE, MEMORY, BAD}, {1, 15}},
    {"mq_send, priority", SYS_mq_send, EINVAL, {QUEUE, MEMORY, 4, BAD}, {ALL, HALF, 32768}},
    {"semtimedop, how many", SYS_semtimedop, E2BIG, {SET, MEMORY, BAD}, {ALL, HALF, HUGE}},
    {"semget, how many", SYS_semget, EINVAL, {IPC_PRIVATE, BAD, 0600}, {ALL, HALF, HUGE}},
    {"shmget, size", SYS_shmget, EINVAL, {IPC_PRIVATE, BAD, 0600}, {ALL, HALF}},
    {"ftruncate, size", SYS_ftruncate, EINVAL, {FD, 0, 0, BAD}, {ALL, HALF}},
    {"fallocate, offset", SYS_fallocate, EINVAL, {FD, 0, 0, BAD, 1, 0}, {ALL, HALF}},
    {"fallocate, length", SYS_fallocate, EINVAL, {FD, 0, 0, 0, 0, BAD}, {ALL, HALF}},
    {"lseek before the beginning", SYS_lseek, EINVAL, {FD, 0, 0, BAD, SEEK_SET, MEMORY}, {ALL, HALF}},

    /* Places in the space, and how much of it */
    {"mmap, length", SYS_mmap, ENOMEM, {0, BAD, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1}, {ALL, HALF, NEARLY_ALL}},
    {"mmap at a place of the kernel",
     SYS_mmap,
     ENOMEM,
     {BAD, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1},
     {HALF, NEARLY_ALL, (long)0xf0000000}},
    {"mmap in the midst of a page",
     SYS_mmap,
     EINVAL,
     {BAD, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1},
     {ODD, 0x20000001}},
    {"munmap, length", SYS_munmap, EINVAL, {MEMORY, BAD}, {ALL, HALF, NEARLY_ALL}},
    {"munmap in the midst of a page", SYS_munmap, EINVAL, {BAD, 4096}, {ODD, 1}},
    {"munmap of the kernel", SYS_munmap, EINVAL, {BAD, 4096}, {HALF, NEARLY_ALL}},
    {"mprotect, length", SYS_mprotect, ENOMEM, {MEMORY, BAD, PROT_READ}, {ALL, HALF, NEARLY_ALL}},
    {"mprotect in the midst of a page", SYS_mprotect, EINVAL, {BAD, 4096, PROT_READ}, {ODD, 1}},
    {"mprotect of the kernel", SYS_mprotect, ENOMEM, {BAD, 4096, PROT_READ}, {HALF, NEARLY_ALL}},
    {"mprotect, how", SYS_mprotect, EINVAL, {MEMORY, 4096, BAD}, {ALL, 0x100, HALF}},
    {"msync, length", SYS_msync, ENOMEM, {MEMORY, BAD, MS_SYNC}, {ALL, HALF, NEARLY_ALL}},
    {"msync in the midst of a page", SYS_msync, EINVAL, {BAD, 4096, MS_SYNC}, {ODD, 1}},
    {"mlock, length", SYS_mlock, ENOMEM, {MEMORY, BAD}, {HALF, NEARLY_ALL}},
    {"munlock, length", SYS_munlock, ENOMEM, {MEMORY, BAD}, {HALF, NEARLY_ALL}},
    {"mlockall, flags", SYS_mlockall, EINVAL, {BAD}, {ALL, HALF, 8}},
    {"madvise, advice", SYS_madvise, EINVAL, {MEMORY, 4096, BAD}, {ALL, HALF, 99}},
    {"madvise in the midst of a page", SYS_madvise, EINVAL, {BAD, 4096, 0}, {ODD, 1}},
    {"mincore in the midst of a page", SYS_mincore, EINVAL, {BAD, 4096, MEMORY}, {ODD, 1}},
    {"mincore of the kernel", SYS_mincore, ENOMEM, {BAD, 4096, MEMORY}, {HALF, NEARLY_ALL}},
    {"shmat in the midst of a page", SYS_shmat, EINVAL, {SEGMENT, BAD}, {ODD, 0x20000001}},
    {"shmat at a place of the kernel", SYS_shmat, EINVAL, {SEGMENT, BAD}, {HALF, NEARLY_ALL}},
    {"shmdt of what is no segment", SYS_shmdt, EINVAL, {BAD}, {ODD, MEMORY, HALF, NEARLY_ALL}},
    {"futex in the midst of a word", SYS_futex, EINVAL, {BAD, FUTEX_WAIT}, {ODD}},
    {"futex, the other in the midst of a word", SYS_futex, EINVAL, {MEMORY, FUTEX_REQUEUE, 1, 1, BAD}, {ODD}},
    {"futex with priority in the midst of a word", SYS_futex, EINVAL, {BAD, FUTEX_LOCK_PI}, {ODD}},

    /* Whom and what nobody has */
    {"kill, whom", SYS_kill, ESRCH, {BAD, SIGUSR1}, {HUGE, 30000, 0x40000000}},
    {"kill, signal", SYS_kill, EINVAL, {MEMORY, BAD}, {65, ALL, HALF, HUGE}},
    {"tgkill, whom", SYS_tgkill, ESRCH, {BAD, 1, SIGUSR1}, {HUGE, 30000}},
    {"tgkill, nobody's number", SYS_tgkill, EINVAL, {BAD, 1, SIGUSR1}, {ALL, LEAST}},
    {"sigqueue, whom", SYS_sigqueue, ESRCH, {BAD, 0, SIGUSR1, 0}, {HUGE, 30000}},
    {"sigqueue, which thread", SYS_sigqueue, ESRCH, {1, BAD, SIGUSR1, 0}, {ALL, LEAST, HUGE, 30000}},
    {"sigaction, signal", SYS_sigaction, EINVAL, {BAD, MEMORY, 0}, {SIGKILL, SIGSTOP, 65, ALL, HALF, HUGE}},
    {"sigprocmask, how", SYS_sigprocmask, EINVAL, {BAD, MEMORY, 0}, {99, ALL, HALF}},
    {"wait4, whom", SYS_wait4, ECHILD, {BAD, 0, 0, 0}, {HUGE, 30000, -30000}},
    {"wait4, options", SYS_wait4, EINVAL, {-1, 0, BAD, 0}, {0x40000000, HALF}},
    {"waitid, kind", SYS_waitid, EINVAL, {BAD, 0, MEMORY, WEXITED, 0}, {ALL, 99, HALF}},
    {"waitid, options", SYS_waitid, EINVAL, {P_ALL, 0, MEMORY, BAD, 0}, {0x40000000, HALF, WNOHANG}},
    {"getpgid, whom", SYS_getpgid, ESRCH, {BAD}, {HUGE, 30000, ALL, LEAST}},
    {"getsid, whom", SYS_getsid, ESRCH, {BAD}, {HUGE, 30000, ALL, LEAST}},
    {"setpgid, whom", SYS_setpgid, ESRCH, {BAD, 0}, {HUGE, 30000}},
    {"setpgid, group", SYS_setpgid, EINVAL, {0, BAD}, {ALL, LEAST}},
    {"prlimit, whom", SYS_prlimit, ESRCH, {BAD, RLIMIT_NOFILE, 0, MEMORY}, {HUGE, 30000}},
    {"prlimit, what", SYS_prlimit, EINVAL, {0, BAD, 0, MEMORY}, {ALL, HALF, 99, HUGE}},
    {"getrusage, whose", SYS_getrusage, EINVAL, {BAD, MEMORY}, {99, HUGE, LEAST}},
    {"sched_setscheduler, whose", SYS_sched_setscheduler, ESRCH, {BAD, SCHED_OTHER, MEMORY}, {HUGE, 30000}},
    {"sched_setscheduler, policy", SYS_sched_setscheduler, EINVAL, {0, BAD, MEMORY}, {99, HUGE, HALF}},
    {"sched_getscheduler, whose", SYS_sched_getscheduler, ESRCH, {BAD, MEMORY}, {HUGE, 30000}},
    {"sched_setaffinity, whose", SYS_sched_setaffinity, ESRCH, {BAD, 4, TIME}, {HUGE, 30000}},
    {"sched_setaffinity, no CPU", SYS_sched_setaffinity, EINVAL, {0, 4, BAD}, {MEMORY}},
    {"sched_getaffinity, whose", SYS_sched_getaffinity, ESRCH, {BAD, 4, MEMORY}, {HUGE, 30000}},
    {"getpriority, of what", SYS_getpriority, EINVAL, {BAD, 0}, {99, ALL, HALF}},
    {"getpriority, whose", SYS_getpriority, ESRCH, {PRIO_PROCESS, BAD}, {HUGE, 30000}},
    {"setpriority, whose", SYS_setpriority, ESRCH, {PRIO_PROCESS, BAD, 5}, {HUGE, 30000}},
    {"set_thread_name, whose", SYS_set_thread_name, ESRCH, {BAD, MEMORY}, {HUGE, 30000}},
    {"futex, operation", SYS_futex, ENOSYS, {MEMORY, BAD}, {99, 0x7f, 127 | 256}},
    {"fcntl, command", SYS_fcntl, EINVAL, {FD, BAD}, {ALL, 999, HALF, HUGE}},
    {"fcntl F_DUPFD, where", SYS_fcntl, EINVAL, {FD, F_DUPFD, BAD}, {ALL, HALF, HUGE, 100000}},
    {"dup3, to where", SYS_dup3, EBADF, {FD, BAD, 0}, {ALL, HALF, HUGE, 100000}},
    {"dup3, flags", SYS_dup3, EINVAL, {FD, 20, BAD}, {1, HALF, 0x40000000}},
    {"ioctl, request", SYS_ioctl, ENOTTY, {FD, BAD, MEMORY}, {ALL, HALF, HUGE, 1}},
    {"lseek, whence", SYS_lseek, EINVAL, {FD, 0, 0, 0, BAD, MEMORY}, {99, ALL, HALF}},
    {"flock, operation", SYS_flock, EINVAL, {FD, BAD}, {ALL, 99, HALF}},
    {"pipe2, flags", SYS_pipe2, EINVAL, {MEMORY, BAD}, {1, HALF, 0x40000000}},
    {"faccessat, mode", SYS_faccessat, EINVAL, {AT_FDCWD, NAME, BAD}, {ALL, 8, HALF}},
    {"fstatat, flags", SYS_fstatat, EINVAL, {AT_FDCWD, NAME, MEMORY, BAD}, {HALF, 0x40000000}},
    {"unlinkat, flags", SYS_unlinkat, EINVAL, {AT_FDCWD, NAME, BAD}, {HALF, 0x40000000, 1}},
    {"linkat, flags", SYS_linkat, EINVAL, {AT_FDCWD, NAME, AT_FDCWD, NAME, BAD}, {HALF, 0x40000000, 1}},
    {"mknodat, kind", SYS_mknodat, EINVAL, {AT_FDCWD, NAME, BAD, 0}, {0170000, 0130000}},
    {"clock_gettime, clock", SYS_clock_gettime, EINVAL, {BAD, MEMORY}, {99, HUGE, HALF}},
    {"nanosleep, clock", SYS_nanosleep, EINVAL, {BAD, 0, MEMORY, 0}, {99, HUGE, HALF}},
    {"nanosleep, time", SYS_nanosleep, EINVAL, {CLOCK_MONOTONIC, 0, BAD, 0}, {WRONG_TIME}},
    {"poll, time", SYS_poll, EINVAL, {MEMORY, 0, BAD}, {WRONG_TIME}},
    {"futex, time", SYS_futex, EINVAL, {MEMORY, FUTEX_WAIT, 0, BAD}, {WRONG_TIME}},
    {"sigtimedwait, time", SYS_sigtimedwait, EINVAL, {MEMORY, 0, BAD}, {WRONG_TIME}},
    {"utimensat, time", SYS_utimensat, EINVAL, {AT_FDCWD, NAME, BAD}, {WRONG_TIME}},
    {"setitimer, which", SYS_setitimer, EINVAL, {BAD, MEMORY, 0}, {99, ALL, HALF}},
    {"getitimer, which", SYS_getitimer, EINVAL, {BAD, MEMORY}, {99, ALL, HALF}},
    {"setitimer, time", SYS_setitimer, EINVAL, {0, BAD, 0}, {WRONG_TIME}},
    {"timer_create, clock", SYS_timer_create, EINVAL, {BAD, 0, MEMORY}, {99, HUGE, HALF}},
    {"timer_settime, timer", SYS_timer_settime, EINVAL, {BAD, 0, MEMORY, 0}, {ALL, 9999, HUGE, LEAST}},
    {"timer_settime, time", SYS_timer_settime, EINVAL, {TIMER, 0, BAD, 0}, {WRONG_TIME}},
    {"timer_gettime, timer", SYS_timer_gettime, EINVAL, {BAD, MEMORY}, {ALL, 9999, HUGE, LEAST}},
    {"timer_getoverrun, timer", SYS_timer_getoverrun, EINVAL, {BAD}, {ALL, 9999, HUGE, LEAST}},
    {"timer_delete, timer", SYS_timer_delete, EINVAL, {BAD}, {ALL, 9999, HUGE, LEAST}},
    {"msgsnd, queue", SYS_msgsnd, EINVAL, {BAD, TIME, 4, IPC_NOWAIT}, {ALL, HUGE, LEAST}},
    {"msgrcv, queue", SYS_msgrcv, EINVAL, {BAD, MEMORY, 4, 0, IPC_NOWAIT}, {ALL, HUGE, LEAST}},
    {"msgctl, queue", SYS_msgctl, EINVAL, {BAD, IPC_STAT, MEMORY}, {ALL, HUGE, LEAST}},
    {"semtimedop, set", SYS_semtimedop, EINVAL, {BAD, MEMORY, 1, 0}, {ALL, HUGE, LEAST}},
    {"semctl, set", SYS_semctl, EINVAL, {BAD, 0, GETVAL, 0}, {ALL, HUGE, LEAST}},
    {"semctl, number", SYS_semctl, EINVAL, {SET, BAD, GETVAL, 0}, {ALL, HUGE, LEAST, 2}},
    {"semctl, command", SYS_semctl, EINVAL, {SET, 0, BAD, 0}, {ALL, HUGE, LEAST, 99}},
    {"semctl, value", SYS_semctl, ERANGE, {SET, 0, SETVAL, BAD}, {ALL, HUGE, 32768}},
    {"shmat, segment", SYS_shmat, EINVAL, {BAD, 0, 0}, {ALL, HUGE, LEAST}},
    {"shmctl, segment", SYS_shmctl, EINVAL, {BAD, IPC_STAT, MEMORY}, {ALL, HUGE, LEAST}},
    {"reboot, by an ordinary user", SYS_reboot, EPERM, {BAD, 0}, {1, 2, ALL, HALF}},
};

static struct hostile_memory memory;
static struct {
    long fd, folder, queue, segment, set;
    timer_t timer;
} had;

static struct {
    struct itimerspec right, wrong; /* as whatever a call takes for a time: an interval, and a value */
} times = {{{1, 0}, {1, 0}}, {{0, 1000000000}, {0, 1000000000}}};

static void make_what_is_needed(void)
{
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 16};

    had.fd = open("name", O_CREAT | O_RDWR, 0600);
    had.folder = open(".", O_RDONLY | O_DIRECTORY);
    had.queue = (long)mq_open("/numbers", O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attributes);
    had.segment = hostile_call(SYS_shmget, (long[words]){IPC_PRIVATE, 4096, 0600});
    had.set = semget(IPC_PRIVATE, 2, 0600);
    timer_create(CLOCK_MONOTONIC, &(struct sigevent){.sigev_notify = SIGEV_NONE}, &had.timer);
}

static long word_of(long word)
{
    switch (word) {
    case FD:
        return had.fd;
    case FOLDER:
        return had.folder;
    case QUEUE:
        return had.queue;
    case SEGMENT:
        return had.segment;
    case SET:
        return had.set;
    case TIMER:
        return (long)had.timer;
    case MEMORY:
        return (long)memory.writable;
    case NAME:
        return (long)"name";
    case ODD:
        return (long)memory.writable + 1;
    case TIME:
        return (long)&times.right;
    case WRONG_TIME:
        return (long)&times.wrong;
    default:
        return word;
    }
}

static bool answers(const struct row *row, long bad)
{
    long word[words];

    for (int i = 0; i < words; i++)
        word[i] = word_of(row->word[i] == BAD ? bad : row->word[i]);
    return hostile_call(row->number, word) == -row->error;
}

/* 0, or 1 + the index of the first number that got something else. */
static int try_row(void *context)
{
    const struct row *row = context;

    make_what_is_needed();
    for (int i = 0; i < bad_max && row->bad[i] != 0; i++)
        if (!answers(row, row->bad[i]))
            return i + 1;
    return 0;
}

/* A call of the list, and at which word it has a descriptor. */
struct descriptor {
    const char *name, *parameters;
    int number, word;
};

/* What the other arguments must hold, where zeros and the address of "name" would be found wrong before. */
static const struct row others[] = {
    {"mmap", SYS_mmap, EBADF, {0, 4096, PROT_READ, MAP_PRIVATE, BAD, 0}, {0}},
    {"readv", SYS_readv, EBADF, {BAD, MEMORY, 1}, {0}},
    {"writev", SYS_writev, EBADF, {BAD, MEMORY, 1}, {0}},
    {"preadv", SYS_preadv, EBADF, {BAD, MEMORY, 1}, {0}},
    {"pwritev", SYS_pwritev, EBADF, {BAD, MEMORY, 1}, {0}},
    {"getdents", SYS_getdents, EBADF, {BAD, MEMORY, 512}, {0}},
    {"flock", SYS_flock, EBADF, {BAD, LOCK_SH}, {0}},
    {"fallocate", SYS_fallocate, EBADF, {BAD, 0, 0, 0, 1, 0}, {0}},
    {"readlinkat", SYS_readlinkat, EBADF, {BAD, NAME, MEMORY, 64}, {0}},
    {"mq_notify", SYS_mq_notify, EBADF, {BAD, 1, 0}, {0}},
    {"mq_getsetattr", SYS_mq_getsetattr, EBADF, {BAD, 0, MEMORY}, {0}},
    {"lseek", SYS_lseek, EBADF, {BAD, 0, 0, 0, SEEK_SET, MEMORY}, {0}},
};

/* Does a parameter of the list, such as "int dirfd, uaddr_t path)", name a descriptor? */
static bool is_descriptor(const char *parameter)
{
    size_t length = strcspn(parameter, ",)");

    return strncmp(parameter, "int ", 4) == 0 && strncmp(parameter + length - 2, "fd", 2) == 0;
}

/* The arguments beside a bad descriptor: as `others` has them, or a good address for each address. */
static void choose_words(const struct descriptor *d, long bad, long word[words])
{
    int i = 0;

    for (const char *at = d->parameters + 1; at; at = hostile_next_parameter(at))
        if (i < words)
            word[i++] = strncmp(at, "uaddr_t", 7) == 0 ? (long)memory.writable : is_descriptor(at) ? AT_FDCWD : 0;
    for (unsigned k = 0; k < sizeof others / sizeof others[0]; k++)
        for (i = 0; others[k].number == d->number && i < words; i++)
            word[i] = word_of(others[k].word[i]);
    word[d->word] = bad;
}

/* 0, or 1 + the index of the first descriptor that is not found bad. */
static int try_descriptor(void *context)
{
    static const long bad[] = {-1, 99, 1023, 100000, HUGE, LEAST};
    const struct descriptor *d = context;

    make_what_is_needed();
    strcpy(memory.writable, "name");
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        long word[words] = {0};
        choose_words(d, bad[i], word);
        if (hostile_call(d->number, word) != -EBADF)
            return (int)i + 1;
    }
    return 0;
}

static void try_descriptors(const char *name, int number, const char *parameters)
{
    int word = 0;

    for (const char *at = parameters + 1; at; at = hostile_next_parameter(at)) {
        struct descriptor d = {name, parameters, number, word++};
        if (is_descriptor(at))
            tap_is(hostile_result(try_descriptor, &d), 0, "%s, word %d: EBADF", name, d.word);
    }
}

int main(void)
{
    hostile_begin();
    if (!hostile_memory(&memory))
        tap_give_up("no memory");
#define SYSCALL(number, name, arguments, restart, parameters) try_descriptors(#name, number, #parameters);
#include <abi/syscall_list.h>
#undef SYSCALL
    for (const struct row *row = rows; row < rows + sizeof rows / sizeof rows[0]; row++)
        tap_is(hostile_result(try_row, (void *)row), 0, "%s: %s", row->what, strerror(row->error));
    return hostile_end();
}
