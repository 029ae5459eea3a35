/*
 * user.h - user memory.
 *
 * A user address is an integer (uaddr_t).  Ranges are checked when a call comes in, before anything can block:
 * user_range_ok().  After that the copy routines use plain wide accesses; one that faults for good ends in -EFAULT.
 * No spinlock is held while user memory is touched (a fault may sleep), but for single words and short copies that may
 * fail (arch/copy.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <abi/errno.h>
#include <arch/copy.h>
#include <arch/cpu.h>
#include <arch/pgtable.h>
#include <core/debug.h>
#include <core/sanitize.h>
#include <core/wait.h>

/* n bytes from `address` lie below USER_TOP. */
static inline bool user_range_ok(uaddr_t address, size_t n)
{
    return n <= USER_TOP && address <= USER_TOP - n;
}

/* 0 or -EFAULT; they check the range themselves. Some bytes may have been copied when -EFAULT is answered. */
static inline int copy_from_user(void *to, uaddr_t from, size_t n)
{
    debug_may_sleep();
    sanitize_write(to, n);
    return user_range_ok(from, n) && copy_faultable(to, (const void *)from, n) == 0 ? 0 : -EFAULT;
}

static inline int copy_to_user(uaddr_t to, const void *from, size_t n)
{
    debug_may_sleep();
    sanitize_read(from, n);
    return user_range_ok(to, n) && copy_faultable((void *)to, from, n) == 0 ? 0 : -EFAULT;
}

/* Copy a string with its 0 byte into `to`.  Its length, or -EFAULT, or -ENAMETOOLONG where no 0 byte comes within
 * `size`. */
long copy_string_from_user(char *to, uaddr_t from, size_t size);

/* A call's timeout, decoded once when it comes in: the struct timespec at `time` as a deadline (core/wait.h), past
 * already where it is a relative 0; `time` 0: never.  0, -EFAULT or -EINVAL. */
enum deadline_kind { DEADLINE_RELATIVE, DEADLINE_MONOTONIC, DEADLINE_OF_DAY };
long deadline_read_given(uaddr_t time, enum deadline_kind kind, uint64_t *deadline);
static inline long deadline_read(uaddr_t time, enum deadline_kind kind, uint64_t *deadline)
{
    *deadline = DEADLINE_NEVER;
    return time != 0 ? deadline_read_given(time, kind, deadline) : 0;
}

/* One aligned word. 0 or -EFAULT.  They may be called with a spinlock held, too: then -EFAULT says that the page
 * cannot be accessed just now. */
int user_load_word(uaddr_t address, uint32_t *value);
int user_store_word(uaddr_t address, uint32_t value);
/* Compare-and-swap an aligned user word: *seen is what was there (equal to `expected`: it was swapped). 0 or
 * -EFAULT. */
int user_compare_and_swap(uaddr_t address, uint32_t expected, uint32_t value, uint32_t *seen);
/* Where the code of these three begins and ends. */
extern const char user_access_start[], user_access_end[];

/* The user's buffers of one read or write: a segment, and those behind it (readv, writev). */
struct uio {
    uaddr_t base; /* the current segment */
    size_t length;
    const struct abi_iovec *next; /* kernel copies of the segments behind it */
    unsigned count;               /* how many those are */
    size_t left;                  /* bytes in all */
};

static inline void uio_init(struct uio *uio, uaddr_t base, size_t n)
{
    *uio = (struct uio){.base = base, .length = n, .left = n};
}

static inline void uio_advance(struct uio *uio, size_t n)
{
    uio->base += n;
    uio->length -= n;
    uio->left -= n;
}

/* As uio_copy_in() and uio_copy_out(), from segment to segment. */
int uio_copy_parts(struct uio *uio, void *buffer, size_t n, bool out);

/* Move n <= uio->left bytes, advancing uio, whose segments were checked with user_range_ok().  0 or -EFAULT (uio stands
 * where the copy stopped, to the segment). */
static inline int uio_copy_in(struct uio *uio, void *to, size_t n)
{
    if (n > uio->length)
        return uio_copy_parts(uio, to, n, false);
    debug_may_sleep();
    sanitize_write(to, n);
    if (copy_faultable(to, (const void *)uio->base, n) != 0)
        return -EFAULT;
    uio_advance(uio, n);
    return 0;
}

static inline int uio_copy_out(struct uio *uio, const void *from, size_t n)
{
    if (n > uio->length)
        return uio_copy_parts(uio, (void *)from, n, true);
    debug_may_sleep();
    sanitize_read(from, n);
    if (copy_faultable((void *)uio->base, from, n) != 0)
        return -EFAULT;
    uio_advance(uio, n);
    return 0;
}

/* Check `count` segments and make a uio of them: 0, -EINVAL or -EFAULT. */
long uio_from_vector(struct uio *uio, const struct abi_iovec *vector, unsigned count);

/* How many bytes, up to `most`, can be handed to the user who waits with `uio`: all that fit, or none where the memory
 * cannot be written just now.  Interrupts off. */
static inline uint32_t uio_writable_now(const struct uio *uio, uint32_t most)
{
    uint32_t n = uio->left < most ? uio->left : most;
    uaddr_t last = uio->base + n - 1;

    if (uio->length < n || !user_writable_now(last))
        return 0;
    return (uio->base ^ last) < PAGE_SIZE || user_writable_now(uio->base) ? n : 0;
}

int uio_clear(struct uio *uio, size_t n);
