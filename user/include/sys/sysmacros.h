/*
 * sys/sysmacros.h - the two parts of a device number.
 */
#pragma once

#define major(__device) ((unsigned)(__device) >> 8)
#define minor(__device) ((unsigned)(__device)&0xff)
#define makedev(__major, __minor) ((unsigned)(__major) << 8 | ((unsigned)(__minor)&0xff))
