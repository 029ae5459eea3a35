/*
 * dates.h - dates as people write them.
 */
#pragma once

#include <stdbool.h>
#include <time.h>

bool dates_parse(const char *text, struct timespec *time);
bool dates_parse_stamp(const char *text, struct timespec *time);
