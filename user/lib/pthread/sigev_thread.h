/*
 * sigev_thread.h - events that are told by calling a function in a thread of its own (SIGEV_THREAD): for timers and
 * message queues.
 */
#pragma once

#include "../sigset.h"
#include "memory.h"

/* What an event belongs to: a timer or a queue, with its number. */
enum sigev_kind { SIGEV_OF_TIMER = 1, SIGEV_OF_QUEUE };

/* Remember what is to be called, and see that there is a thread that waits for SIGEVENT.  *kernel: the event to give to
 * the kernel.  A name of the event, or -1 with errno = EAGAIN. */
int __sigev_thread_enter(const struct sigevent *event, enum sigev_kind kind, struct sigevent *kernel);
/* The number is known; whatever event it had before is forgotten. */
void __sigev_thread_keep(int name, enum sigev_kind kind, int number);
/* Forget an event by its name, or by its number. */
void __sigev_thread_drop(int name);
void __sigev_thread_forget(enum sigev_kind kind, int number);
