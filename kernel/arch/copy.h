/*
 * copy.h - wide copies.  They stop at an access that faults for good and say how much is missing.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Copy n bytes.  Either side may be user memory whose range the caller has checked.  Answers 0, or how many bytes
 * could not be copied because the fault could not be mended.  May sleep where user memory is touched.
 *
 * Up to COPY_SHORT bytes may also be copied with a spinlock held: then it does not sleep, and bytes are missing where
 * the user's page cannot be accessed at this moment. */
size_t copy_faultable(void *to, const void *from, size_t n);
#define COPY_SHORT 255u
/* Where the code for these ends. */
extern const char copy_short_end[];

/* Clear n bytes of user memory or kernel memory; as above. */
size_t clear_faultable(void *to, size_t n);

/* The words of a struct abi_signal_frame that say something, into user memory whose range the caller has checked:
 * `parts` is a struct signal_parts (ipc/signal.h), `registers` r[0] to psr of a trap frame.  0, or not 0: it faulted
 * for good.  May sleep. */
size_t signal_store_faultable(void *to, const void *parts, const void *registers);
/* What a struct abi_ucontext in user memory says, but for the VFP registers, into a struct saved_context
 * (ipc/signal_frame.c); as above. */
size_t context_load_faultable(void *to, const void *from);

/* d[] and fpscr of a struct vfp_state in user memory, whose range the caller has checked, from and to the unit, which
 * vfp_use() has turned on; storing puts two words in front.  0, or not 0: it faulted for good.  May sleep; the unit
 * then keeps what is the thread's. */
size_t vfp_store_faultable(void *to, uint64_t head);
size_t vfp_load_faultable(const void *from);

/* Whole pages in the linear map, 4 KiB aligned; never fault. */
void page_copy(void *to, const void *from);
void page_clear(void *to);
