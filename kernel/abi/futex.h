/*
 * futex.h - operations of the futex call.
 */
#pragma once

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1
#define FUTEX_PRIVATE 128 /* or-ed in: the word is used within one process only */
