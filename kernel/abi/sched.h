/*
 * sched.h - scheduling policies and priorities.
 */
#pragma once

#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_PRIORITY_MIN 1
#define SCHED_PRIORITY_MAX 32
