/*
 * thread_memory.c - the memory of threads: stack, guard and thread-local variables in one mapping (thread.h draws it),
 * and a few mappings of ended threads, kept for the next ones.
 *
 * A thread that ends detached puts its own mapping here, on which it still stands; it may be used when the kernel has
 * cleared `life`.
 */
#include "../lock.h"
#include "memory.h"
#include <limits.h>
#include <string.h>
#include <sys/mman.h>

#define KEPT_MAX 16

extern char __tls_image[], __tls_image_size[], __tls_align[], __tls_offset[], __tls_size[]; /* linker/user.ld */

volatile unsigned __threads_alive = 1;
volatile bool __threads_hidden;

volatile int __thread_memory_lock; /* guards what is kept */
static struct thread *kept;        /* linked through `argument` */
static unsigned kept_count;

static size_t tls_size(void)
{
    return (size_t)__tls_offset + (size_t)__tls_size;
}

/* How far the thread's descriptor lies from its thread pointer: as far as in the running thread. */
static ptrdiff_t descriptor_offset(void)
{
    return (char *)thread_self() - (char *)__builtin_thread_pointer();
}

void *__thread_memory_pointer(struct thread *thread)
{
    return (char *)thread - descriptor_offset();
}

/* The descriptor of a thread whose memory ends at `end`. */
static struct thread *descriptor_at(char *end)
{
    char *pointer = (char *)(((uintptr_t)end - tls_size()) & -(uintptr_t)__tls_align);

    return (struct thread *)(pointer + descriptor_offset());
}

/* The thread-local variables of a thread, which are all 0. */
static void start_variables(struct thread *thread)
{
    if ((size_t)__tls_image_size != 0)
        memcpy((char *)__thread_memory_pointer(thread) + (size_t)__tls_offset, __tls_image, (size_t)__tls_image_size);
}

/* The same for memory that had another use. */
static void restart_variables(struct thread *thread)
{
    memset(__thread_memory_pointer(thread), 0, tls_size());
    start_variables(thread);
}

static struct thread *take_kept(size_t map_size, size_t guard_size)
{
    struct thread **place, *found;

    lock_acquire(&__thread_memory_lock);
    for (place = &kept; (found = *place) != NULL; place = (struct thread **)&found->argument) {
        if (found->life == 0 && found->map_size == map_size && found->guard_size == guard_size) {
            *place = found->argument;
            kept_count--;
            break;
        }
    }
    lock_release(&__thread_memory_lock);
    return found;
}

static struct thread *map_memory(size_t map_size, size_t guard_size)
{
    int saved = errno;
    char *map = mmap(NULL, map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map != MAP_FAILED && guard_size != 0 && mprotect(map, guard_size, PROT_NONE) == -1) {
        munmap(map, map_size);
        map = MAP_FAILED;
    }
    errno = saved;
    return map != MAP_FAILED ? descriptor_at(map + map_size) : NULL;
}

static size_t round_up(size_t size)
{
    return (size + PARLEY_PAGE_SIZE - 1) & -PARLEY_PAGE_SIZE;
}

static struct thread *get_library_stack(const struct attributes *attributes)
{
    size_t guard_size = round_up(attributes->guard_size);
    size_t map_size = guard_size + round_up(attributes->stack_size + tls_size());
    struct thread *thread = take_kept(map_size, guard_size);
    char *map;

    if (thread != NULL) {
        map = thread->map;
        restart_variables(thread);
    } else {
        thread = map_memory(map_size, guard_size);
        if (thread == NULL)
            return NULL;
        map = (char *)(((uintptr_t)thread + PARLEY_PAGE_SIZE) & -PARLEY_PAGE_SIZE) - map_size;
        start_variables(thread);
    }
    thread->map = map;
    thread->map_size = map_size;
    thread->guard_size = guard_size;
    thread->stack = map + guard_size;
    thread->stack_size = map_size - guard_size;
    return thread;
}

static struct thread *use_callers_stack(const struct attributes *attributes)
{
    struct thread *thread = descriptor_at(attributes->stack + attributes->stack_size);

    if (tls_size() + PTHREAD_STACK_MIN / 2 > attributes->stack_size)
        return NULL;
    restart_variables(thread);
    thread->stack = attributes->stack;
    thread->stack_size = attributes->stack_size;
    return thread;
}

struct thread *__thread_memory_get(const struct attributes *attributes)
{
    return attributes->stack != NULL ? use_callers_stack(attributes) : get_library_stack(attributes);
}

bool __thread_memory_keep(struct thread *thread)
{
    bool keeps;

    if (thread->map == NULL)
        return false;
    lock_acquire(&__thread_memory_lock);
    keeps = kept_count < KEPT_MAX;
    if (keeps) {
        thread->argument = kept;
        kept = thread;
        kept_count++;
    }
    lock_release(&__thread_memory_lock);
    return keeps;
}

void __thread_memory_forked(void)
{
    for (struct thread *thread = kept; thread != NULL; thread = thread->argument)
        thread->life = 0;
}

void __thread_memory_put(struct thread *thread)
{
    if (!__thread_memory_keep(thread) && thread->map != NULL)
        munmap(thread->map, thread->map_size);
}
