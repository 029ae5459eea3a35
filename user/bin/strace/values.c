/*
 * values.c - arguments that are numbers, strings and buffers.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/stat.h>

#include "strace.h"

const void *call_memory(const struct call *call, uint32_t address, size_t size, size_t *length)
{
    const struct abi_trace_record *records[] = {call->result, call->entry};

    for (int i = 0; i < 2; i++) {
        const char *from = (const char *)(records[i] + 1), *end = (const char *)records[i];

        for (end += records[i] ? records[i]->length : 0; records[i] && from + sizeof(struct abi_trace_part) <= end;) {
            const struct abi_trace_part *part = (const void *)from;

            if (part->address == address && part->length >= size && part->length > 0) {
                *length = part->length;
                return part + 1;
            }
            from += sizeof(*part) + ((part->length + 3) & ~3u);
        }
    }
    return NULL;
}

const void *structure(const struct call *call, unsigned i, size_t size)
{
    size_t length;
    const void *memory = call_memory(call, argument(call, i), size, &length);

    if (!memory)
        say_address(argument(call, i));
    return memory;
}

void number(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say("%d", (int)argument(call, i));
}

void number_unsigned(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say("%lu", (unsigned long)argument(call, i));
}

void octal(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say("%#lo", (unsigned long)argument(call, i));
}

void say_address(uint32_t value)
{
    if (value == 0)
        say("NULL");
    else
        say("%#lx", (unsigned long)value);
}

void address(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_address(argument(call, i));
}

/* 64 bits, in this argument and the next. */
void offset(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say("%lld", (long long)((uint64_t)argument(call, i + 1) << 32 | argument(call, i)));
}

/* Half of an offset, or nothing at all. */
void skip(const struct call *call, unsigned i, const struct name *names)
{
    (void)call;
    (void)i;
    (void)names;
}

void names(const struct call *call, unsigned i, const struct name *of)
{
    say_names(of, argument(call, i));
}

void signal_number(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_signal((int)argument(call, i));
}

void directory(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    if ((int)argument(call, i) == AT_FDCWD)
        say("AT_FDCWD");
    else
        say("%d", (int)argument(call, i));
}

/* A string, of which so many bytes are shown. */
static void say_string(const struct call *call, uint32_t value, size_t most)
{
    size_t length, n;
    const char *text = call_memory(call, value, 1, &length);

    if (!text) {
        say_address(value);
        return;
    }
    n = strnlen(text, length);
    say_quoted(text, n < most ? n : most, n == length || n > most);
}

void say_path(const struct call *call, uint32_t value)
{
    say_string(call, value, TRACE_PATH);
}

void path(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_path(call, argument(call, i));
}

void say_buffer(const struct call *call, uint32_t value, size_t whole)
{
    size_t length;
    const void *bytes = call_memory(call, value, 1, &length);

    if (value != 0 && (whole == 0 || options.length == 0))
        say_quoted("", 0, whole > 0);
    else if (!bytes)
        say_address(value);
    else
        say_quoted(bytes, length < whole ? length : whole, length < whole);
}

/* As many bytes as the next argument says. */
void buffer_in(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_buffer(call, argument(call, i), argument(call, i + 1));
}

/* As many as the result says. */
void buffer_out(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    if (call->result && call->result->result >= 0)
        say_buffer(call, argument(call, i), (size_t)call->result->result);
    else
        say_address(argument(call, i));
}

static void say_typed(const struct call *call, uint32_t value, size_t whole)
{
    size_t length;
    const char *bytes = call_memory(call, value, sizeof(int32_t), &length);
    int32_t type;

    if (!bytes) {
        say_address(value);
        return;
    }
    memcpy(&type, bytes, sizeof(type));
    length -= sizeof(type);
    say("{mtype=%ld, mtext=", (long)type);
    say_quoted(bytes + sizeof(type), length < whole ? length : whole, length < whole);
    say("}");
}

void typed_in(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_typed(call, argument(call, i), argument(call, i + 1));
}

void typed_out(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    if (call->result && call->result->result >= 0)
        say_typed(call, argument(call, i), (size_t)call->result->result);
    else
        say_address(argument(call, i));
}

/* The mode of a file that may be made; the flags stand before it. */
void open_mode(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    if (argument(call, i - 1) & (O_CREAT | O_TMPFILE))
        say("%#lo", (unsigned long)argument(call, i));
}

/* A type and permissions. */
void file_mode(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_names(file_types, argument(call, i) & S_IFMT);
    say("|%#lo", (unsigned long)(argument(call, i) & ~(uint32_t)S_IFMT));
}

/* Flags, and permissions in the lowest nine bits. */
void ipc_mode(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    if (argument(call, i) >> 9 != 0) {
        say_names(ipc_flags, argument(call, i) & ~0777u);
        say("|");
    }
    say("%#lo", (unsigned long)argument(call, i) & 0777);
}

void key(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say(argument(call, i) == IPC_PRIVATE ? "IPC_PRIVATE" : "%#lx", (unsigned long)argument(call, i));
}

/* The arguments of a program. */
void strings(const struct call *call, unsigned i, const struct name *names)
{
    size_t length, count;
    const uint32_t *pointers = call_memory(call, argument(call, i), sizeof(uint32_t), &length);

    (void)names;
    if (!pointers) {
        say_address(argument(call, i));
        return;
    }
    say("[");
    for (count = 0; count < length / sizeof(*pointers) && pointers[count] != 0; count++) {
        say(count > 0 ? ", " : "");
        if (count + 1 == length / sizeof(*pointers))
            say("...");
        else
            say_string(call, pointers[count], (size_t)options.length);
    }
    say("]");
}
