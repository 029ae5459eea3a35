/* sys/syslimits.h - the limits stand in limits.h. */
#pragma once

#include <limits.h>
