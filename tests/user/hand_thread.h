/*
 * hand_thread.h - threads of the test's process by the kernel's own calls, for tests of the kernel: no thread library
 * stands between.
 *
 * They share the first thread's TLS: an entry function touches neither errno nor the library's state, calls the kernel
 * by plain_call() (ask.h), and ends by returning.
 */
#pragma once

#include <stdbool.h>

enum { hand_threads_max = 8, hand_stack_size = 16384 };

/* Start entry(argument) as thread number `slot`, which runs no more or never did.  Its tid, or -errno. */
int hand_start(unsigned slot, void (*entry)(int), int argument);
/* The same, where a test without it makes no sense. */
int hand_start_or_give_up(unsigned slot, void (*entry)(int), int argument);
/* Has it left its stack, or was it never started? */
bool hand_has_ended(unsigned slot);
/* Have all? For tap_until(); the context is not used. */
bool hand_all_ended(void *unused);
/* Wait for its end. */
void hand_join(unsigned slot);
