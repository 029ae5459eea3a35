/*
 * strace.h - what the files of strace share: the records of one call, and how its arguments are printed.
 */
#pragma once

#include <abi/trace.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* text.c: one line of output as it grows. */
void say(const char *format, ...) __attribute__((format(__printf__, 1, 2)));
/* A character sequence in quotes; `cut`: there was more of it. */
void say_quoted(const void *bytes, size_t length, bool cut);
size_t said(void);          /* how long the line is */
void unsay(size_t length);  /* back to that length */
void say_column(size_t n);  /* blanks up to there, at least one */
void say_out(FILE *output); /* what was said goes out; the line's length stays */
void say_end(FILE *output); /* the line's end, and out */

/* names.c: what the bits or values of an argument are called. */
struct name {
    uint32_t value, mask;
    const char *name;
};
#define NAME_BIT(name)    \
    {                     \
        name, name, #name \
    }
#define NAME_VALUE(name)             \
    {                                \
        (uint32_t)(name), ~0u, #name \
    }
#define NAME_FIELD(name, mask) \
    {                          \
        name, mask, #name      \
    }
#define NAME_END   \
    {              \
        0, 0, NULL \
    }
extern const struct name open_flags[], access_modes[], at_flags[], cloexec_flags[], protections[], map_flags[];
extern const struct name sync_flags[], mlockall_flags[], advices[], whences[], fcntl_commands[], descriptor_flags[];
extern const struct name lock_types[], flock_operations[], ioctl_requests[], poll_events[], file_types[];
extern const struct name wait_options[], wait_ids[], limits[], usages[], priorities[], policies[];
extern const struct name mask_ways[], action_flags[], stack_flags[], signal_codes[], child_codes[], fault_codes[];
extern const struct name bus_codes[], clocks[], timer_flags[], interval_timers[], futex_operations[];
extern const struct name ipc_flags[], ipc_commands[], semaphore_commands[], message_flags[], attach_flags[];
extern const struct name domains[], socket_types[], accept_flags[], shutdown_ways[], send_flags[];
extern const struct name socket_options[], option_levels[];
extern const struct name notify_ways[], reboot_ways[], errors[];
extern const struct name input_modes[], output_modes[], local_modes[];
/* The names of the bits with | between them, "0" for none; the rest in hexadecimal. */
void say_names(const struct name *names, uint32_t value);
void say_signal(int signal);
void say_signals(uint64_t set);

/* A call while it is printed. */
struct call {
    const struct abi_trace_record *entry;
    const struct abi_trace_record *result; /* NULL: it has not answered yet */
};

static inline uint32_t argument(const struct call *call, unsigned i)
{
    return call->entry->arguments[i];
}

/* The process's memory at an address, as the result or else the entry has it: at least `size` bytes, *length in all; or
 * NULL. */
const void *call_memory(const struct call *call, uint32_t address, size_t size, size_t *length);

/* The structure at argument i; NULL: its address has been said. */
const void *structure(const struct call *call, unsigned i, size_t size);
#define AT(call, i, type) ((const type *)structure(call, i, sizeof(type)))

/* Prints argument i; nothing where there is nothing to be shown. */
struct printer {
    void (*print)(const struct call *call, unsigned i, const struct name *names);
    const struct name *names;
};
typedef void print_argument(const struct call *call, unsigned i, const struct name *names);

/* values.c: numbers, strings, buffers. */
print_argument number, number_unsigned, octal, address, offset, skip, names, signal_number, descriptor;
print_argument directory, path, buffer_in, buffer_out, open_mode, file_mode, ipc_mode, key, strings, typed_in,
    typed_out;
void say_address(uint32_t value);
void say_path(const struct call *call, uint32_t value);
void say_buffer(const struct call *call, uint32_t value, size_t whole);

/* structs.c, ipc_structs.c, sockets.c: structures; an address where they are not known. */
print_argument time_at, times_at, timer_at, interval_at, stat_at, statvfs_at, polled, signal_set, action, signal_stack;
print_argument information, wait_status, usage, limit, identities, group_list, number_at, pipe_ends, offset_at;
print_argument system_name, vector_in, vector_out, operations, queue_attributes, lock_or_number, ioctl_argument;
print_argument event, queue_status, set_status, segment_status, spawn_actions;
print_argument socket_address, socket_address_out, message, option_value, option_out;
void say_information(int signal, int code, const uint32_t words[5]);
void say_status(int status);
/* What poll() has found ready. */
void say_ready(const struct call *call);
/* So many buffers, of which `total` bytes count. */
void say_vector(const struct call *call, uint32_t at, size_t count, size_t total);

/* calls.c: the calls. */
enum call_class {
    CLASS_FILE = 1,
    CLASS_PROCESS = 2,
    CLASS_SIGNAL = 4,
    CLASS_IPC = 8,
    CLASS_NETWORK = 16,
    CLASS_DESCRIPTOR = 32,
    CLASS_MEMORY = 64,
};
enum answer { ANSWER_NUMBER, ANSWER_ADDRESS, ANSWER_OCTAL, ANSWER_NONE };
struct format {
    const char *name; /* NULL: the table does not know the call */
    unsigned classes;
    unsigned at_once; /* so many arguments are known on entry: those behind them are printed with the result */
    enum answer answer;
    struct printer printers[7];
};
const struct format *format_of(unsigned number);
const char *call_name(unsigned number);
/* The number of the call of that name, or -1. */
int format_find(const char *name);

/* filter.c: -e. */
void filter_option(const char *text);
bool filter_shows_call(unsigned number);
bool filter_shows_signal(int signal);

/* count.c: -c. */
void count_call(unsigned number, uint64_t time, bool failed);
void count_print(FILE *output);

/* lines.c: records as lines. */
struct options {
    FILE *output;
    bool follow, count, durations;
    int quiet; /* -q: 1 not who is attached to, 2 nor who ends */
    enum { STAMP_NONE, STAMP_SECONDS, STAMP_MICROSECONDS, STAMP_EPOCH, STAMP_RELATIVE } stamps;
    int length; /* -s */
};
extern struct options options;
void lines_record(const struct abi_trace_record *record);
/* Nothing more is known of what is under way. */
void lines_end(void);

/* stream.c: the records of one trace. */
void stream_open(int pid);
/* The next one, which stays until the one after it is asked for.  NULL: the end, or a signal came whose handler has set
 * *stop. */
const struct abi_trace_record *stream_next(const volatile int *stop);
