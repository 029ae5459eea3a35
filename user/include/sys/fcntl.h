/* sys/fcntl.h - another name of fcntl.h. */
#pragma once

#include <fcntl.h>
