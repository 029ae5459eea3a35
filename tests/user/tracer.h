/*
 * tracer.h - reads the records of /proc/PID/trace (abi/trace.h), one trace at a time.
 */
#pragma once

#include <abi/trace.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>

/* Fork a process that runs body() and exits with what it answers, traced from before body() on with these options
 * (TRACE_SET).  Answers its pid; *fd is its trace. */
pid_t tracer_start(int (*body)(void *context), void *context, unsigned options, int *fd);
/* The trace of a process: a descriptor, or -1. */
int tracer_open(pid_t pid, int flags);
/* The next record, which stays until the one after it is asked for; NULL: the end, or an error. */
const struct abi_trace_record *tracer_next(int fd);
/* The next one of that kind and, unless -1, number: the others are passed over. */
const struct abi_trace_record *tracer_find(int fd, enum abi_trace_kind kind, int number);
/* The bytes of the part at that address, and how many; NULL: there is none. */
const void *tracer_part(const struct abi_trace_record *record, unsigned address, size_t *length);
/* The same of the memory that an argument points at, as a string that stays until the next is asked for. */
const char *tracer_text(const struct abi_trace_record *record, unsigned argument);
/* How many records there are to the end. */
int tracer_count(int fd);
