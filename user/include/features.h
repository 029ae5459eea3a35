/* features.h - where the GNU C library has what sys/features.h has here. */
#pragma once

#include <sys/features.h>
