/* sys/unistd.h - another name of unistd.h. */
#pragma once

#include <unistd.h>
