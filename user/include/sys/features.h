/*
 * sys/features.h - newlib's feature-test macros, then the POSIX options as they are here: 200809L (or 1) for what is
 * there, -1 for what is not.  docs/userland.md tells why.
 *
 * _POSIX_VERSION says which edition's words the functions keep that are there, not that none is missing.
 * _XOPEN_VERSION and _POSIX2_VERSION would say that nothing is: they are left out, and sysconf() answers -1.
 */
#pragma once

#include_next <sys/features.h>

#define _POSIX_VERSION 200809L
#define _POSIX2_C_BIND 200809L

#define _POSIX2_SYMLINKS 1
#define _POSIX_ADVISORY_INFO 200809L
#define _POSIX_CHOWN_RESTRICTED 1
#define _POSIX_CPUTIME 200809L
#define _POSIX_FSYNC 200809L
#define _POSIX_JOB_CONTROL 1
#define _POSIX_MAPPED_FILES 200809L
#define _POSIX_MEMLOCK 200809L
#define _POSIX_MEMLOCK_RANGE 200809L
#define _POSIX_MEMORY_PROTECTION 200809L
#define _POSIX_MESSAGE_PASSING 200809L
#define _POSIX_MONOTONIC_CLOCK 200809L
#define _POSIX_NO_TRUNC 1
#define _POSIX_PRIORITY_SCHEDULING 200809L
#define _POSIX_REALTIME_SIGNALS 200809L
#define _POSIX_REGEXP 1
#define _POSIX_SAVED_IDS 1
#define _POSIX_SEMAPHORES 200809L
#define _POSIX_SHARED_MEMORY_OBJECTS 200809L
#define _POSIX_SHELL 1
#define _POSIX_SPAWN 200809L
#define _POSIX_SYNCHRONIZED_IO 200809L
#define _POSIX_THREAD_CPUTIME 200809L
#define _POSIX_TIMEOUTS 200809L
#define _POSIX_TIMERS 200809L
#define _POSIX_TIMESTAMP_RESOLUTION 1
#define _POSIX_V6_ILP32_OFFBIG 1
#define _POSIX_V7_ILP32_OFFBIG 1
#define _POSIX_VDISABLE 0
#define _XOPEN_SHM 1

#define _POSIX2_CHAR_TERM (-1)
#define _POSIX2_C_DEV (-1)
#define _POSIX2_FORT_DEV (-1)
#define _POSIX2_FORT_RUN (-1)
#define _POSIX2_LOCALEDEF (-1)
#define _POSIX2_PBS (-1)
#define _POSIX2_PBS_ACCOUNTING (-1)
#define _POSIX2_PBS_CHECKPOINT (-1)
#define _POSIX2_PBS_LOCATE (-1)
#define _POSIX2_PBS_MESSAGE (-1)
#define _POSIX2_PBS_TRACK (-1)
#define _POSIX2_SW_DEV (-1)
#define _POSIX2_UPE (-1)
#define _POSIX_ASYNCHRONOUS_IO (-1)
#define _POSIX_BARRIERS (-1)
#define _POSIX_CLOCK_SELECTION (-1)
#define _POSIX_IPV6 (-1)
#define _POSIX_PRIORITIZED_IO (-1)
#define _POSIX_RAW_SOCKETS (-1)
#define _POSIX_READER_WRITER_LOCKS (-1)
#define _POSIX_SPIN_LOCKS (-1)
#define _POSIX_SPORADIC_SERVER (-1)
#define _POSIX_THREAD_ATTR_STACKADDR (-1)
#define _POSIX_THREAD_ATTR_STACKSIZE (-1)
#define _POSIX_THREAD_PRIORITY_SCHEDULING (-1)
#define _POSIX_THREAD_PRIO_INHERIT (-1)
#define _POSIX_THREAD_PRIO_PROTECT (-1)
#define _POSIX_THREAD_PROCESS_SHARED (-1)
#define _POSIX_THREAD_ROBUST_PRIO_INHERIT (-1)
#define _POSIX_THREAD_ROBUST_PRIO_PROTECT (-1)
#define _POSIX_THREAD_SAFE_FUNCTIONS (-1)
#define _POSIX_THREAD_SPORADIC_SERVER (-1)
#define _POSIX_TRACE (-1)
#define _POSIX_TRACE_EVENT_FILTER (-1)
#define _POSIX_TRACE_INHERIT (-1)
#define _POSIX_TRACE_LOG (-1)
#define _POSIX_TYPED_MEMORY_OBJECTS (-1)
#define _POSIX_V6_ILP32_OFF32 (-1)
#define _POSIX_V6_LP64_OFF64 (-1)
#define _POSIX_V6_LPBIG_OFFBIG (-1)
#define _POSIX_V7_ILP32_OFF32 (-1)
#define _POSIX_V7_LP64_OFF64 (-1)
#define _POSIX_V7_LPBIG_OFFBIG (-1)
#define _XOPEN_CRYPT (-1)
#define _XOPEN_ENH_I18N (-1)
#define _XOPEN_REALTIME (-1)
#define _XOPEN_REALTIME_THREADS (-1)
#define _XOPEN_STREAMS (-1)
#define _XOPEN_UNIX (-1)
#define _XOPEN_UUCP (-1)

/* Newlib's own sources take any value for yes. */
#ifndef _COMPILING_NEWLIB
#define _POSIX_THREADS (-1)
#endif
