/*
 * thread-by-hand.c - threads made, ended and waited for by the kernel's own calls: what a thread library is built on
 * (docs/threads.md).
 *
 *      stack_size bytes of a mapping                                     r13     TPIDRURO
 *      +----------------------------------------------------------------+-------+---------------+
 *      |                                                   <--- stack   | TLS   | struct thread |
 *      +----------------------------------------------------------------+-------+---------------+
 *
 * A thread that stands on its stack cannot tell that it does not need it any more.  So the kernel tells: it clears the
 * word `life` and wakes who waits there, after the thread has left its program for good.
 */
#include <abi/futex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { threads = 3, stack_size = 16384 };

struct thread {
    unsigned life; /* 1, then 0 */
    unsigned limit, result;
    char *memory;
} __attribute__((aligned(8)));

static __thread unsigned sum = 1000000; /* one for each thread */

extern char __tls_image[], __tls_image_size[], __tls_align[], __tls_offset[], __tls_size[]; /* linker/user.ld */

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void runs(struct thread *self)
{
    for (unsigned n = 1; n <= self->limit; n++)
        sum += n;
    self->result = sum;
    syscall(SYS_thread_exit, &self->life, NULL, 0); /* there is nowhere to return to */
}

/* A block of thread-local variables that ends at `end`; answers where it begins. */
static char *make_tls(char *end)
{
    uintptr_t align = (uintptr_t)__tls_align, size = (uintptr_t)__tls_offset + (uintptr_t)__tls_size;
    char *block = (char *)(((uintptr_t)end - size) & -align);

    memcpy(block + (uintptr_t)__tls_offset, __tls_image, (size_t)__tls_image_size); /* the rest of a new page is 0 */
    return block;
}

static struct thread *start(unsigned limit)
{
    char *memory = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *tls;
    struct thread *thread = (struct thread *)(memory + stack_size) - 1;

    if (memory == MAP_FAILED)
        fail("mmap");
    thread->memory = memory;
    thread->life = 1;
    thread->limit = limit;
    tls = make_tls((char *)thread);
    if (syscall(SYS_thread_create, runs, thread, tls, tls) < 0) /* the stack grows down from where the TLS begins */
        fail("thread_create");
    return thread;
}

static void join(struct thread *thread)
{
    while (__atomic_load_n(&thread->life, __ATOMIC_ACQUIRE) != 0)
        syscall(SYS_futex, &thread->life, FUTEX_WAIT | FUTEX_PRIVATE, 1, NULL, NULL, 0);
    printf("a thread has ended: 1000000 and the sum of 1 to %u are %u\n", thread->limit, thread->result);
    munmap(thread->memory, stack_size);
}

int main(void)
{
    struct thread *all[threads];

    for (unsigned i = 0; i < threads; i++)
        all[i] = start(1000 * (i + 1));
    for (unsigned i = 0; i < threads; i++)
        join(all[i]);
    printf("the first thread's own variable is still %u\n", sum);
    return 0;
}
