/*
 * mode.h - file modes as people write and read them.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

void mode_string(mode_t mode, char text[11]);
char mode_type_letter(mode_t mode);
char mode_type_mark(mode_t mode);
const char *mode_type_name(mode_t mode);
bool mode_parse(const char *text, mode_t old, mode_t umask, mode_t *mode);
