/*
 * syscall.h - the numbers of the system calls, from the one list.
 */
#pragma once

#define SYSCALL(number, name, arguments, restart, parameters) SYS_##name = (number),
enum syscall_number {
#include <abi/syscall_list.h>
};
#undef SYSCALL

#define SYSCALL_MAX 179

/* reboot(2): how, and the exit status that QEMU ends with (where the runner turned semihosting on). */
#define REBOOT_POWEROFF 0
#define REBOOT_RESTART 1
