/*
 * library.c - locks of the C library's own: of streams, of malloc() and the like (user/lib/newlib_locks.c).
 *
 * The word of such a lock is the owner's TLS pointer, and a bit.  From there it is a way known to the program's linker
 * to the owner's struct thread (user/lib/pthread/thread.h), which begins with its tid.
 */
#include <reent.h>
#include <string.h>

#include "../lib/util.h"
#include "why.h"

enum { waited = 1, streams_max = 64 };

/* What a lock that is a variable of the library guards; NULL: it is none of these. */
static const char *guarded_by(const char *variable)
{
    static const struct {
        const char *variable, *guarded;
    } locks[] = {
        {"__lock___malloc_recursive_mutex", "malloc()"}, {"__lock___env_recursive_mutex", "the environment"},
        {"__lock___sfp_recursive_mutex", "all streams"}, {"__lock___sinit_recursive_mutex", "all streams"},
        {"__lock___atexit_recursive_mutex", "atexit()"}, {"__lock___at_quick_exit_mutex", "at_quick_exit()"},
        {"__lock___tz_mutex", "the time zone"},          {"__lock___dd_hash_mutex", "directories"},
        {"__lock___arc4random_mutex", "arc4random()"},
    };

    for (size_t i = 0; i < UTIL_COUNT(locks); i++)
        if (strcmp(variable, locks[i].variable) == 0)
            return locks[i].guarded;
    return NULL;
}

/* The process's stream that has its lock there, looked for in newlib's lists. */
static bool find_stream(const struct thread *thread, uint32_t lock, struct __sFILE *stream)
{
    struct _glue list;
    uint32_t address;

    if (!symbol_value(thread, "_global_impure_ptr", &address) ||
        !thread_memory(thread, address, &address, sizeof address))
        return false;
    address += offsetof(struct _reent, __sglue);
    for (unsigned left = streams_max; left > 0 && thread_memory(thread, address, &list, sizeof list);) {
        for (int i = 0; i < list._niobs && left > 0; i++, left--)
            if (thread_memory(thread, (uint32_t)(uintptr_t)(list._iobs + i), stream, sizeof *stream) &&
                (uintptr_t)stream->_lock == lock)
                return true;
        address = (uint32_t)(uintptr_t)list._next;
    }
    return false;
}

static void name_stream(struct thread *thread, const struct __sFILE *stream)
{
    static const char *const standard[] = {"stdin", "stdout", "stderr"};
    const char *file = stream->_file >= 0 ? thread_file(thread, (uint32_t)stream->_file) : "";

    if (stream->_file >= 0 && stream->_file < 3)
        say(thread, "the lock of %s", standard[stream->_file]);
    else if (*file)
        say(thread, "the lock of the stream of %s", file);
    else
        say(thread, "the lock of a stream");
}

static void find_owner(struct thread *thread, uint32_t lock)
{
    uint32_t pointer, offset, variable;
    const struct thread *owner;
    int tid;

    if (!thread_memory(thread, lock, &pointer, sizeof pointer) || (pointer &= ~waited) == 0 ||
        !symbol_value(thread, "__tls_offset", &offset) || !symbol_value(thread, "__thread_self", &variable) ||
        !thread_memory(thread, pointer + offset + variable, &tid, sizeof tid))
        return;
    owner = thread_find(tid != 0 ? tid : thread->pid); /* the first thread may not know its number yet */
    if (owner && owner->pid == thread->pid)
        held_by_thread(thread, "held by", owner->tid);
}

void library_lock_explain(struct thread *thread, uint32_t address)
{
    struct __sFILE stream;
    const char *guarded;
    char name[100];

    name_variable(thread, address, name, sizeof name);
    guarded = guarded_by(name);
    if (guarded)
        say(thread, "the C library's lock of %s", guarded);
    else if (find_stream(thread, address, &stream))
        name_stream(thread, &stream);
    else
        say(thread, "a lock of the C library's, %s", name);
    find_owner(thread, address);
}
