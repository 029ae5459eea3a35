/*
 * bystander.h - a process beside those that mean harm, which must not notice them.
 */
#pragma once

/* Starts it. */
void bystander_start(void);
/* Lets it look once more, ends it, and says in a point what it noticed. */
void bystander_end(void);
