/*
 * structs.c - arguments that are structures of files, times, processes and signals.
 */
#include <abi/resource.h>
#include <abi/stat.h>
#include <abi/types.h>
#include <abi/utsname.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "strace.h"

static void say_timespec(const struct abi_timespec *time)
{
    say("{tv_sec=%lld, tv_nsec=%ld}", (long long)time->tv_sec, (long)time->tv_nsec);
}

static void say_timeval(const struct abi_timeval *time)
{
    say("{tv_sec=%lld, tv_usec=%ld}", (long long)time->tv_sec, (long)time->tv_usec);
}

void time_at(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_timespec *time = AT(call, i, struct abi_timespec);

    (void)names;
    if (time)
        say_timespec(time);
}

/* utimensat(): access and modification. */
void times_at(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_itimerspec *times = AT(call, i, struct abi_itimerspec);

    (void)names;
    if (!times)
        return;
    say("[");
    say_timespec(&times->it_interval);
    say(", ");
    say_timespec(&times->it_value);
    say("]");
}

void timer_at(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_itimerspec *timer = AT(call, i, struct abi_itimerspec);

    (void)names;
    if (!timer)
        return;
    say("{it_interval=");
    say_timespec(&timer->it_interval);
    say(", it_value=");
    say_timespec(&timer->it_value);
    say("}");
}

void interval_at(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_itimerval *timer = AT(call, i, struct abi_itimerval);

    (void)names;
    if (!timer)
        return;
    say("{it_interval=");
    say_timeval(&timer->it_interval);
    say(", it_value=");
    say_timeval(&timer->it_value);
    say("}");
}

void stat_at(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_stat *stat = AT(call, i, struct abi_stat);

    if (!stat)
        return;
    (void)names;
    say("{st_mode=");
    say_names(file_types, stat->st_mode & ABI_S_IFMT);
    say("|%#lo, ", (unsigned long)(stat->st_mode & ~(uint32_t)ABI_S_IFMT));
    if ((stat->st_mode & ABI_S_IFMT) == ABI_S_IFCHR)
        say("st_rdev=%lu:%lu, ...}", (unsigned long)stat->st_rdev >> 8, (unsigned long)stat->st_rdev & 0xff);
    else
        say("st_size=%lld, ...}", (long long)stat->st_size);
}

void statvfs_at(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_statvfs *stat = AT(call, i, struct abi_statvfs);

    (void)names;
    if (stat)
        say("{f_bsize=%lu, f_blocks=%llu, f_bfree=%llu, ...}", (unsigned long)stat->f_bsize,
            (unsigned long long)stat->f_blocks, (unsigned long long)stat->f_bfree);
}

/* struct pollfd. */
struct entry {
    int32_t fd;
    uint16_t events, revents;
};

void polled(const struct call *call, unsigned i, const struct name *names)
{
    size_t length, count = argument(call, i + 1);
    const struct entry *entries = call_memory(call, argument(call, i), sizeof(*entries), &length);

    (void)names;
    if (!entries) {
        say_address(argument(call, i));
        return;
    }
    say("[");
    for (size_t k = 0; k < count && k < length / sizeof(*entries); k++) {
        say("%s{fd=%d, events=", k > 0 ? ", " : "", (int)entries[k].fd);
        say_names(poll_events, entries[k].events);
        say("}");
    }
    say(count > length / sizeof(*entries) ? ", ...]" : "]");
}

void say_ready(const struct call *call)
{
    size_t length, count = argument(call, 1);
    const struct entry *entries = call_memory(call, argument(call, 0), sizeof(*entries), &length);
    int32_t shown = 0;

    if (!entries)
        return;
    say(" ([");
    for (size_t k = 0; k < count && k < length / sizeof(*entries); k++)
        if (entries[k].revents != 0) {
            say("%s{fd=%d, revents=", shown++ > 0 ? ", " : "", (int)entries[k].fd);
            say_names(poll_events, entries[k].revents);
            say("}");
        }
    if (shown < call->result->result)
        say(shown > 0 ? ", ..." : "...");
    say("])");
}

void signal_set(const struct call *call, unsigned i, const struct name *names)
{
    const abi_sigset_t *set = AT(call, i, abi_sigset_t);
    abi_sigset_t copy;

    (void)names;
    if (!set)
        return;
    memcpy(&copy, set, sizeof(copy));
    say_signals(copy);
}

void action(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_sigaction *action = AT(call, i, struct abi_sigaction);
    abi_sigset_t mask;

    (void)names;
    if (!action)
        return;
    memcpy(&mask, &action->sa_mask, sizeof(mask));
    if (action->sa_handler == ABI_SIG_DFL || action->sa_handler == ABI_SIG_IGN)
        say("{sa_handler=%s, sa_mask=", action->sa_handler == ABI_SIG_DFL ? "SIG_DFL" : "SIG_IGN");
    else
        say("{sa_handler=%#lx, sa_mask=", (unsigned long)action->sa_handler);
    say_signals(mask);
    say(", sa_flags=");
    say_names(action_flags, action->sa_flags & ~SA_RESTORER);
    say("}");
}

void signal_stack(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_stack *stack = AT(call, i, struct abi_stack);

    (void)names;
    if (!stack)
        return;
    say("{ss_sp=");
    say_address(stack->ss_sp);
    say(", ss_flags=");
    say_names(stack_flags, (uint32_t)stack->ss_flags);
    say(", ss_size=%lu}", (unsigned long)stack->ss_size);
}

static const struct name *codes_of(int signal, int code)
{
    if (code <= 0 || code == SI_KERNEL)
        return signal_codes;
    if (signal == SIGCHLD)
        return child_codes;
    return signal == SIGBUS ? bus_codes : fault_codes;
}

static bool is_fault(int signal)
{
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE || signal == SIGTRAP;
}

void say_information(int signal, int code, const uint32_t words[5])
{
    say("{si_signo=");
    say_signal(signal);
    say(", si_code=");
    if (code > 0 && code != SI_KERNEL && signal != SIGCHLD && signal != SIGSEGV && signal != SIGBUS)
        say("%d", code);
    else
        say_names(codes_of(signal, code), (uint32_t)code);
    if (is_fault(signal) && code > 0) {
        say(", si_addr=");
        say_address(words[0]);
    } else if (code == SI_TIMER) {
        say(", si_timerid=%d, si_overrun=%d, si_value={int=%d}", (int)words[0], (int)words[1], (int)words[2]);
    } else if (signal == SIGCHLD && code > 0) {
        say(", si_pid=%d, si_uid=%lu, si_status=", (int)words[0], (unsigned long)words[1]);
        if (code == CLD_EXITED)
            say("%d", (int)words[2]);
        else
            say_signal((int)words[2]);
    } else if (code != SI_KERNEL) {
        say(", si_pid=%d, si_uid=%lu", (int)words[0], (unsigned long)words[1]);
        if (code == SI_QUEUE || code == SI_MESGQ)
            say(", si_value={int=%d}", (int)words[2]);
    }
    say("}");
}

void information(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_siginfo *info = AT(call, i, struct abi_siginfo);

    (void)names;
    if (info)
        say_information(info->si_signo, info->si_code, (const uint32_t *)info->pad);
}

void say_status(int status)
{
    if (WIFEXITED(status))
        say("{WIFEXITED(s) && WEXITSTATUS(s) == %d}", WEXITSTATUS(status));
    else if (WIFSTOPPED(status))
        say("{WIFSTOPPED(s) && WSTOPSIG(s) == ");
    else if (WIFSIGNALED(status))
        say("{WIFSIGNALED(s) && WTERMSIG(s) == ");
    else
        say("{WIFCONTINUED(s)}");
    if (WIFSTOPPED(status) || WIFSIGNALED(status)) {
        say_signal(WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status));
        say("}");
    }
}

/* wait4(): nothing is stored where there is no child to tell of. */
void wait_status(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    if (call->result && call->result->result > 0) {
        const int32_t *status = AT(call, i, int32_t);

        if (status)
            say_status((int)*status);
    } else {
        say_address(argument(call, i));
    }
}

void usage(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_rusage *usage = AT(call, i, struct abi_rusage);

    (void)names;
    if (!usage)
        return;
    say("{ru_utime=");
    say_timeval(&usage->ru_utime);
    say(", ru_stime=");
    say_timeval(&usage->ru_stime);
    say(", ...}");
}

static void say_limit(uint64_t limit)
{
    if (limit == RLIM_INFINITY)
        say("RLIM_INFINITY");
    else
        say("%llu", (unsigned long long)limit);
}

void limit(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_rlimit *limit = AT(call, i, struct abi_rlimit);

    (void)names;
    if (!limit)
        return;
    say("{rlim_cur=");
    say_limit(limit->rlim_cur);
    say(", rlim_max=");
    say_limit(limit->rlim_max);
    say("}");
}

void number_at(const struct call *call, unsigned i, const struct name *names)
{
    const int32_t *value = AT(call, i, int32_t);

    (void)names;
    if (value)
        say("[%ld]", (long)*value);
}

static void say_numbers(const struct call *call, unsigned i, size_t count)
{
    size_t length;
    const int32_t *values = call_memory(call, argument(call, i), sizeof(*values), &length);

    if (!values) {
        say_address(argument(call, i));
        return;
    }
    say("[");
    for (size_t k = 0; k < count && k < length / sizeof(*values); k++)
        say("%s%ld", k > 0 ? ", " : "", (long)values[k]);
    say(count > length / sizeof(*values) ? ", ...]" : "]");
}

void pipe_ends(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_numbers(call, i, 2);
}

/* As many as the argument before says, or the result. */
void group_list(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_numbers(call, i, call->result ? (size_t)call->result->result : argument(call, i - 1));
}

void system_name(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_utsname *name = AT(call, i, struct abi_utsname);

    (void)names;
    if (!name)
        return;
    say("{sysname=");
    say_quoted(name->sysname, strnlen(name->sysname, sizeof(name->sysname)), false);
    say(", nodename=");
    say_quoted(name->nodename, strnlen(name->nodename, sizeof(name->nodename)), false);
    say(", ...}");
}
