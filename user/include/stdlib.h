/*
 * stdlib.h - newlib's, and what POSIX adds: the macros on what system() answers.
 */
#pragma once

#include_next <stdlib.h>

#if __XSI_VISIBLE || __MISC_VISIBLE
#include <sys/_waitstatus.h>
#endif
