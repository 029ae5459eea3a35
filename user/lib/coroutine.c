/*
 * coroutine.c - coroutines on swapcontext (docs/coroutines.md).
 *
 * One mapping for each, with what is known of it at the end, where a stack that grows too far does not come:
 *
 *      +-----------+-----------------------------------------+------------------+
 *      | no access |                             <--- stack  | struct coroutine |
 *      +-----------+-----------------------------------------+------------------+
 *
 * Those that are on their way stand in a chain: `running` has been resumed by `running->resumer`, and so on to NULL,
 * the thread itself.  There are no locks: a coroutine is one thread's, and `running` is each thread's own.
 */
#include "libc.h"
#include <coroutine.h>
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>

#define STACK_SIZE_DEFAULT (64 * 1024u)
#define GUARD_SIZE PARLEY_PAGE_SIZE

struct coroutine {
    ucontext_t here, back; /* where it goes on; where its resumer does */
    struct coroutine *resumer;
    enum coroutine_state state;
    pthread_t thread;
    void *(*function)(void *);
    void *value; /* what is handed over, either way */
    void *map;
    size_t map_size;
};

static __thread struct coroutine *running;

/* The function's end is uc_link's beginning: its resumer's. */
static void begin(void)
{
    struct coroutine *self = running;

    self->value = self->function(self->value);
    self->state = COROUTINE_FINISHED;
}

static struct coroutine *map_memory(size_t size)
{
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct coroutine *made;

    if (map == MAP_FAILED)
        return NULL;
    if (mprotect(map, GUARD_SIZE, PROT_NONE) == -1) {
        munmap(map, size);
        return NULL;
    }
    made = (struct coroutine *)(map + size) - 1;
    made->map = map;
    made->map_size = size;
    return made;
}

int coroutine_create(struct coroutine **made, void *(*function)(void *), size_t stack_size)
{
    size_t wanted = stack_size != 0 ? stack_size : STACK_SIZE_DEFAULT;
    size_t size = GUARD_SIZE + ((wanted + sizeof **made + PARLEY_PAGE_SIZE - 1) & -PARLEY_PAGE_SIZE);
    struct coroutine *self;
    int saved = errno;

    if (wanted < PTHREAD_STACK_MIN)
        return EINVAL;
    self = size > wanted ? map_memory(size) : NULL;
    errno = saved;
    if (self == NULL)
        return ENOMEM;
    self->function = function;
    self->thread = pthread_self();
    getcontext(&self->here);
    self->here.uc_stack.ss_sp = (char *)self->map + GUARD_SIZE;
    self->here.uc_stack.ss_size = (size_t)((char *)self - (char *)self->here.uc_stack.ss_sp);
    self->here.uc_link = &self->back;
    makecontext(&self->here, begin, 0);
    *made = self;
    return 0;
}

int coroutine_resume(struct coroutine *coroutine, void *value, void **answer)
{
    struct coroutine *resumer = running;

    if (coroutine->thread != pthread_self())
        return EPERM;
    if (coroutine->state == COROUTINE_FINISHED)
        return ESRCH;
    if (coroutine->state != COROUTINE_SUSPENDED)
        return EDEADLK;
    if (resumer != NULL)
        resumer->state = COROUTINE_WAITING;
    coroutine->resumer = resumer;
    coroutine->state = COROUTINE_RUNNING;
    coroutine->value = value;
    running = coroutine;
    swapcontext(&coroutine->back, &coroutine->here);
    running = resumer;
    if (resumer != NULL)
        resumer->state = COROUTINE_RUNNING;
    if (answer != NULL)
        *answer = coroutine->value;
    return 0;
}

int coroutine_yield(void *value, void **answer)
{
    struct coroutine *self = running;

    if (self == NULL)
        return EPERM;
    self->state = COROUTINE_SUSPENDED;
    self->value = value;
    swapcontext(&self->here, &self->back);
    if (answer != NULL)
        *answer = self->value;
    return 0;
}

enum coroutine_state coroutine_state(const struct coroutine *coroutine)
{
    return coroutine->state;
}

struct coroutine *coroutine_self(void)
{
    return running;
}

int coroutine_destroy(struct coroutine *coroutine)
{
    int saved = errno;

    if (coroutine->state == COROUTINE_RUNNING || coroutine->state == COROUTINE_WAITING)
        return EBUSY;
    munmap(coroutine->map, coroutine->map_size);
    errno = saved;
    return 0;
}
