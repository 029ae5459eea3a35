/*
 * sys/_waitstatus.h - what a child's status says, for sys/wait.h and stdlib.h.
 */
#pragma once

#include <abi/wait.h>

#define WEXITSTATUS(__status) (((__status) >> 8) & 0xff)
#define WTERMSIG(__status) ((__status)&0x7f)
#define WSTOPSIG(__status) WEXITSTATUS(__status)
#define WIFEXITED(__status) (WTERMSIG(__status) == 0)
#define WIFSIGNALED(__status) (((__status)&0xffff) - 1u < 0xffu)
#define WIFSTOPPED(__status) (((__status)&0xff) == 0x7f)
#define WIFCONTINUED(__status) ((__status) == W_CONTINUED)
#if __MISC_VISIBLE
#define WCOREDUMP(__status) ((__status)&0x80)
#endif
