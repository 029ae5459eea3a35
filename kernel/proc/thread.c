/*
 * thread.c - a thread's making, its end, and its memory.
 *
 * A thread is one object: struct thread and, for user threads, room for its VFP registers, with a kernel stack beside
 * it. It is visible in two places: the table of ids (processes_lock) and its process's list of threads (signal_lock).
 *
 * How a thread ends, on its own stack: it leaves the user's space, then its process's list (exit.c); what can be done
 * only when it stands on its stack no more - freeing the stack, making its process a zombie - is done by
 * process_thread_gone(), which the scheduler calls on the next thread's stack.
 */
#include <fs/file.h>
#include <fs/trace.h>
#include <ipc/signal.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/space.h>
#include <proc/life.h>

struct thread_memory {
    struct thread thread;
    struct vfp_state vfp;
};

OBJECT_CACHE(thread_cache, "thread", sizeof(struct thread_memory));

struct thread *thread_alloc(bool user)
{
    struct thread_memory *memory = cache_alloc(&thread_cache);
    struct thread *thread;

    if (memory == NULL)
        return NULL;
    thread = &memory->thread;
    thread->stack = kernel_stack_alloc(&thread->stack_slot);
    if (thread->stack == NULL) {
        cache_free(&thread_cache, memory);
        return NULL;
    }
    if (user)
        thread->vfp = &memory->vfp;
    list_init(&thread->pending.queue);
    thread->blocked = SIGNALS_AWAITED_ONLY;
    return thread;
}

void thread_free(struct thread *thread)
{
    kernel_stack_free(thread->stack, thread->stack_slot);
    cache_free(&thread_cache, container_of(thread, struct thread_memory, thread));
}

void thread_inherit(struct thread *thread)
{
    struct thread *self = current;

    thread->affinity = self->affinity;
    memcpy(thread->name, self->name, sizeof(thread->name));
    if (self->policy != SCHED_OTHER || self->nice != 0)
        sched_set_policy(thread, self->policy, self->own_priority, self->nice);
}

void thread_enter(struct thread *thread, int tid, struct process *process)
{
    debug_lock_held(&processes_lock);
    thread->tid = tid;
    thread->process = process;
    id_find(tid)->thread = thread;
    if (process == NULL)
        return;
    process->stacks++;
    spin_lock(&process->signal_lock);
    thread->calls = trace_calls(process);
    process->thread_count++;
    list_add_tail(&process->threads, &thread->process_link);
    cpu_time_enter(thread);
    spin_unlock(&process->signal_lock);
}

void thread_start_at(struct thread *thread, uaddr_t entry, uint32_t argument, uaddr_t stack)
{
    *thread_trap_frame(thread) = (struct trap_frame){
        .r = {argument},
        .sp = stack,
        .pc = entry & ~1u,
        .psr = PSR_USER | (entry & 1 ? PSR_THUMB : 0),
    };
}

/* Enter the new thread, unless its process (NULL: a kernel thread) is about to end, and have it scheduled.  Its tid, or
 * -EAGAIN: it has been freed. */
static int begin(struct thread *thread, struct process *process)
{
    int tid = 0;

    spin_lock(&processes_lock);
    if (process == NULL)
        tid = id_reserve();
    else if (!process->exiting)
        tid = id_charge(process);
    if (tid != 0) {
        thread_enter(thread, tid, process);
        thread_trap_frame(thread)->r[1] = (uint32_t)tid;
    }
    spin_unlock(&processes_lock);
    if (tid == 0) {
        thread_free(thread);
        return -EAGAIN; /* POSIX pthread_create: EAGAIN */
    }
    sched_add(thread);
    return tid;
}

long thread_create(uaddr_t entry, uint32_t argument, uaddr_t stack, uint32_t tls)
{
    struct process *process = current->process;
    struct thread *thread = thread_alloc(true);

    if (thread == NULL)
        return -ENOMEM;
    thread_init_user(thread, thread->stack);
    thread_inherit(thread);
    thread_start_at(thread, entry, argument, stack);
    thread->tls = tls;
    thread->mmu = current->mmu;
    thread->blocked = current->blocked & ~SIGNALS_CANCEL;
    if (!process->files->shared)
        file_table_share(process->files);
    return begin(thread, process);
}

struct thread *kernel_thread_create(const char *name, void (*entry)(void *), void *argument)
{
    struct thread *thread = thread_alloc(false);

    if (thread == NULL)
        return NULL;
    thread_init(thread, thread->stack, entry, argument);
    strlcpy(thread->name, name, sizeof(thread->name));
    return begin(thread, NULL) > 0 ? thread : NULL;
}
