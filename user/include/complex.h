/*
 * complex.h - newlib's, and what it lacks for long double, which here is double under another name.
 */
#pragma once

#include_next <complex.h>

#define __COMPLEX_LONG(__name) long double complex __name##l(long double complex __z) __asm__(#__name)

__BEGIN_DECLS
__COMPLEX_LONG(cacos);
__COMPLEX_LONG(cacosh);
__COMPLEX_LONG(casinh);
__COMPLEX_LONG(catanh);
__COMPLEX_LONG(ccos);
__COMPLEX_LONG(ccosh);
__COMPLEX_LONG(cexp);
__COMPLEX_LONG(conj);
__COMPLEX_LONG(cproj);
__COMPLEX_LONG(csin);
__COMPLEX_LONG(csinh);
__COMPLEX_LONG(ctan);
__COMPLEX_LONG(ctanh);
long double complex cpowl(long double complex __z, long double complex __exponent) __asm__("cpow");
__END_DECLS

#undef __COMPLEX_LONG
