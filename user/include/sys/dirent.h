/* sys/dirent.h - another name of dirent.h. */
#pragma once

#include <dirent.h>
