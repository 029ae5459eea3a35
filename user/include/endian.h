/* endian.h - the order of the bytes in a word. */
#pragma once

#include <machine/endian.h>
