/*
 * fenv.c - the floating-point environment is one register, FPSCR: flags in bits 0 to 4, rounding in bits 22 and 23.
 *
 * The machine never traps on a floating-point exception, so raising one is setting its flag.
 */
#include <fenv.h>

#define ROUNDING FE_TOWARDZERO /* both bits */

const fenv_t __fe_default = 0;

static fenv_t read_register(void)
{
    fenv_t value;

    __asm__ volatile("vmrs %0, fpscr" : "=r"(value));
    return value;
}

/* Changes the bits of `mask` to those of `value`. */
static int change(fenv_t mask, fenv_t value)
{
    __asm__ volatile("vmsr fpscr, %0" ::"r"((read_register() & ~mask) | (value & mask)) : "memory");
    return 0;
}

int feclearexcept(int flags)
{
    return change(flags & FE_ALL_EXCEPT, 0);
}

int feraiseexcept(int flags)
{
    return change(flags & FE_ALL_EXCEPT, FE_ALL_EXCEPT);
}

int fetestexcept(int flags)
{
    return read_register() & flags & FE_ALL_EXCEPT;
}

int fegetexceptflag(fexcept_t *kept, int flags)
{
    *kept = fetestexcept(flags);
    return 0;
}

int fesetexceptflag(const fexcept_t *kept, int flags)
{
    return change(flags & FE_ALL_EXCEPT, *kept);
}

int fegetround(void)
{
    return read_register() & ROUNDING;
}

int fesetround(int direction)
{
    return direction & ~ROUNDING ? -1 : change(ROUNDING, direction);
}

int fegetenv(fenv_t *environment)
{
    *environment = read_register();
    return 0;
}

int fesetenv(const fenv_t *environment)
{
    return change(~0u, *environment);
}

int feholdexcept(fenv_t *environment)
{
    fegetenv(environment);
    return feclearexcept(FE_ALL_EXCEPT);
}

int feupdateenv(const fenv_t *environment)
{
    int flags = fetestexcept(FE_ALL_EXCEPT);

    fesetenv(environment);
    return feraiseexcept(flags);
}
