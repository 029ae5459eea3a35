/*
 * names.c - what the values of arguments are called: tables, which the table of calls (calls.c) names.
 */
#include <abi/futex.h>
#include <abi/mqueue.h>
#include <abi/syscall.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "../lib/signals.h"
#include "strace.h"

const struct name open_flags[] = {
    NAME_FIELD(O_RDONLY, O_ACCMODE),
    NAME_FIELD(O_WRONLY, O_ACCMODE),
    NAME_FIELD(O_RDWR, O_ACCMODE),
    NAME_BIT(O_APPEND),
    NAME_BIT(O_CREAT),
    NAME_BIT(O_TRUNC),
    NAME_BIT(O_EXCL),
    NAME_BIT(O_SYNC),
    NAME_BIT(O_NONBLOCK),
    NAME_BIT(O_NOCTTY),
    NAME_BIT(O_CLOEXEC),
    NAME_BIT(O_NOFOLLOW),
    NAME_BIT(O_DIRECTORY),
    NAME_BIT(O_SEARCH),
    NAME_BIT(O_TMPFILE),
    NAME_END,
};
const struct name cloexec_flags[] = {NAME_BIT(O_NONBLOCK), NAME_BIT(O_CLOEXEC), NAME_END};
const struct name access_modes[] = {NAME_VALUE(F_OK), NAME_BIT(R_OK), NAME_BIT(W_OK), NAME_BIT(X_OK), NAME_END};
const struct name at_flags[] = {
    NAME_BIT(AT_EACCESS),   NAME_BIT(AT_SYMLINK_NOFOLLOW), NAME_BIT(AT_SYMLINK_FOLLOW),
    NAME_BIT(AT_REMOVEDIR), NAME_BIT(AT_EMPTY_PATH),       NAME_END,
};
const struct name protections[] = {
    NAME_VALUE(PROT_NONE), NAME_BIT(PROT_READ), NAME_BIT(PROT_WRITE), NAME_BIT(PROT_EXEC), NAME_END,
};
const struct name map_flags[] = {
    NAME_BIT(MAP_SHARED),    NAME_BIT(MAP_PRIVATE),         NAME_BIT(MAP_FIXED),
    NAME_BIT(MAP_ANONYMOUS), NAME_BIT(MAP_GROWSDOWN),       NAME_BIT(MAP_STACK),
    NAME_BIT(MAP_NORESERVE), NAME_BIT(MAP_FIXED_NOREPLACE), NAME_END,
};
const struct name sync_flags[] = {NAME_BIT(MS_ASYNC), NAME_BIT(MS_INVALIDATE), NAME_BIT(MS_SYNC), NAME_END};
const struct name mlockall_flags[] = {NAME_BIT(MCL_CURRENT), NAME_BIT(MCL_FUTURE), NAME_END};
const struct name advices[] = {
    NAME_VALUE(MADV_NORMAL),   NAME_VALUE(MADV_RANDOM),   NAME_VALUE(MADV_SEQUENTIAL),
    NAME_VALUE(MADV_WILLNEED), NAME_VALUE(MADV_DONTNEED), NAME_END,
};
const struct name whences[] = {
    NAME_VALUE(SEEK_SET),  NAME_VALUE(SEEK_CUR),  NAME_VALUE(SEEK_END),
    NAME_VALUE(SEEK_DATA), NAME_VALUE(SEEK_HOLE), NAME_END,
};
const struct name fcntl_commands[] = {
    NAME_VALUE(F_DUPFD),
    NAME_VALUE(F_GETFD),
    NAME_VALUE(F_SETFD),
    NAME_VALUE(F_GETFL),
    NAME_VALUE(F_SETFL),
    NAME_VALUE(F_GETLK),
    NAME_VALUE(F_SETLK),
    NAME_VALUE(F_SETLKW),
    NAME_VALUE(F_OFD_GETLK),
    NAME_VALUE(F_OFD_SETLK),
    NAME_VALUE(F_OFD_SETLKW),
    NAME_VALUE(F_DUPFD_CLOEXEC),
    NAME_VALUE(F_SETPIPE_SZ),
    NAME_VALUE(F_GETPIPE_SZ),
    NAME_VALUE(F_GETOWN),
    NAME_VALUE(F_SETOWN),
    NAME_END,
};
const struct name descriptor_flags[] = {NAME_BIT(FD_CLOEXEC), NAME_END};
const struct name lock_types[] = {NAME_VALUE(F_RDLCK), NAME_VALUE(F_WRLCK), NAME_VALUE(F_UNLCK), NAME_END};
const struct name flock_operations[] = {
    NAME_BIT(LOCK_SH), NAME_BIT(LOCK_EX), NAME_BIT(LOCK_NB), NAME_BIT(LOCK_UN), NAME_END,
};
const struct name ioctl_requests[] = {
    NAME_VALUE(TCGETS),
    NAME_VALUE(TCSETS),
    NAME_VALUE(TCSETSW),
    NAME_VALUE(TCSETSF),
    NAME_VALUE(TCSBRK),
    NAME_VALUE(TCXONC),
    NAME_VALUE(TCFLSH),
    NAME_VALUE(TIOCSCTTY),
    NAME_VALUE(TIOCGPGRP),
    NAME_VALUE(TIOCSPGRP),
    NAME_VALUE(TIOCGWINSZ),
    NAME_VALUE(TIOCSWINSZ),
    NAME_VALUE(TIOCNOTTY),
    NAME_VALUE(TIOCGSID),
    NAME_VALUE(FIONREAD),
    NAME_VALUE(TRACE_SET),
    NAME_END,
};
const struct name poll_events[] = {
    NAME_BIT(POLLIN),   NAME_BIT(POLLPRI),    NAME_BIT(POLLOUT),    NAME_BIT(POLLERR),    NAME_BIT(POLLHUP),
    NAME_BIT(POLLNVAL), NAME_BIT(POLLRDNORM), NAME_BIT(POLLRDBAND), NAME_BIT(POLLWRNORM), NAME_BIT(POLLWRBAND),
    NAME_END,
};
const struct name file_types[] = {
    NAME_FIELD(S_IFSOCK, S_IFMT), NAME_FIELD(S_IFLNK, S_IFMT), NAME_FIELD(S_IFREG, S_IFMT), NAME_FIELD(S_IFBLK, S_IFMT),
    NAME_FIELD(S_IFDIR, S_IFMT),  NAME_FIELD(S_IFCHR, S_IFMT), NAME_FIELD(S_IFIFO, S_IFMT), NAME_END,
};
const struct name wait_options[] = {
    NAME_BIT(WNOHANG), NAME_BIT(WUNTRACED), NAME_BIT(WEXITED), NAME_BIT(WCONTINUED), NAME_BIT(WNOWAIT), NAME_END,
};
const struct name wait_ids[] = {NAME_VALUE(P_ALL), NAME_VALUE(P_PID), NAME_VALUE(P_PGID), NAME_END};
const struct name limits[] = {
    NAME_VALUE(RLIMIT_CPU),        NAME_VALUE(RLIMIT_FSIZE),
    NAME_VALUE(RLIMIT_DATA),       NAME_VALUE(RLIMIT_STACK),
    NAME_VALUE(RLIMIT_CORE),       NAME_VALUE(RLIMIT_NPROC),
    NAME_VALUE(RLIMIT_NOFILE),     NAME_VALUE(RLIMIT_MEMLOCK),
    NAME_VALUE(RLIMIT_AS),         NAME_VALUE(RLIMIT_MSGQUEUE),
    NAME_VALUE(RLIMIT_NICE),       NAME_VALUE(RLIMIT_RTPRIO),
    NAME_VALUE(RLIMIT_SIGPENDING), NAME_END,
};
const struct name usages[] = {NAME_VALUE(RUSAGE_SELF), NAME_VALUE(RUSAGE_CHILDREN), NAME_VALUE(RUSAGE_THREAD),
                              NAME_END};
const struct name priorities[] = {NAME_VALUE(PRIO_PROCESS), NAME_VALUE(PRIO_PGRP), NAME_VALUE(PRIO_USER), NAME_END};
const struct name policies[] = {NAME_VALUE(SCHED_OTHER), NAME_VALUE(SCHED_FIFO), NAME_VALUE(SCHED_RR), NAME_END};
const struct name mask_ways[] = {NAME_VALUE(SIG_BLOCK), NAME_VALUE(SIG_UNBLOCK), NAME_VALUE(SIG_SETMASK), NAME_END};
const struct name action_flags[] = {
    NAME_BIT(SA_NOCLDSTOP), NAME_BIT(SA_NOCLDWAIT), NAME_BIT(SA_SIGINFO),
    NAME_BIT(SA_RESTORER),  NAME_BIT(SA_ONSTACK),   NAME_BIT(SA_RESTART),
    NAME_BIT(SA_NODEFER),   NAME_BIT(SA_RESETHAND), NAME_END,
};
const struct name stack_flags[] = {NAME_BIT(SS_ONSTACK), NAME_BIT(SS_DISABLE), NAME_END};
const struct name signal_codes[] = {
    NAME_VALUE(SI_USER),  NAME_VALUE(SI_KERNEL),  NAME_VALUE(SI_QUEUE), NAME_VALUE(SI_TIMER),
    NAME_VALUE(SI_MESGQ), NAME_VALUE(SI_ASYNCIO), NAME_VALUE(SI_TKILL), NAME_END,
};
const struct name child_codes[] = {
    NAME_VALUE(CLD_EXITED),
    NAME_VALUE(CLD_KILLED),
    NAME_VALUE(CLD_DUMPED),
    NAME_VALUE(CLD_TRAPPED),
    NAME_VALUE(CLD_STOPPED),
    NAME_VALUE(CLD_CONTINUED),
    NAME_END,
};
const struct name fault_codes[] = {NAME_VALUE(SEGV_MAPERR), NAME_VALUE(SEGV_ACCERR), NAME_VALUE(SI_KERNEL), NAME_END};
const struct name bus_codes[] = {NAME_VALUE(BUS_ADRALN), NAME_VALUE(BUS_ADRERR), NAME_VALUE(BUS_OBJERR), NAME_END};
const struct name clocks[] = {
    NAME_VALUE(CLOCK_REALTIME),
    NAME_VALUE(CLOCK_MONOTONIC),
    NAME_VALUE(CLOCK_PROCESS_CPUTIME_ID),
    NAME_VALUE(CLOCK_THREAD_CPUTIME_ID),
    NAME_END,
};
const struct name timer_flags[] = {NAME_BIT(TIMER_ABSTIME), NAME_END};
const struct name interval_timers[] = {
    NAME_VALUE(ITIMER_REAL),
    NAME_VALUE(ITIMER_VIRTUAL),
    NAME_VALUE(ITIMER_PROF),
    NAME_END,
};
#define FUTEX_OPERATION 0x7fu
const struct name futex_operations[] = {
    NAME_FIELD(FUTEX_WAIT, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_WAKE, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_REQUEUE, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_LOCK_PI, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_UNLOCK_PI, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_TRYLOCK_PI, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_WAIT_BITSET, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_WAKE_BITSET, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_LOCK_PI2, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_SEM_WAIT, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_SEM_POST, FUTEX_OPERATION),
    NAME_FIELD(FUTEX_PRIORITY, FUTEX_OPERATION),
    NAME_BIT(FUTEX_PRIVATE),
    NAME_BIT(FUTEX_REALTIME),
    NAME_END,
};
const struct name ipc_flags[] = {NAME_BIT(IPC_CREAT), NAME_BIT(IPC_EXCL), NAME_BIT(IPC_NOWAIT), NAME_END};
const struct name ipc_commands[] = {
    NAME_VALUE(IPC_RMID), NAME_VALUE(IPC_SET),    NAME_VALUE(IPC_STAT),
    NAME_VALUE(SHM_LOCK), NAME_VALUE(SHM_UNLOCK), NAME_END,
};
const struct name semaphore_commands[] = {
    NAME_VALUE(IPC_RMID),
    NAME_VALUE(IPC_SET),
    NAME_VALUE(IPC_STAT),
    NAME_VALUE(GETPID),
    NAME_VALUE(GETVAL),
    NAME_VALUE(GETALL),
    NAME_VALUE(GETNCNT),
    NAME_VALUE(GETZCNT),
    NAME_VALUE(SETVAL),
    NAME_VALUE(SETALL),
    NAME_END,
};
const struct name message_flags[] = {
    NAME_BIT(IPC_NOWAIT), NAME_BIT(MSG_NOERROR), NAME_BIT(MSG_EXCEPT), NAME_BIT(SEM_UNDO), NAME_END,
};
const struct name attach_flags[] = {
    NAME_BIT(SHM_RDONLY), NAME_BIT(SHM_RND), NAME_BIT(SHM_REMAP), NAME_BIT(SHM_EXEC), NAME_END,
};
const struct name notify_ways[] = {NAME_VALUE(SIGEV_SIGNAL), NAME_VALUE(SIGEV_NONE), NAME_VALUE(MQ_NOTIFY_REMOVE),
                                   NAME_END};
const struct name reboot_ways[] = {NAME_VALUE(REBOOT_POWEROFF), NAME_VALUE(REBOOT_RESTART), NAME_END};
const struct name input_modes[] = {
    NAME_BIT(IGNBRK), NAME_BIT(BRKINT), NAME_BIT(IGNPAR), NAME_BIT(PARMRK), NAME_BIT(INPCK),
    NAME_BIT(ISTRIP), NAME_BIT(INLCR),  NAME_BIT(IGNCR),  NAME_BIT(ICRNL),  NAME_BIT(IXON),
    NAME_BIT(IXANY),  NAME_BIT(IXOFF),  NAME_END,
};
const struct name output_modes[] = {
    NAME_BIT(OPOST), NAME_BIT(ONLCR), NAME_BIT(OCRNL), NAME_BIT(ONOCR), NAME_BIT(ONLRET), NAME_END,
};
const struct name local_modes[] = {
    NAME_BIT(ISIG),   NAME_BIT(ICANON), NAME_BIT(ECHO),   NAME_BIT(ECHOE),  NAME_BIT(ECHOK),
    NAME_BIT(ECHONL), NAME_BIT(NOFLSH), NAME_BIT(TOSTOP), NAME_BIT(IEXTEN), NAME_END,
};

void say_names(const struct name *names, uint32_t value)
{
    const char *between = "";

    for (; names->name; names++) {
        bool none = names->mask == names->value && names->value == 0;

        if (names->mask == ~0u ? value != names->value || *between : none || (value & names->mask) != names->value)
            continue;
        say("%s%s", between, names->name);
        value &= ~names->mask;
        between = "|";
        if (names->mask == ~0u)
            return;
    }
    if (value != 0 || !*between)
        say(value == 0 ? "%s0" : "%s%#lx", between, (unsigned long)value);
}

static void say_signal_name(int signal)
{
    char room[16];
    const char *name = signals_name(signal, room, sizeof(room));

    if (name)
        say("%s", name);
    else
        say("%d", signal);
}

void say_signal(int signal)
{
    char room[16];

    if (signals_name(signal, room, sizeof(room)))
        say("SIG");
    say_signal_name(signal);
}

void say_signals(uint64_t set)
{
    const char *between = "";

    if (__builtin_popcountll(set) > 32) { /* all but a few */
        say("~");
        set = ~set;
    }
    say("[");
    for (int signal = 1; signal <= SIGRTMAX; signal++)
        if (set >> (signal - 1) & 1) {
            say("%s", between);
            say_signal_name(signal);
            between = " ";
        }
    say("]");
}
