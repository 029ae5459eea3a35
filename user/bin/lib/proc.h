/*
 * proc.h - processes and the machine, as /proc shows them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One line of /proc/PID/stat, or of a thread's, and the owner of that folder.  Times in 1/100 s. */
struct process {
    int pid, parent, group, session, terminal, foreground;
    char state;
    char name[64];
    unsigned long long user_time, system_time, start_time;
    long priority, nice, threads;
    unsigned long long size; /* bytes of address space */
    long pages;              /* in memory */
    int cpu;
    uid_t uid;
};

enum { proc_hertz = 100 };

bool proc_read(int pid, struct process *process);
size_t proc_list(struct process **list);
size_t proc_list_threads(struct process **list);
void proc_each_thread(int pid, bool all, void (*visit)(int tid));
char *proc_command_line(const struct process *process);
void proc_wait_reason(const struct process *process, char *text, size_t size);
const char *proc_terminal(int number);
unsigned long long proc_uptime(void);
unsigned long long proc_memory(const char *what);
