/*
 * log.h - the kernel's log: lines in a ring (dmesg reads it), copied to the console.
 *
 * The console's output is a table that its driver registers: early on none is there and the ring keeps the lines.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdarg.h>
#include <stdint.h>

/* Write one line (no '\n' at its end), with the time in front.  From anywhere, also with spinlocks held. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* As log_line(), and shown on a quiet console too. */
void log_alert(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Where lines go besides the ring. */
struct log_sink {
    /* One line at a time, with its '\n'; the log's lock is held, interrupts are off. */
    void (*write)(const char *bytes, size_t n);
    /* As write, from a panic: takes no lock and returns when the bytes have left. */
    void (*emergency)(const char *bytes, size_t n);
};
/* Register (NULL: none); what the ring holds is written to it first.  `quiet`: it gets alerts and panics alone. */
void log_set_sink(const struct log_sink *sink, bool quiet);

/* Copy ring bytes from position *pos on (positions count all bytes ever logged; an overwritten one moves forward).
 * Answers how many; *pos moves on. */
size_t log_read(uint64_t *pos, char *to, size_t n);

/* Panic's own way out: one line (no '\n' at its end); takes no lock, goes to the sink at once. */
void log_emergency(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Forget whoever held the log's lock: the machine stops. */
void log_break_lock(void);

struct trap_frame;
/* What writes a line of a report: log_emergency or log_alert. */
typedef void log_function(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* unwind.c: the functions that led to registers `r` (r0 to r15) of kernel code, innermost first, one line each.
 * `exact`: r[15] is the instruction itself, not where a call returns to. */
void backtrace_print(log_function *print, const uint32_t r[16], bool exact);
/* The same from the caller on. */
void backtrace_print_here(log_function *print);
/* At boot: get ready to be stopped by another CPU's panic, or to be asked where this one is. */
void panic_start(void);
void threads_start(void); /* panic_start() calls it */
/* A panic with the registers of a trap frame. */
void panic_frame(const struct trap_frame *frame, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
/* Where every thread stands, to the log (a BREAK on the console asks for it). */
void threads_print(void);
/* How the machine ends: drivers/power.c. */
void power_off(int status) __attribute__((noreturn));
void power_restart(void) __attribute__((noreturn));
/* With status 125 where a runner watches, else it stands still.  Callable before anything was started. */
void power_panicked(void) __attribute__((noreturn));
