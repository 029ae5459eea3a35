/*
 * pin.h - user pages that somebody else writes to: how bytes get into the buffer of a thread that sleeps.
 *
 *      the thread that will sleep              another one, meanwhile
 *      pin_user(&pin, address, n);
 *      ... sleeps, `pin` in reach ...          pin_copy_in(&pin, uio): its own memory -> the pages
 *      pin_finish(&pin, n);
 *
 * A pinned page is brought in, is the space's own to write (copied, if it was shared since a fork), and is referenced,
 * so it stays a page of memory whatever becomes of the mapping; it is written through the kernel's linear map.  Other
 * threads of the sleeper's process may still unmap the buffer, protect it or fork: a fork gives the child a copy of a
 * pinned page at once, and pin_finish() finds out what has become of the rest.
 */
#pragma once

#include <mm/page.h>
#include <mm/user.h>

#define PIN_PAGES 17 /* 64 KiB that begin anywhere */

struct pin {
    uaddr_t address;
    uint32_t length; /* bytes, behind `address` */
    bool alone;      /* nobody else can change the space */
    unsigned count;
    struct page *pages[PIN_PAGES];
};

/* Pin as much of the running thread's memory from `address` on, n bytes at most, as can be written and as `pin` holds:
 * pin->length, perhaps 0.  May sleep. */
void pin_user(struct pin *pin, uaddr_t address, uint32_t n);
/* Copy bytes of the running thread, those of `uio`, to the start of somebody's pin, as many as there are and fit.  How
 * many, or -EFAULT: none.  May sleep. */
long pin_copy_in(const struct pin *pin, struct uio *uio);
/* By the thread that pinned: give the pages back.  The first n bytes have been written: if a page is not the one at its
 * address any more, its bytes are copied to what is.  0, or -EFAULT: that cannot be written.  May sleep. */
int pin_finish(struct pin *pin, uint32_t n);
