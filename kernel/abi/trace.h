/*
 * trace.h - what /proc/PID/trace gives: records of what a process asks of the kernel and of what happens to it.
 *
 * read() answers whole records, each followed by its parts: memory of the process that the call's arguments point at.
 * So that who reads them need not look for it, a part says at which address it stood; abi/pointee_list.h says what
 * becomes a part, of TRACE_CALL as it is on entry and of TRACE_RESULT as it is when a call has succeeded.  What is not
 * there could not be read, or had no room.
 */
#pragma once

#include <stdint.h>

enum abi_trace_kind {
    TRACE_CALL = 1, /* `number` and the arguments */
    TRACE_RESULT,   /* the same, and the result: -ERESTART is -512 */
    TRACE_SIGNAL,   /* taken: `number`, arguments[0] si_code, then siginfo's words behind that */
    TRACE_FORK,     /* a process that is followed has begun; `result`: its parent's number */
    TRACE_EXEC,     /* another program runs; one part, at address 0: its path */
    TRACE_EXIT,     /* a thread ends; `result`: its process's wait status */
};

struct abi_trace_record {
    uint32_t length; /* with its parts; a multiple of 8 */
    uint16_t kind;
    uint16_t number;
    uint64_t time; /* CLOCK_MONOTONIC, in nanoseconds */
    uint32_t lost; /* records that found no room, or may not be shown, since the one before */
    int32_t pid, tid;
    int32_t result;
    uint32_t arguments[6];
};

struct abi_trace_part {
    uint32_t address;
    uint32_t length; /* of the bytes that follow; after these up to three more, to a multiple of 4 */
};

#define TRACE_RECORD_MAX 2048 /* no record is longer */
#define TRACE_BYTES_MAX 1024  /* no buffer's part is longer, but for a string's end or a message's type */
#define TRACE_BYTES 64        /* unless another number is asked for, so much of a buffer is shown */
#define TRACE_PATH 256        /* so much of a path, or of an array of structures */

/* ioctl(): from now on so many bytes of each buffer, at most TRACE_BYTES_MAX; with TRACE_FOLLOW what the process forks
 * is traced, too. */
#define TRACE_SET 0x7401
#define TRACE_FOLLOW 0x80000000u
