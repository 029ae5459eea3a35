/*
 * sys/file.h - flock(); LOCK_SH and its kin are in abi/fcntl.h.
 */
#pragma once

#include <fcntl.h>

__BEGIN_DECLS
int flock(int __fd, int __operation);
__END_DECLS
