/*
 * fenv.h - the floating-point environment: the flags of what went wrong, and how results are rounded.
 */
#pragma once

#include <sys/cdefs.h>

/* As they stand in FPSCR. */
#define FE_INVALID 0x01
#define FE_DIVBYZERO 0x02
#define FE_OVERFLOW 0x04
#define FE_UNDERFLOW 0x08
#define FE_INEXACT 0x10
#define FE_ALL_EXCEPT 0x1f

#define FE_TONEAREST 0
#define FE_UPWARD 0x400000
#define FE_DOWNWARD 0x800000
#define FE_TOWARDZERO 0xc00000

typedef unsigned int fenv_t;
typedef unsigned int fexcept_t;

extern const fenv_t __fe_default;
#define FE_DFL_ENV (&__fe_default)

__BEGIN_DECLS
int feclearexcept(int __flags);
int fegetenv(fenv_t *__environment);
int fegetexceptflag(fexcept_t *__kept, int __flags);
int fegetround(void);
int feholdexcept(fenv_t *__environment);
int feraiseexcept(int __flags);
int fesetenv(const fenv_t *__environment);
int fesetexceptflag(const fexcept_t *__kept, int __flags);
int fesetround(int __direction);
int fetestexcept(int __flags);
int feupdateenv(const fenv_t *__environment);
__END_DECLS
