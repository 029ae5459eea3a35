/*
 * ucontext.h - contexts: where a program stands, as signal handlers get it too.  The structure stands in signal.h.
 */
#pragma once

#include <signal.h>

__BEGIN_DECLS
int getcontext(ucontext_t *__context);
int setcontext(const ucontext_t *__context);
void makecontext(ucontext_t *__context, void (*__function)(void), int __count, ...);
int swapcontext(ucontext_t *__restrict __from, const ucontext_t *__restrict __to);
__END_DECLS
