/* sys/sched.h - another name of sched.h. */
#pragma once

#include <sched.h>
