/*
 * process_timer.h - a process's timers: those that timer_create() makes, and the three of setitimer().
 * ipc/process_timer.c works on them; the process's signal_lock guards them.
 */
#pragma once

#include <core/cpu_time.h>
#include <core/pending.h>
#include <core/timer.h>

#define POSIX_TIMER_MAX 32
#define ITIMER_COUNT 3

/* Which clock it runs on: TIMER_OF_DAY only for an absolute time of CLOCK_REALTIME. */
enum timer_base { TIMER_MONOTONIC, TIMER_OF_DAY, TIMER_CPU };

struct process_timer {
    struct timer timer;   /* TIMER_MONOTONIC, TIMER_OF_DAY */
    struct cpu_timer cpu; /* TIMER_CPU */
    struct process *process;
    enum timer_base base;
    int clock;  /* as timer_create() was told */
    int id;     /* its number; POSIX_TIMER_MAX and more: setitimer's */
    int tid;    /* the thread of a CPU_CLOCK_THREAD */
    int signal; /* 0: none is sent */
    uint32_t value;
    uint64_t deadline; /* nanoseconds on its clock; 0: disarmed */
    uint64_t interval; /* nanoseconds; 0: once */
    int overrun;       /* of the last signal taken */
    struct signal_record record;
};
