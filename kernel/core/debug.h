/*
 * debug.h - the checks of debug builds (make DEBUG=1), and their empty forms for the others.  It is the one place of
 * the kernel where CONFIG_DEBUG is asked for.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct spinlock;

/* A wrong kernel, never a wrong user: says who, what and what was expected, and stops the machine. */
void panic(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#define kassert(condition)                                               \
    do {                                                                 \
        if (__builtin_expect(!(condition), 0))                           \
            panic("%s:%d: expected %s", __FILE__, __LINE__, #condition); \
    } while (0)

void debug_lock_before(struct spinlock *lock); /* rank order, not held already */
void debug_lock_after(struct spinlock *lock);
void debug_unlock(struct spinlock *lock); /* held by this CPU */
void debug_lock_held(const struct spinlock *lock);
void debug_may_sleep(void); /* no spinlock held, interrupts on */

/* lock_use.c.  How all locks of one name were used; times in ticks. */
struct lock_use {
    const char *name; /* NULL: there is none in this place */
    unsigned rank;
    uint32_t taken, waited; /* how often; and how often it was held by another CPU */
    uint64_t total, longest;
};
void debug_lock_wait(const struct spinlock *lock);  /* is about to be taken */
void debug_lock_taken(const struct spinlock *lock); /* is taken */
/* The sums in place number 0, 1 ...; false: there are no more places. */
bool debug_lock_use(unsigned number, struct lock_use *sum);

/* True: the allocation that asks shall fail.  It is the n-th one of a session, as /proc/sys/debug/fail_session and
 * fail_nth were told, which debug_controls() makes with `add`. */
bool debug_fail_allocation(void);
void debug_controls(void (*add)(const char *path, uint32_t *value, uint32_t lowest, uint32_t highest));

/* One that the checks shall find, if the boot argument mistake=NAME asks for it (tests/kernel/mistakes.c). */
void debug_make_mistake(void);

/* The spinlocks that this CPU holds, a line each (print: log_emergency). */
void debug_locks_print(void (*print)(const char *format, ...));

#if CONFIG_DEBUG
#define debug_build true
#define debug_assert(condition) kassert(condition)
#else
#define debug_build false
#define debug_lock_before(lock) ((void)0)
#define debug_lock_after(lock) ((void)0)
#define debug_unlock(lock) ((void)0)
#define debug_lock_held(lock) ((void)0)
#define debug_may_sleep() ((void)0)
#define debug_lock_use(number, sum) ((void)(sum), false)
#define debug_fail_allocation() false
#define debug_controls(add) ((void)0)
#define debug_make_mistake() ((void)0)
#define debug_locks_print(print) ((void)0)
#define debug_assert(condition) ((void)sizeof(condition))
#endif
