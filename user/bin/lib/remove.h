/*
 * remove.h - removing a file or a tree.
 */
#pragma once

#include <stdbool.h>

bool remove_tree(const char *path);
