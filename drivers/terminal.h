/*
 * terminal.h - a terminal: line discipline between a serial line and the processes that read and write it.
 * POSIX.1-2017 chapter 11.
 */
#pragma once

#include <stdint.h>

#include <abi/termios.h>
#include <core/lock.h>
#include <core/wait.h>

struct session;
struct group;
struct terminal;

/* The serial line's side. */
struct terminal_ops {
    /* Take bytes for output as far as there is room; answers how many.  terminal->lock held. */
    unsigned (*write)(struct terminal *terminal, const uint8_t *bytes, unsigned n);
    /* All given bytes have left. */
    bool (*drained)(struct terminal *terminal);
};

/* The line received a byte; from the interrupt. */
void terminal_input(struct terminal *terminal, uint8_t byte);
/* The line has room again. */
void terminal_output_ready(struct terminal *terminal);
/* Hang-up, or its session leader ended: SIGHUP and SIGCONT to the foreground group; processes_lock not held. */
void terminal_disassociate(struct session *session);
void terminal_start(void); /* /dev/console, /dev/tty */
