/*
 * sys/auxv.h - what the kernel told the program at its start (AT_...).
 */
#pragma once

#include <sys/cdefs.h>
#include <abi/utsname.h>

__BEGIN_DECLS
/* 0, with errno ENOENT, for a type that is not there. */
unsigned long getauxval(unsigned long __type);
__END_DECLS
