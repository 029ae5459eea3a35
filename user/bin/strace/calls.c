/*
 * calls.c - the calls: to which classes each belongs, and what its arguments are.
 *
 * The first number of a row is how many arguments are known on entry.  Those behind them are printed with the result.
 */
#include <abi/syscall.h>
#include <string.h>

#include "strace.h"

#define SYSCALL(number, name, arguments, restart, parameters) [number] = #name,
static const char *const call_names[SYSCALL_MAX + 1] = {
#include <abi/syscall_list.h>
};
#undef SYSCALL

enum {
    FILE_ = CLASS_FILE,
    PROCESS = CLASS_PROCESS,
    SIGNAL = CLASS_SIGNAL,
    IPC = CLASS_IPC,
    NETWORK = CLASS_NETWORK,
    DESC = CLASS_DESCRIPTOR,
    MEMORY = CLASS_MEMORY,
};

#define CALL(call, classes, at_once, answer, ...) \
    [SYS_##call] = {#call, classes, at_once, ANSWER_##answer, {__VA_ARGS__}}
#define ALL 7

static const struct format formats[SYSCALL_MAX + 1] = {
    CALL(exit_group, PROCESS, ALL, NONE, {number}),
    CALL(fork, PROCESS, ALL, NUMBER, {NULL}),
    CALL(vfork, PROCESS, ALL, NUMBER, {NULL}),
    CALL(execve, PROCESS | FILE_, ALL, NUMBER, {path}, {strings}, {address}),
    CALL(spawn, PROCESS | FILE_, ALL, NUMBER, {path}, {strings}, {address}, {address}, {spawn_actions}, {number}),
    CALL(wait4, PROCESS, 1, NUMBER, {number}, {wait_status}, {names, wait_options}, {usage}),
    CALL(waitid, PROCESS, 2, NUMBER, {names, wait_ids}, {number}, {information}, {names, wait_options}, {usage}),
    CALL(getpid, 0, ALL, NUMBER, {NULL}),
    CALL(getppid, 0, ALL, NUMBER, {NULL}),
    CALL(getpgid, 0, ALL, NUMBER, {number}),
    CALL(setpgid, 0, ALL, NUMBER, {number}, {number}),
    CALL(getsid, 0, ALL, NUMBER, {number}),
    CALL(setsid, 0, ALL, NUMBER, {NULL}),
    CALL(getresuid, 0, 0, NUMBER, {number_at}, {number_at}, {number_at}),
    CALL(getresgid, 0, 0, NUMBER, {number_at}, {number_at}, {number_at}),
    CALL(setresuid, 0, ALL, NUMBER, {number}, {number}, {number}),
    CALL(setresgid, 0, ALL, NUMBER, {number}, {number}, {number}),
    CALL(getgroups, 0, 1, NUMBER, {number}, {group_list}),
    CALL(setgroups, 0, ALL, NUMBER, {number}, {group_list}),
    CALL(umask, 0, ALL, OCTAL, {octal}),
    CALL(prlimit, 0, 3, NUMBER, {number}, {names, limits}, {limit}, {limit}),
    CALL(getrusage, 0, 1, NUMBER, {names, usages}, {usage}),
    CALL(uname, 0, 0, NUMBER, {system_name}),
    CALL(reboot, 0, ALL, NUMBER, {names, reboot_ways}, {number}),

    CALL(thread_create, PROCESS, ALL, NUMBER, {address}, {address}, {address}, {address}),
    CALL(thread_exit, PROCESS, ALL, NONE, {address}, {address}, {number_unsigned}),
    CALL(gettid, 0, ALL, NUMBER, {NULL}),
    CALL(set_tls, 0, ALL, NUMBER, {address}),
    CALL(futex, IPC, ALL, NUMBER, {address}, {names, futex_operations}, {number}, {time_at}, {address},
         {number_unsigned}),
    CALL(sched_yield, 0, ALL, NUMBER, {NULL}),
    CALL(sched_setscheduler, 0, ALL, NUMBER, {number}, {names, policies}, {number_at}),
    CALL(sched_getscheduler, 0, 1, NUMBER, {number}, {number_at}),
    CALL(sched_getcpu, 0, ALL, NUMBER, {NULL}),
    CALL(getpriority, 0, ALL, NUMBER, {names, priorities}, {number}),
    CALL(setpriority, 0, ALL, NUMBER, {names, priorities}, {number}, {number}),
    CALL(sched_setaffinity, 0, ALL, NUMBER, {number}, {number_unsigned}, {number_at}),
    CALL(sched_getaffinity, 0, 2, NUMBER, {number}, {number_unsigned}, {number_at}),
    CALL(set_robust_list, 0, ALL, NUMBER, {address}, {number_unsigned}),
    CALL(set_thread_name, 0, ALL, NUMBER, {number}, {path}),
    CALL(priority_ceiling, 0, ALL, NUMBER, {number}, {number}),

    CALL(kill, SIGNAL | PROCESS, ALL, NUMBER, {number}, {signal_number}),
    CALL(tgkill, SIGNAL | PROCESS, ALL, NUMBER, {number}, {number}, {signal_number}),
    CALL(sigaction, SIGNAL, 2, NUMBER, {signal_number}, {action}, {action}),
    CALL(sigprocmask, SIGNAL, 2, NUMBER, {names, mask_ways}, {signal_set}, {signal_set}),
    CALL(sigpending, SIGNAL, 0, NUMBER, {signal_set}),
    CALL(sigsuspend, SIGNAL, ALL, NUMBER, {signal_set}),
    CALL(sigreturn, SIGNAL, ALL, NUMBER, {NULL}),
    CALL(sigaltstack, SIGNAL, 1, NUMBER, {signal_stack}, {signal_stack}),
    CALL(setitimer, SIGNAL, 2, NUMBER, {names, interval_timers}, {interval_at}, {interval_at}),
    CALL(getitimer, SIGNAL, 1, NUMBER, {names, interval_timers}, {interval_at}),
    CALL(sigqueue, SIGNAL | PROCESS, ALL, NUMBER, {number}, {number}, {signal_number}, {number}),
    CALL(sigtimedwait, SIGNAL, 1, NUMBER, {signal_set}, {information}, {time_at}),
    CALL(setcontext, SIGNAL, ALL, NUMBER, {address}),
    CALL(timer_create, SIGNAL, 2, NUMBER, {names, clocks}, {event, notify_ways}, {number_at}),
    CALL(timer_settime, SIGNAL, 3, NUMBER, {number}, {names, timer_flags}, {timer_at}, {timer_at}),
    CALL(timer_gettime, SIGNAL, 1, NUMBER, {number}, {timer_at}),
    CALL(timer_getoverrun, SIGNAL, ALL, NUMBER, {number}),
    CALL(timer_delete, SIGNAL, ALL, NUMBER, {number}),

    CALL(brk, MEMORY, ALL, ADDRESS, {address}),
    CALL(mmap, MEMORY | DESC, ALL, ADDRESS, {address}, {number_unsigned}, {names, protections}, {names, map_flags},
         {number}, {number_unsigned}),
    CALL(munmap, MEMORY, ALL, NUMBER, {address}, {number_unsigned}),
    CALL(mprotect, MEMORY, ALL, NUMBER, {address}, {number_unsigned}, {names, protections}),
    CALL(msync, MEMORY, ALL, NUMBER, {address}, {number_unsigned}, {names, sync_flags}),
    CALL(mlock, MEMORY, ALL, NUMBER, {address}, {number_unsigned}),
    CALL(munlock, MEMORY, ALL, NUMBER, {address}, {number_unsigned}),
    CALL(mlockall, MEMORY, ALL, NUMBER, {names, mlockall_flags}),
    CALL(munlockall, MEMORY, ALL, NUMBER, {NULL}),
    CALL(madvise, MEMORY, ALL, NUMBER, {address}, {number_unsigned}, {names, advices}),
    CALL(mincore, MEMORY, ALL, NUMBER, {address}, {number_unsigned}, {address}),

    CALL(openat, FILE_ | DESC, ALL, NUMBER, {directory}, {path}, {names, open_flags}, {open_mode}),
    CALL(close, DESC, ALL, NUMBER, {number}),
    CALL(read, DESC, 1, NUMBER, {number}, {buffer_out}, {number_unsigned}),
    CALL(write, DESC, ALL, NUMBER, {number}, {buffer_in}, {number_unsigned}),
    CALL(readv, DESC, 1, NUMBER, {number}, {vector_out}, {number}),
    CALL(writev, DESC, ALL, NUMBER, {number}, {vector_in}, {number}),
    CALL(pread, DESC, 1, NUMBER, {number}, {buffer_out}, {number_unsigned}, {skip}, {offset}, {skip}),
    CALL(pwrite, DESC, ALL, NUMBER, {number}, {buffer_in}, {number_unsigned}, {skip}, {offset}, {skip}),
    CALL(lseek, DESC, 5, NUMBER, {number}, {skip}, {offset}, {skip}, {names, whences}, {offset_at}),
    CALL(dup, DESC, ALL, NUMBER, {number}),
    CALL(dup3, DESC, ALL, NUMBER, {number}, {number}, {names, cloexec_flags}),
    CALL(fcntl, DESC, ALL, NUMBER, {number}, {names, fcntl_commands}, {lock_or_number}),
    CALL(ioctl, DESC, 2, NUMBER, {number}, {names, ioctl_requests}, {ioctl_argument}),
    CALL(pipe2, DESC | IPC, 0, NUMBER, {pipe_ends}, {names, cloexec_flags}),
    CALL(ftruncate, DESC, ALL, NUMBER, {number}, {skip}, {offset}, {skip}),
    CALL(fsync, DESC, ALL, NUMBER, {number}),
    CALL(getdents, DESC, ALL, NUMBER, {number}, {address}, {number_unsigned}),
    CALL(poll, DESC, 3, NUMBER, {polled}, {number_unsigned}, {time_at}),
    CALL(ppoll, DESC, 4, NUMBER, {polled}, {number_unsigned}, {time_at}, {signal_set}),
    CALL(flock, DESC, ALL, NUMBER, {number}, {names, flock_operations}),
    CALL(fallocate, DESC, ALL, NUMBER, {number}, {number}, {offset}, {skip}, {offset}, {skip}),
    CALL(preadv, DESC, 1, NUMBER, {number}, {vector_out}, {number}, {skip}, {offset}, {skip}),
    CALL(pwritev, DESC, ALL, NUMBER, {number}, {vector_in}, {number}, {skip}, {offset}, {skip}),

    CALL(fstatat, FILE_ | DESC, 2, NUMBER, {directory}, {path}, {stat_at}, {names, at_flags}),
    CALL(faccessat, FILE_, ALL, NUMBER, {directory}, {path}, {names, access_modes}, {names, at_flags}),
    CALL(mkdirat, FILE_, ALL, NUMBER, {directory}, {path}, {octal}),
    CALL(mknodat, FILE_, ALL, NUMBER, {directory}, {path}, {file_mode}, {address}),
    CALL(unlinkat, FILE_, ALL, NUMBER, {directory}, {path}, {names, at_flags}),
    CALL(renameat, FILE_, ALL, NUMBER, {directory}, {path}, {directory}, {path}),
    CALL(linkat, FILE_, ALL, NUMBER, {directory}, {path}, {directory}, {path}, {names, at_flags}),
    CALL(symlinkat, FILE_, ALL, NUMBER, {path}, {directory}, {path}),
    CALL(readlinkat, FILE_, 2, NUMBER, {directory}, {path}, {buffer_out}, {number_unsigned}),
    CALL(fchmodat, FILE_ | DESC, ALL, NUMBER, {directory}, {path}, {octal}, {names, at_flags}),
    CALL(fchownat, FILE_ | DESC, ALL, NUMBER, {directory}, {path}, {number}, {number}, {names, at_flags}),
    CALL(utimensat, FILE_ | DESC, ALL, NUMBER, {directory}, {path}, {times_at}, {names, at_flags}),
    CALL(truncate, FILE_, ALL, NUMBER, {path}, {skip}, {offset}, {skip}),
    CALL(chdir, FILE_ | DESC, ALL, NUMBER, {directory}, {path}, {names, at_flags}),
    CALL(getcwd, FILE_, 0, NUMBER, {path}, {number_unsigned}),
    CALL(statvfs, FILE_ | DESC, 2, NUMBER, {directory}, {path}, {statvfs_at}, {names, at_flags}),

    CALL(nanosleep, 0, 3, NUMBER, {names, clocks}, {names, timer_flags}, {time_at}, {address}),
    CALL(clock_gettime, 0, 1, NUMBER, {names, clocks}, {time_at}),
    CALL(clock_settime, 0, ALL, NUMBER, {names, clocks}, {time_at}),

    CALL(mq_create, DESC | IPC, ALL, NUMBER, {names, open_flags}, {octal}, {queue_attributes}),
    CALL(mq_send, DESC | IPC, ALL, NUMBER, {number}, {buffer_in}, {number_unsigned}, {number_unsigned}),
    CALL(mq_timedsend, DESC | IPC, ALL, NUMBER, {number}, {buffer_in}, {number_unsigned}, {number_unsigned}, {time_at}),
    CALL(mq_receive, DESC | IPC, 1, NUMBER, {number}, {buffer_out}, {number_unsigned}, {number_at}),
    CALL(mq_timedreceive, DESC | IPC, 1, NUMBER, {number}, {buffer_out}, {number_unsigned}, {number_at}, {time_at}),
    CALL(mq_notify, DESC | IPC, ALL, NUMBER, {number}, {names, notify_ways}, {signal_number}, {number}),
    CALL(mq_getsetattr, DESC | IPC, 2, NUMBER, {number}, {queue_attributes}, {queue_attributes}),

    CALL(msgget, IPC, ALL, NUMBER, {key}, {ipc_mode}),
    CALL(msgsnd, IPC, ALL, NUMBER, {number}, {typed_in}, {number_unsigned}, {names, message_flags}),
    CALL(msgrcv, IPC, 1, NUMBER, {number}, {typed_out}, {number_unsigned}, {number}, {names, message_flags}),
    CALL(msgctl, IPC, 2, NUMBER, {number}, {names, ipc_commands}, {queue_status}),
    CALL(semget, IPC, ALL, NUMBER, {key}, {number}, {ipc_mode}),
    CALL(semtimedop, IPC, ALL, NUMBER, {number}, {operations}, {number_unsigned}, {time_at}),
    CALL(semctl, IPC, 3, NUMBER, {number}, {number}, {names, semaphore_commands}, {set_status}),
    CALL(shmget, IPC, ALL, NUMBER, {key}, {number_unsigned}, {ipc_mode}),
    CALL(shmat, IPC | MEMORY, ALL, ADDRESS, {number}, {address}, {names, attach_flags}),
    CALL(shmdt, IPC | MEMORY, ALL, NUMBER, {address}),
    CALL(shmctl, IPC, 2, NUMBER, {number}, {names, ipc_commands}, {segment_status}),

    CALL(socket, NETWORK, ALL, NUMBER, {names, domains}, {names, socket_types}, {number}),
    CALL(socketpair, NETWORK, 3, NUMBER, {names, domains}, {names, socket_types}, {number}, {pipe_ends}),
    CALL(bind, NETWORK, ALL, NUMBER, {number}, {socket_address}, {number_unsigned}),
    CALL(listen, NETWORK, ALL, NUMBER, {number}, {number}),
    CALL(accept4, NETWORK, 1, NUMBER, {number}, {socket_address_out}, {number_at}, {names, accept_flags}),
    CALL(connect, NETWORK, ALL, NUMBER, {number}, {socket_address}, {number_unsigned}),
    CALL(getsockname, NETWORK, 1, NUMBER, {number}, {socket_address_out}, {number_at}),
    CALL(getpeername, NETWORK, 1, NUMBER, {number}, {socket_address_out}, {number_at}),
    CALL(shutdown, NETWORK, ALL, NUMBER, {number}, {names, shutdown_ways}),
    CALL(sendto, NETWORK, ALL, NUMBER, {number}, {buffer_in}, {number_unsigned}, {names, send_flags}, {socket_address},
         {number_unsigned}),
    CALL(recvfrom, NETWORK, 1, NUMBER, {number}, {buffer_out}, {number_unsigned}, {names, send_flags},
         {socket_address_out}, {number_at}),
    CALL(sendmsg, NETWORK, ALL, NUMBER, {number}, {message}, {names, send_flags}),
    CALL(recvmsg, NETWORK, 1, NUMBER, {number}, {message}, {names, send_flags}),
    CALL(setsockopt, NETWORK, ALL, NUMBER, {number}, {names, option_levels}, {names, socket_options}, {option_value},
         {number_unsigned}),
    CALL(getsockopt, NETWORK, 3, NUMBER, {number}, {names, option_levels}, {names, socket_options}, {option_out},
         {number_at}),
};

/* A call that this table does not know: six words. */
static const struct format unknown = {
    .at_once = ALL,
    .printers = {{address, NULL}, {address, NULL}, {address, NULL}, {address, NULL}, {address, NULL}, {address, NULL}},
};

const struct format *format_of(unsigned number)
{
    return number <= SYSCALL_MAX && formats[number].name ? &formats[number] : &unknown;
}

const char *call_name(unsigned number)
{
    return number <= SYSCALL_MAX && call_names[number] ? call_names[number] : "?";
}

int format_find(const char *name)
{
    for (int i = 0; i <= SYSCALL_MAX; i++)
        if (call_names[i] && strcmp(call_names[i], name) == 0)
            return i;
    return -1;
}
