/*
 * pthread_name.c - a thread's name, for people; up to 15 bytes, as in Linux.  The kernel knows it too: /proc, ps, top
 * and why show it.
 */
#include "thread.h"
#include <string.h>

int pthread_setname_np(pthread_t id, const char *name)
{
    struct thread *thread = thread_of(id);
    struct hold hold;
    int error;

    if (strlen(name) >= sizeof(thread->name))
        return ERANGE;
    error = -__set_thread_name(__thread_hold(&hold, id), name);
    if (error == 0)
        strlcpy(thread->name, name, sizeof(thread->name));
    __thread_release(&hold);
    return error; /* Linux pthread_setname_np: ESRCH, it has ended */
}

/* One that has none yet is called as the program. */
int pthread_getname_np(pthread_t id, char *name, size_t size)
{
    const struct thread *thread = thread_of(id);
    const char *found = thread->name[0] != '\0' ? thread->name : __program_name();

    if (size <= strnlen(found, sizeof(thread->name) - 1))
        return ERANGE;
    strlcpy(name, found, size < sizeof(thread->name) ? size : sizeof(thread->name));
    return 0;
}
