/*
 * command.h - commands that a test gives to the shell, and points about what they print.
 */
#pragma once

/* What the last command printed, at most 8 KiB. */
extern char output[8192];

/* Runs a command; answers what it prints, errors aside. */
const char *output_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A point: the output has this, or has not; shown when it is wrong. */
void has(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));
void has_not(const char *what, const char *text);
