/*
 * syscalls.h - sys_NAME() for every line of abi/syscall_list.h.  The function stands where its work is done; its
 * contract is POSIX's or Linux's of that name, with user addresses in the place of pointers.  All may sleep.
 */
#pragma once

#include <abi/types.h>
#include <arch/pgtable.h>

#define SYSCALL(number, name, arguments, restart, parameters) long sys_##name parameters;
#include <abi/syscall_list.h>
#undef SYSCALL

/* sys/trap.c: the same by number. */
extern const void *const syscall_table[];
