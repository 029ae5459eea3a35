/*
 * bystander.h - a process beside those that mean harm, which must not notice them.
 */
#pragma once

#include <stdbool.h>

/* Starts it. */
void bystander_start(void);
/* Waits until it has looked so many times more; false: it does not. */
bool bystander_looks(unsigned times);
/* Lets it look once more, ends it, and says in a point what it noticed. */
void bystander_end(void);
