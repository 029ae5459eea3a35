/*
 * sched.h - scheduling policies and priorities.
 */
#pragma once

#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_PRIORITY_MIN 1
#define SCHED_PRIORITY_MAX 32
#define SCHED_SLICE 4000000 /* nanoseconds that SCHED_RR lets a thread run among its equals */
