/*
 * signals.h - signals by name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

const char *signals_name(int number, char *room, size_t size);
bool signals_find(const char *text, int *number);
