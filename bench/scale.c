/*
 * scale.c - what an operation costs as there is more of something: a row for each point of a curve, named CURVE_COUNT.
 *
 *      switch      a switch from process to process, of so many that all want to run
 *      fork        a child that ends at once, of a process that has written so many megabytes
 *      pid         kill(pid, 0) among so many processes
 *      wake_sem    one of so many that wait for a semaphore is woken, and answers
 *      wake_pipe   one of so many that read from a pipe is woken, and answers
 *      poll        poll() of so many descriptors, of which the last is ready
 *      open        a file opened and closed by a process that has so many open
 *      lookup      stat() in a folder of so many names
 *      pairs       four writers and their four readers, all at once: blocks of 4 KiB, or messages of 64 bytes
 *
 * Options and output: harness.c.
 */
#include <stddef.h>

#include "bench.h"
#include "scale.h"

const struct row rows[] = {
    {"switch_2", scale_switch, 5000, 2},
    {"switch_10", scale_switch, 1000, 10},
    {"switch_100", scale_switch, 100, 100},
    {"switch_1000", scale_switch, 10, 1000},
    {"fork_1", scale_fork, 100, 1},
    {"fork_4", scale_fork, 50, 4},
    {"fork_16", scale_fork, 20, 16},
    {"fork_64", scale_fork, 10, 64},
    {"pid_1", scale_pid, 10000, 1},
    {"pid_10", scale_pid, 10000, 10},
    {"pid_100", scale_pid, 10000, 100},
    {"wake_sem_1", scale_wake_semaphore, 5000, 1},
    {"wake_sem_10", scale_wake_semaphore, 5000, 10},
    {"wake_sem_100", scale_wake_semaphore, 5000, 100},
    {"wake_pipe_1", scale_wake_pipe, 5000, 1},
    {"wake_pipe_10", scale_wake_pipe, 5000, 10},
    {"wake_pipe_100", scale_wake_pipe, 5000, 100},
    {"poll_1", scale_poll, 5000, 1},
    {"poll_10", scale_poll, 2000, 10},
    {"poll_100", scale_poll, 500, 100},
    {"open_10", scale_open, 5000, 10},
    {"open_100", scale_open, 5000, 100},
    {"open_1000", scale_open, 5000, 1000},
    {"lookup_10", scale_lookup, 5000, 10},
    {"lookup_100", scale_lookup, 5000, 100},
    {"lookup_1000", scale_lookup, 5000, 1000},
    {"pairs_pipe", scale_pairs, 4000, 0},
    {"pairs_unix", scale_pairs, 4000, 1},
    {"pairs_mq", scale_pairs, 4000, 2},
    {NULL, NULL, 0, 0},
};
