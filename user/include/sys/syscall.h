/*
 * sys/syscall.h - the numbers of the system calls (SYS_...), for syscall().
 */
#pragma once

#include <abi/syscall.h>
