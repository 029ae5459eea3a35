/*
 * user.c - strings, times and lists of buffers of user memory, on top of the copy routines of arch/copy.S.
 */
#include <mm/user.h>

#include <arch/cpu.h>
#include <core/timer.h>
#include <lib/string.h>

/* user_access.S tests one bit to learn that an address lies below USER_TOP. */
_Static_assert(USER_TOP == 0x80000000u, "user_access.S");

#define STRING_STEP 64u /* divides a page: one step never reaches into the next page before it must */

/* How much to read at `from` at once. */
static size_t string_step(uaddr_t from, size_t left)
{
    size_t step = STRING_STEP - from % STRING_STEP;

    return step < left ? step : left;
}

long copy_string_from_user(char *to, uaddr_t from, size_t size)
{
    size_t done = 0;

    while (done < size) {
        size_t step = string_step(from + done, size - done);
        const char *end;

        if (copy_from_user(to + done, from + done, step) != 0)
            return -EFAULT;
        end = memchr(to + done, 0, step);
        if (end != NULL)
            return end - to;
        done += step;
    }
    return -ENAMETOOLONG;
}

long deadline_read_given(uaddr_t time, enum deadline_kind kind, uint64_t *deadline)
{
    struct abi_timespec wanted;
    uint64_t ns;

    if (copy_from_user(&wanted, time, sizeof(wanted)) != 0)
        return -EFAULT;
    if (!timespec_valid(&wanted, &ns))
        return -EINVAL;
    if (kind == DEADLINE_OF_DAY)
        *deadline = deadline_from_realtime(ns);
    else if (kind == DEADLINE_MONOTONIC)
        *deadline = deadline_from_monotonic(ns);
    else
        *deadline = ns == 0 ? 0 : deadline_after(counter_read(), ns);
    return 0;
}

long uio_from_vector(struct uio *uio, const struct abi_iovec *vector, unsigned count)
{
    uint32_t total = 0;

    for (unsigned i = 0; i < count; i++) {
        if (vector[i].iov_len > INT32_MAX - total)
            return -EINVAL; /* POSIX readv, writev: EINVAL */
        total += vector[i].iov_len;
    }
    for (unsigned i = 0; i < count; i++)
        if (!user_range_ok(vector[i].iov_base, vector[i].iov_len))
            return -EFAULT;
    *uio = (struct uio){.next = vector, .count = count, .left = total};
    return 0;
}

/* Step over segments that are used up.  Answers how much of n lies in the current one. */
static size_t uio_segment(struct uio *uio, size_t n)
{
    while (uio->length == 0) {
        uio->base = uio->next->iov_base;
        uio->length = uio->next->iov_len;
        uio->next++;
        uio->count--;
    }
    return n < uio->length ? n : uio->length;
}

int uio_copy_parts(struct uio *uio, void *buffer, size_t n, bool out)
{
    while (n > 0) {
        size_t part = uio_segment(uio, n);

        if ((out ? copy_to_user(uio->base, buffer, part) : copy_from_user(buffer, uio->base, part)) != 0)
            return -EFAULT;
        uio_advance(uio, part);
        buffer = (char *)buffer + part;
        n -= part;
    }
    return 0;
}

int uio_clear(struct uio *uio, size_t n)
{
    while (n > 0) {
        size_t part = uio_segment(uio, n);

        if (!user_range_ok(uio->base, part) || clear_faultable((void *)uio->base, part) != 0)
            return -EFAULT;
        uio_advance(uio, part);
        n -= part;
    }
    return 0;
}
