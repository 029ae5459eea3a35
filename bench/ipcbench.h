/*
 * ipcbench.h - the rows of ipcbench.c, by the file that measures them. What `argument` is stands there.
 */
#pragma once

/* basic.c */
void bench_calibrate(long n, long unused);
void bench_clock(long n, long unused);
void bench_null_call(long n, long unused);
void bench_yield_alone(long n, long unused);

/* shared.c */
void bench_yield_rtt(long n, long unused);
void bench_sem_pair(long n, long unused);
void bench_shm_sem_rtt(long n, long unused);

/* stream.c */
void bench_pipe_self(long n, long unused);
void bench_pipe_rtt(long n, long unused);
void bench_pipe_bw(long n, long size);
void bench_fifo_rtt(long n, long unused);
void bench_unix_self(long n, long unused);
void bench_unix_rtt(long n, long unused);
void bench_unix_bw(long n, long size);

/* queue.c */
void bench_mq_self(long n, long unused);
void bench_mq_rtt(long n, long unused);
void bench_mq_stream(long n, long unused);

/* signal.c */
void bench_sig_self(long n, long unused);
void bench_sig_rtt(long n, long unused);

/* poll.c */
void bench_poll(long n, long count);

/* process.c */
void bench_fork_wait(long n, long unused);
void bench_fork_exec_wait(long n, long unused);
void bench_spawn_wait(long n, long unused);

/* memory.c */
void bench_mmap(long n, long unused);
void bench_page_anon(long n, long unused);
void bench_page_cow(long n, long unused);

/* thread.c */
void bench_thread_join(long n, long unused);
void bench_mutex_pair(long n, long unused);
void bench_cond_rtt(long n, long unused);
