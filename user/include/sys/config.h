/*
 * sys/config.h - how newlib is set up for Parley: every thread has a struct _reent of its own (errno and the other
 * static buffers of the C library), which __getreent() finds through the thread's TLS pointer.
 */
#pragma once

#define __DYNAMIC_REENT__

#include_next <sys/config.h>
