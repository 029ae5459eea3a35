/*
 * ipcbench.c - what an operation costs: a program for any POSIX system, of the rows below.
 *
 * What an operation is:
 *
 *      *_self      something sent to oneself and received again, without a switch
 *      *_rtt       there and back between two processes: two messages, two switches
 *      *_bw_SIZE   a write of so many bytes, and what the reads of another process take for them
 *      *_pair      locked and unlocked, or waited for and posted, with nobody else who wants it
 *
 * The other rows are named for what they do. Options and output: harness.c.
 */
#include <stddef.h>

#include "bench.h"
#include "ipcbench.h"

const struct row rows[] = {
    {"calibrate", bench_calibrate, 1000000, 0},
    {"clock_gettime", bench_clock, 100000, 0},
    {"syscall_null", bench_null_call, 100000, 0},
    {"yield_alone", bench_yield_alone, 50000, 0},
    {"yield_rtt", bench_yield_rtt, 20000, 0},
    {"pipe_self", bench_pipe_self, 20000, 0},
    {"pipe_rtt", bench_pipe_rtt, 20000, 0},
    {"pipe_bw_64", bench_pipe_bw, 40000, 64},
    {"pipe_bw_4k", bench_pipe_bw, 10000, 4096},
    {"pipe_bw_64k", bench_pipe_bw, 1000, 65536},
    {"fifo_rtt", bench_fifo_rtt, 20000, 0},
    {"mq_self", bench_mq_self, 20000, 0},
    {"mq_rtt", bench_mq_rtt, 20000, 0},
    {"mq_stream", bench_mq_stream, 20000, 0},
    {"sem_pair", bench_sem_pair, 100000, 0},
    {"shm_sem_rtt", bench_shm_sem_rtt, 20000, 0},
    {"sig_self", bench_sig_self, 20000, 0},
    {"sig_rtt", bench_sig_rtt, 20000, 0},
    {"unix_self", bench_unix_self, 20000, 0},
    {"unix_rtt", bench_unix_rtt, 20000, 0},
    {"unix_bw_64", bench_unix_bw, 20000, 64},
    {"unix_bw_4k", bench_unix_bw, 10000, 4096},
    {"unix_bw_64k", bench_unix_bw, 1000, 65536},
    {"poll_1", bench_poll, 20000, 1},
    {"poll_64", bench_poll, 10000, 64},
    {"fork_wait", bench_fork_wait, 1000, 0},
    {"fork_exec_wait", bench_fork_exec_wait, 500, 0},
    {"spawn_wait", bench_spawn_wait, 500, 0},
    {"mmap_munmap", bench_mmap, 20000, 0},
    {"page_anon", bench_page_anon, 100, 0},
    {"page_cow", bench_page_cow, 100, 0},
    {"thread_join", bench_thread_join, 5000, 0},
    {"mutex_pair", bench_mutex_pair, 100000, 0},
    {"cond_rtt", bench_cond_rtt, 20000, 0},
    {NULL, NULL, 0, 0},
};
