/*
 * memory.c - memory by lifetime.
 *
 * An arena is a list of chunks, filled from the front and freed as a whole.  Each command line is parsed into one;
 * it is counted, because functions defined on that line keep it.  One more arena, the scratch, holds what running
 * commands need for a moment (the fields of a command): it is a stack, with marks to go back to.
 *
 * A buffer is a text that grows; its owner frees it.
 *
 * Without memory a shell cannot go on: it says so and exits.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum { CHUNK_SIZE = 2000 };

struct chunk {
    struct chunk *previous;
    size_t used, size;
    _Alignas(8) char data[];
};

struct arena {
    struct chunk *chunk;
    int holders;
};

static struct arena scratch;

static void *memory_check(void *memory)
{
    if (!memory) {
        error_say("out of memory");
        _exit(2);
    }
    return memory;
}

/* malloc that succeeds. */
void *memory_get(size_t size)
{
    return memory_check(malloc(size));
}

/* strdup that succeeds. */
char *memory_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(memory_get(size), text, size);
}

/* A new arena, held once. */
struct arena *arena_new(void)
{
    struct arena *arena = memory_get(sizeof *arena);
    *arena = (struct arena){.holders = 1};
    return arena;
}

/* One more arena_drop is needed. */
void arena_hold(struct arena *arena)
{
    arena->holders++;
}

static void arena_pop(struct arena *arena)
{
    struct chunk *chunk = arena->chunk;
    arena->chunk = chunk->previous;
    free(chunk);
}

/* The last to drop it frees it. */
void arena_drop(struct arena *arena)
{
    if (--arena->holders > 0)
        return;
    while (arena->chunk)
        arena_pop(arena);
    free(arena);
}

/* size bytes, zeroed, aligned for anything. */
void *arena_get(struct arena *arena, size_t size)
{
    size = (size + 7) & ~(size_t)7;
    struct chunk *chunk = arena->chunk;
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
        chunk = memory_get(sizeof *chunk + room);
        *chunk = (struct chunk){.previous = arena->chunk, .size = room};
        arena->chunk = chunk;
    }
    void *memory = chunk->data + chunk->used;
    chunk->used += size;
    return memset(memory, 0, size);
}

/* A string of length characters of text. */
char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_get(arena, length + 1);
    return memcpy(copy, text, length);
}

/* Where the scratch memory stands now. */
struct mark scratch_mark(void)
{
    return (struct mark){scratch.chunk, scratch.chunk ? scratch.chunk->used : 0};
}

/* Frees what was taken from the scratch memory since the mark. */
void scratch_release(struct mark mark)
{
    /* The bottom chunk stays, so that a loop of small commands does not call malloc. */
    while (scratch.chunk && scratch.chunk != mark.chunk && scratch.chunk->previous)
        arena_pop(&scratch);
    if (scratch.chunk)
        scratch.chunk->used = mark.used;
}

void *scratch_get(size_t size)
{
    return arena_get(&scratch, size);
}

char *scratch_copy(const char *text, size_t length)
{
    return arena_copy(&scratch, text, length);
}

static void buffer_grow(struct buffer *b, size_t more)
{
    if (b->size - b->length > more)
        return;
    b->size = (b->size + more) * 2 + 32;
    b->data = memory_check(realloc(b->data, b->size));
}

/* Appends one character.  The text is a string at all times. */
void buffer_add(struct buffer *b, int c)
{
    buffer_grow(b, 1);
    b->data[b->length++] = (char)c;
    b->data[b->length] = '\0';
}

void buffer_append(struct buffer *b, const char *text, size_t length)
{
    buffer_grow(b, length);
    memcpy(b->data + b->length, text, length);
    b->length += length;
    b->data[b->length] = '\0';
}

void buffer_string(struct buffer *b, const char *text)
{
    buffer_append(b, text, strlen(text));
}

/* The decimal digits of number, in a static place. */
char *number_text(intmax_t number)
{
    static char text[24];
    char *at = text + sizeof text - 1;
    uintmax_t rest = number < 0 ? -(uintmax_t)number : (uintmax_t)number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        *--at = '-';
    return at;
}

/* Appends as printf does, with %s, %c, %d and %% alone: the shell is started often, and stdio is large. */
void buffer_format(struct buffer *b, const char *format, va_list arguments)
{
    for (; *format; format++) {
        if (*format != '%') {
            buffer_add(b, *format);
            continue;
        }
        switch (*++format) {
        case 's':
            buffer_string(b, va_arg(arguments, const char *));
            break;
        case 'd':
            buffer_string(b, number_text(va_arg(arguments, int)));
            break;
        case 'c':
            buffer_add(b, va_arg(arguments, int));
            break;
        default:
            buffer_add(b, *format);
        }
    }
}

/* Empty again. */
void buffer_free(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){0};
}
