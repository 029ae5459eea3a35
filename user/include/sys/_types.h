/*
 * sys/_types.h - newlib's file of the same name, but for the one type that it does not let machine/_types.h choose:
 * a link count of 32 bits instead of 16.
 */
#pragma once

#define __nlink_t __newlib_nlink_t
#include_next <sys/_types.h>
#undef __nlink_t

typedef __uint32_t __nlink_t;
