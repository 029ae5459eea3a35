/* sys/ucontext.h - ucontext_t, as signal handlers get it, stands in signal.h. */
#pragma once

#include <signal.h>
