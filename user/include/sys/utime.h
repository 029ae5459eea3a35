/* sys/utime.h - another name of utime.h. */
#pragma once

#include <utime.h>
