/*
 * sys/reboot.h - the end of the machine.
 */
#pragma once

#include <sys/cdefs.h>

#define REBOOT_POWEROFF 0
#define REBOOT_RESTART 1

__BEGIN_DECLS
/* `status` becomes QEMU's exit status where its runner allows that.  For root only: EPERM. */
int reboot(int __how, int __status);
__END_DECLS
