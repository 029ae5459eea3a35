/*
 * sysconf.c - the system's limits and options, as they are.
 */
#include "libc.h"
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static long from_limit(int resource)
{
    struct rlimit limit;

    if (getrlimit(resource, &limit) == -1 || limit.rlim_cur > LONG_MAX)
        return -1; /* no limit: -1 with errno as it was */
    return limit.rlim_cur;
}

/* How many lines of `path` begin as `format` says, or the number in the first of them. */
static long from_proc(const char *path, const char *format, int is_count)
{
    FILE *file = fopen(path, "re");
    char line[128];
    long number, result = is_count ? 0 : -1;

    if (file == NULL)
        return -1;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, format, &number) != 1)
            continue;
        if (!is_count) {
            result = number;
            break;
        }
        result++;
    }
    fclose(file);
    return result;
}

static long processors(void)
{
    long n = from_proc("/proc/cpuinfo", "processor : %ld", 1);

    return n > 0 ? n : 1;
}

/* The options: each has a macro. */
static const struct {
    short name;
    long value;
} options[] = {
    {_SC_2_CHAR_TERM, _POSIX2_CHAR_TERM},
    {_SC_2_C_BIND, _POSIX2_C_BIND},
    {_SC_2_C_DEV, _POSIX2_C_DEV},
    {_SC_2_FORT_DEV, _POSIX2_FORT_DEV},
    {_SC_2_FORT_RUN, _POSIX2_FORT_RUN},
    {_SC_2_LOCALEDEF, _POSIX2_LOCALEDEF},
    {_SC_2_PBS, _POSIX2_PBS},
    {_SC_2_PBS_ACCOUNTING, _POSIX2_PBS_ACCOUNTING},
    {_SC_2_PBS_CHECKPOINT, _POSIX2_PBS_CHECKPOINT},
    {_SC_2_PBS_LOCATE, _POSIX2_PBS_LOCATE},
    {_SC_2_PBS_MESSAGE, _POSIX2_PBS_MESSAGE},
    {_SC_2_PBS_TRACK, _POSIX2_PBS_TRACK},
    {_SC_2_SW_DEV, _POSIX2_SW_DEV},
    {_SC_2_UPE, _POSIX2_UPE},
    {_SC_ADVISORY_INFO, _POSIX_ADVISORY_INFO},
    {_SC_ASYNCHRONOUS_IO, _POSIX_ASYNCHRONOUS_IO},
    {_SC_BARRIERS, _POSIX_BARRIERS},
    {_SC_CLOCK_SELECTION, _POSIX_CLOCK_SELECTION},
    {_SC_CPUTIME, _POSIX_CPUTIME},
    {_SC_FSYNC, _POSIX_FSYNC},
    {_SC_IPV6, _POSIX_IPV6},
    {_SC_JOB_CONTROL, _POSIX_JOB_CONTROL},
    {_SC_MAPPED_FILES, _POSIX_MAPPED_FILES},
    {_SC_MEMLOCK, _POSIX_MEMLOCK},
    {_SC_MEMLOCK_RANGE, _POSIX_MEMLOCK_RANGE},
    {_SC_MEMORY_PROTECTION, _POSIX_MEMORY_PROTECTION},
    {_SC_MESSAGE_PASSING, _POSIX_MESSAGE_PASSING},
    {_SC_MONOTONIC_CLOCK, _POSIX_MONOTONIC_CLOCK},
    {_SC_PRIORITIZED_IO, _POSIX_PRIORITIZED_IO},
    {_SC_PRIORITY_SCHEDULING, _POSIX_PRIORITY_SCHEDULING},
    {_SC_RAW_SOCKETS, _POSIX_RAW_SOCKETS},
    {_SC_READER_WRITER_LOCKS, _POSIX_READER_WRITER_LOCKS},
    {_SC_REALTIME_SIGNALS, _POSIX_REALTIME_SIGNALS},
    {_SC_REGEXP, _POSIX_REGEXP},
    {_SC_SAVED_IDS, _POSIX_SAVED_IDS},
    {_SC_SEMAPHORES, _POSIX_SEMAPHORES},
    {_SC_SHARED_MEMORY_OBJECTS, _POSIX_SHARED_MEMORY_OBJECTS},
    {_SC_SHELL, _POSIX_SHELL},
    {_SC_SPAWN, _POSIX_SPAWN},
    {_SC_SPIN_LOCKS, _POSIX_SPIN_LOCKS},
    {_SC_SPORADIC_SERVER, _POSIX_SPORADIC_SERVER},
    {_SC_SYNCHRONIZED_IO, _POSIX_SYNCHRONIZED_IO},
    {_SC_THREADS, _POSIX_THREADS},
    {_SC_THREAD_ATTR_STACKADDR, _POSIX_THREAD_ATTR_STACKADDR},
    {_SC_THREAD_ATTR_STACKSIZE, _POSIX_THREAD_ATTR_STACKSIZE},
    {_SC_THREAD_CPUTIME, _POSIX_THREAD_CPUTIME},
    {_SC_THREAD_PRIORITY_SCHEDULING, _POSIX_THREAD_PRIORITY_SCHEDULING},
    {_SC_THREAD_PRIO_INHERIT, _POSIX_THREAD_PRIO_INHERIT},
    {_SC_THREAD_PRIO_PROTECT, _POSIX_THREAD_PRIO_PROTECT},
    {_SC_THREAD_PROCESS_SHARED, _POSIX_THREAD_PROCESS_SHARED},
    {_SC_THREAD_ROBUST_PRIO_INHERIT, _POSIX_THREAD_ROBUST_PRIO_INHERIT},
    {_SC_THREAD_ROBUST_PRIO_PROTECT, _POSIX_THREAD_ROBUST_PRIO_PROTECT},
    {_SC_THREAD_SAFE_FUNCTIONS, _POSIX_THREAD_SAFE_FUNCTIONS},
    {_SC_THREAD_SPORADIC_SERVER, _POSIX_THREAD_SPORADIC_SERVER},
    {_SC_TIMEOUTS, _POSIX_TIMEOUTS},
    {_SC_TIMERS, _POSIX_TIMERS},
    {_SC_TRACE, _POSIX_TRACE},
    {_SC_TRACE_EVENT_FILTER, _POSIX_TRACE_EVENT_FILTER},
    {_SC_TRACE_INHERIT, _POSIX_TRACE_INHERIT},
    {_SC_TRACE_LOG, _POSIX_TRACE_LOG},
    {_SC_TYPED_MEMORY_OBJECTS, _POSIX_TYPED_MEMORY_OBJECTS},
    {_SC_V6_ILP32_OFF32, _POSIX_V6_ILP32_OFF32},
    {_SC_V6_ILP32_OFFBIG, _POSIX_V6_ILP32_OFFBIG},
    {_SC_V6_LP64_OFF64, _POSIX_V6_LP64_OFF64},
    {_SC_V6_LPBIG_OFFBIG, _POSIX_V6_LPBIG_OFFBIG},
    {_SC_V7_ILP32_OFF32, _POSIX_V7_ILP32_OFF32},
    {_SC_V7_ILP32_OFFBIG, _POSIX_V7_ILP32_OFFBIG},
    {_SC_V7_LP64_OFF64, _POSIX_V7_LP64_OFF64},
    {_SC_V7_LPBIG_OFFBIG, _POSIX_V7_LPBIG_OFFBIG},
    {_SC_VERSION, _POSIX_VERSION},
    {_SC_XOPEN_CRYPT, _XOPEN_CRYPT},
    {_SC_XOPEN_ENH_I18N, _XOPEN_ENH_I18N},
    {_SC_XOPEN_REALTIME, _XOPEN_REALTIME},
    {_SC_XOPEN_REALTIME_THREADS, _XOPEN_REALTIME_THREADS},
    {_SC_XOPEN_SHM, _XOPEN_SHM},
    {_SC_XOPEN_STREAMS, _XOPEN_STREAMS},
    {_SC_XOPEN_UNIX, _XOPEN_UNIX},
    {_SC_XOPEN_UUCP, _XOPEN_UUCP},
};

static const struct {
    short name;
    long value;
} limits[] = {
    {_SC_AIO_PRIO_DELTA_MAX, 0},
    {_SC_ARG_MAX, ARG_MAX},
    {_SC_ATEXIT_MAX, ATEXIT_MAX},
    {_SC_BC_BASE_MAX, BC_BASE_MAX},
    {_SC_BC_DIM_MAX, BC_DIM_MAX},
    {_SC_BC_SCALE_MAX, BC_SCALE_MAX},
    {_SC_BC_STRING_MAX, BC_STRING_MAX},
    {_SC_CLK_TCK, 100},
    {_SC_COLL_WEIGHTS_MAX, COLL_WEIGHTS_MAX},
    {_SC_DELAYTIMER_MAX, DELAYTIMER_MAX},
    {_SC_EXPR_NEST_MAX, EXPR_NEST_MAX},
    {_SC_GETGR_R_SIZE_MAX, 2048},
    {_SC_GETPW_R_SIZE_MAX, 1024},
    {_SC_HOST_NAME_MAX, HOST_NAME_MAX},
    {_SC_IOV_MAX, IOV_MAX},
    {_SC_LINE_MAX, LINE_MAX},
    {_SC_LOGIN_NAME_MAX, LOGIN_NAME_MAX},
    {_SC_MQ_PRIO_MAX, MQ_PRIO_MAX},
    {_SC_NGROUPS_MAX, NGROUPS_MAX},
    {_SC_PAGESIZE, PAGESIZE},
    {_SC_RE_DUP_MAX, RE_DUP_MAX},
    {_SC_RTSIG_MAX, RTSIG_MAX},
    {_SC_SEM_VALUE_MAX, SEM_VALUE_MAX},
    {_SC_SYMLOOP_MAX, SYMLOOP_MAX},
    {_SC_THREAD_DESTRUCTOR_ITERATIONS, PTHREAD_DESTRUCTOR_ITERATIONS},
    {_SC_THREAD_KEYS_MAX, PTHREAD_KEYS_MAX},
    {_SC_THREAD_STACK_MIN, PTHREAD_STACK_MIN},
    {_SC_TIMER_MAX, TIMER_MAX},
    {_SC_TTY_NAME_MAX, TTY_NAME_MAX},
    {_SC_TZNAME_MAX, TZNAME_MAX},
};

/* POSIX sysconf: -1 with EINVAL for an unknown name; -1 without, for what has no limit or is not there. */
long sysconf(int name)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (limits[i].name == name)
            return limits[i].value;
    }
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (options[i].name == name)
            return options[i].value;
    }
    switch (name) {
    case _SC_CHILD_MAX:
        return from_limit(RLIMIT_NPROC);
    case _SC_MQ_OPEN_MAX:
    case _SC_OPEN_MAX:
    case _SC_STREAM_MAX:
        return from_limit(RLIMIT_NOFILE);
    case _SC_SIGQUEUE_MAX:
        return from_limit(RLIMIT_SIGPENDING);
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
        return processors();
    case _SC_PHYS_PAGES:
        return from_proc("/proc/meminfo", "MemTotal: %ld", 0) / (PAGESIZE / 1024);
    case _SC_AVPHYS_PAGES:
        return from_proc("/proc/meminfo", "MemFree: %ld", 0) / (PAGESIZE / 1024);
    }
    if (name < 0 || name > _SC_XOPEN_UUCP)
        errno = EINVAL;
    return -1;
}

int getpagesize(void)
{
    return PAGESIZE;
}

int getdtablesize(void)
{
    return from_limit(RLIMIT_NOFILE);
}
