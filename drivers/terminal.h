/*
 * terminal.h - a terminal: line discipline between a serial line and the processes that read and write it.
 * POSIX.1-2017 chapter 11.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct session;
struct terminal;

/* All of these are of the one terminal that there is, /dev/console. */

/* The line received a byte; from the interrupt. */
void terminal_input(uint8_t byte);
/* The line has room again; from the interrupt. */
void terminal_output_ready(void);
/* The session's leader ended: SIGHUP and SIGCONT to the foreground group of its controlling terminal, which it loses;
 * processes_lock not held. */
void terminal_disassociate(struct session *session);
void terminal_start(void); /* /dev/console, /dev/tty */
