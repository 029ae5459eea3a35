/*
 * trace_call.c - the records of system calls: what a call's arguments point at, before and after it.
 *
 * Which argument points at what is a table, abi/pointee_list.h.  User memory is copied as a call itself would, into a
 * record that is allocated for the purpose; what cannot be read is left out, and its reader shows the address.  With no
 * memory for all that the record has its arguments alone.
 */
#include <abi/fcntl.h>
#include <abi/mqueue.h>
#include <abi/msg.h>
#include <abi/resource.h>
#include <abi/sem.h>
#include <abi/shm.h>
#include <abi/socket.h>
#include <abi/spawn.h>
#include <abi/stat.h>
#include <abi/syscall.h>
#include <abi/termios.h>
#include <abi/utsname.h>
#include <core/thread.h>
#include <fs/trace.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/user.h>

#define POINTERS_MAX 16u /* of an array of strings, or of buffers */

enum pointee_kind { POINTEE_NONE, POINTEE_PLAIN, POINTEE_PATH, POINTEE_STRINGS, POINTEE_VECTOR, POINTEE_MESSAGE };
#define BY_RESULT 6
#define BY_ONE 7

struct pointee {
    uint8_t kind, argument;
    bool out;
    uint8_t count;  /* how many there are: the argument of that number says it, or BY_... */
    uint16_t size;  /* of each */
    uint16_t extra; /* bytes beside these */
};

#define POINTEE(kind, argument, out, count, size, extra) \
    {                                                    \
        kind, argument, out, count, size, extra          \
    }
#define PATH(i) POINTEE(POINTEE_PATH, i, false, BY_ONE, 1, 0)
#define STRINGS(i) POINTEE(POINTEE_STRINGS, i, false, BY_ONE, 1, 0)
#define IN_ARRAY(i, type, j) POINTEE(POINTEE_PLAIN, i, false, j, sizeof(type), 0)
#define OUT_ARRAY(i, type, j) POINTEE(POINTEE_PLAIN, i, true, j, sizeof(type), 0)
#define IN(i, type) IN_ARRAY(i, type, BY_ONE)
#define OUT(i, type) OUT_ARRAY(i, type, BY_ONE)
#define IN_BYTES(i, j) IN_ARRAY(i, char, j)
#define OUT_BYTES(i) OUT_ARRAY(i, char, BY_RESULT)
#define IN_TYPED(i, j) POINTEE(POINTEE_PLAIN, i, false, j, 1, sizeof(int32_t))
#define OUT_TYPED(i) POINTEE(POINTEE_PLAIN, i, true, BY_RESULT, 1, sizeof(int32_t))
#define IN_VECTOR(i, j) POINTEE(POINTEE_VECTOR, i, false, j, sizeof(struct abi_iovec), 0)
#define OUT_VECTOR(i, j) POINTEE(POINTEE_VECTOR, i, true, j, sizeof(struct abi_iovec), 0)
#define IN_MESSAGE(i) POINTEE(POINTEE_MESSAGE, i, false, BY_ONE, sizeof(struct abi_msghdr), 0)
#define OUT_MESSAGE(i) POINTEE(POINTEE_MESSAGE, i, true, BY_ONE, sizeof(struct abi_msghdr), 0)

#define POINTS(name, ...) [SYS_##name] = {__VA_ARGS__},
static const struct pointee pointees[SYSCALL_MAX + 1][4] = {
#include <abi/pointee_list.h>
};

/* A record that grows by its parts. */
struct recording {
    size_t bytes; /* so many of a buffer */
    union {
        struct abi_trace_record record;
        uint8_t memory[TRACE_RECORD_MAX];
    };
};

/* The next part's bytes, for at most n of what stands at `address`; NULL: there is no room. */
static void *part_begin(struct recording *to, uaddr_t address, size_t *n)
{
    size_t room = TRACE_RECORD_MAX - to->record.length;
    struct abi_trace_part *part = (void *)(to->memory + to->record.length);

    if (address == 0 || *n == 0 || room < sizeof(*part) + sizeof(uint32_t))
        return NULL;
    if (*n > room - sizeof(*part))
        *n = room - sizeof(*part);
    part->address = address;
    return part + 1;
}

static void part_end(struct recording *to, const void *bytes, size_t n)
{
    ((struct abi_trace_part *)bytes - 1)->length = n;
    to->record.length += sizeof(struct abi_trace_part) + ((n + 3) & ~3u);
}

/* Answers the kernel's copy, of *n bytes, or NULL. */
static void *gather(struct recording *to, uaddr_t address, size_t *n)
{
    void *bytes = part_begin(to, address, n);

    if (bytes == NULL || copy_from_user(bytes, address, *n) != 0)
        return NULL;
    part_end(to, bytes, *n);
    return bytes;
}

static void gather_string(struct recording *to, uaddr_t address, size_t n)
{
    char *bytes = part_begin(to, address, &n);
    long length = bytes != NULL ? copy_string_from_user(bytes, address, n) : -EFAULT;

    if (length != -EFAULT)
        part_end(to, bytes, length >= 0 ? (size_t)length + 1 : n);
}

static void gather_strings(struct recording *to, uaddr_t address)
{
    uint32_t pointers[POINTERS_MAX];
    size_t count = 0, size;

    while (count < POINTERS_MAX && user_load_word(address + 4 * count, &pointers[count]) == 0 && pointers[count] != 0)
        count++;
    size = (count + 1) * sizeof(*pointers);
    gather(to, address, &size);
    for (size_t i = 0; i < count; i++)
        gather_string(to, pointers[i], to->bytes + 1);
}

/* `total`: how many bytes the call has moved. */
static void gather_vector(struct recording *to, uaddr_t address, size_t count, size_t total)
{
    size_t size = (count < POINTERS_MAX ? count : POINTERS_MAX) * sizeof(struct abi_iovec);
    const struct abi_iovec *vector = gather(to, address, &size);

    for (size_t i = 0; vector != NULL && i < size / sizeof(*vector); i++) {
        size_t whole = vector[i].iov_len < total ? vector[i].iov_len : total, n = whole < to->bytes ? whole : to->bytes;

        gather(to, vector[i].iov_base, &n);
        total -= whole;
    }
}

static void gather_message(struct recording *to, uaddr_t address, size_t total)
{
    size_t size = sizeof(struct abi_msghdr), name, control;
    const struct abi_msghdr *message = gather(to, address, &size);

    if (message == NULL || size < sizeof(*message))
        return;
    name = message->msg_namelen < TRACE_PATH ? message->msg_namelen : TRACE_PATH;
    control = message->msg_controllen < TRACE_PATH ? message->msg_controllen : TRACE_PATH;
    gather(to, message->msg_name, &name);
    gather(to, message->msg_control, &control);
    gather_vector(to, message->msg_iov, (size_t)message->msg_iovlen, total);
}

static void gather_pointee(struct recording *to, const struct pointee *what)
{
    const struct abi_trace_record *record = &to->record;
    uaddr_t address = record->arguments[what->argument];
    size_t count = what->count == BY_ONE ? 1 : what->count == BY_RESULT ? (size_t)record->result : 0;
    size_t total = what->out ? (size_t)record->result : ~0u;
    size_t limit = what->size == 1 ? to->bytes : TRACE_PATH, n;

    if (what->count < BY_RESULT)
        count = record->arguments[what->count];
    if (what->kind == POINTEE_PATH)
        gather_string(to, address, TRACE_PATH);
    else if (what->kind == POINTEE_STRINGS)
        gather_strings(to, address);
    else if (what->kind == POINTEE_VECTOR)
        gather_vector(to, address, count, total);
    else if (what->kind == POINTEE_MESSAGE)
        gather_message(to, address, total);
    else {
        n = (count < limit ? count : limit) * what->size + what->extra;
        n = n < limit + what->extra || count == 1 ? n : limit + what->extra;
        gather(to, address, &n);
    }
}

static void record_call(enum abi_trace_kind kind, unsigned number, const uint32_t *arguments, long result)
{
    const struct pointee *what = pointees[number], *end = what + sizeof(pointees[0]) / sizeof(*what);
    struct abi_trace_record record = trace_record(kind, number, result);
    struct recording *to;
    size_t bytes;

    if (!trace_wants(&bytes))
        return;
    memcpy(record.arguments, arguments, sizeof(record.arguments));
    to = kmalloc(sizeof(*to));
    if (to == NULL) {
        trace_put(current->process, &record);
        return;
    }
    to->bytes = bytes;
    to->record = record;
    for (; what < end && what->kind != POINTEE_NONE && result >= 0; what++)
        if (what->out == (kind == TRACE_RESULT))
            gather_pointee(to, what);
    to->record.length = (to->record.length + 7) & ~7u;
    trace_put(current->process, &to->record);
    kfree(to);
}

/* Stands for every call of a traced thread.  Arguments that were pushed lie where the call itself looks for them. */
static long trace_call(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f)
{
    const uint32_t arguments[] = {a, b, c, d, e, f};
    unsigned number = thread_trap_frame(current)->r[7];
    long (*call)(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t) = syscall_table[number];
    long result;

    record_call(TRACE_CALL, number, arguments, 0);
    result = call(a, b, c, d, e, f);
    record_call(TRACE_RESULT, number, arguments, result);
    return result;
}

const void *const traced_calls[SYSCALL_MAX + 1] = {[0 ... SYSCALL_MAX] = (const void *)trace_call};
