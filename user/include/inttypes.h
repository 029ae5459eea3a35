/*
 * inttypes.h - newlib's, which asks by newlib's own names what there is in <stdint.h>; that is gcc's here, and whole.
 */
#pragma once

#include <stdint.h>

#ifndef __int64_t_defined
#define __int64_t_defined 1
#endif
#ifndef __int_least64_t_defined
#define __int_least64_t_defined 1
#endif
#ifndef __int_fast64_t_defined
#define __int_fast64_t_defined 1
#endif

#ifndef __have_longlong64
#define __have_longlong64 1
#endif

#include_next <inttypes.h>
