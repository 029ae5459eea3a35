/*
 * machine/setjmp.h - the buffers of setjmp and sigsetjmp.
 *
 * What a function must keep is kept: r4 to r11, sp, lr, and d8 to d15 of the floating-point unit.  The signal mask
 * behind them belongs to sigsetjmp.  The size is fixed with some words to spare.
 */
#pragma once

#include <sys/cdefs.h>

#define _JBLEN 32

typedef long long jmp_buf[_JBLEN / 2];

#if __POSIX_VISIBLE
typedef long long sigjmp_buf[_JBLEN / 2];

__BEGIN_DECLS
int sigsetjmp(sigjmp_buf __env, int __savemask);
void siglongjmp(sigjmp_buf __env, int __value) __dead2;
int _setjmp(jmp_buf __env);
void _longjmp(jmp_buf __env, int __value) __dead2;
__END_DECLS
#endif
