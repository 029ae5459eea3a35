/*
 * targets.h - the operands of cp, mv and ln.
 */
#pragma once

#include <stdbool.h>

char *targets_join(const char *directory, const char *path);
int targets_each(int count, char **operands, bool into_directory, bool (*visit)(const char *from, const char *to));
