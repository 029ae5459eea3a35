/*
 * why.h - what the files of why share: threads, and what each waits for.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../lib/table.h"

struct thread {
    int pid, tid, parent;
    char name[64];
    char reason[32];  /* the kernel's word for what it waits for; "": it can run, or has ended */
    char state;       /* of the thread, as in /proc/PID/stat */
    bool open;        /* we may see what follows */
    uint32_t call[9]; /* number, arguments, sp, pc; lr follows */
    uint32_t lr;

    char what[400];    /* for what it waits, and what is to be said of that */
    char relation[48]; /* how the holders are to it: "held by"; "": they are not known */
    int *holders;      /* tids: each of them, or each thread of one of them, may end the wait */
    size_t holder_count, holder_room;
    bool limited; /* it does not wait longer than until a time */
    bool visited; /* by the walk */
};

enum { call_number, call_arguments, call_sp = 7, call_pc };

static inline uint32_t argument(const struct thread *thread, unsigned number)
{
    return thread->call[call_arguments + number];
}

/* threads.c.  All threads that there are, ordered by tid. */
extern struct thread *threads;
extern size_t thread_count;
void threads_read(void);
struct thread *thread_find(int tid);
/* The first thread of that process after `previous` (NULL: from the start), or NULL. */
struct thread *thread_of_process(int pid, const struct thread *previous);
/* Bytes of its process's memory.  False: we may not, or there are none. */
bool thread_memory(const struct thread *thread, uint32_t address, void *to, size_t size);
/* What its process's descriptor leads to, by name; "" when we may not know. */
const char *thread_file(const struct thread *thread, uint32_t fd);
/* Its inode's number, or 0. */
unsigned long long thread_file_number(const struct thread *thread, uint32_t fd);
/* The object mapped at an offset: its name and the address there in the thread's process.  False: not known. */
bool thread_mapped(const struct thread *thread, unsigned long long object, unsigned long long offset, uint32_t *address,
                   char *name, size_t size);

/* Adds to what is said of its wait. */
void say(struct thread *thread, const char *format, ...) __attribute__((format(__printf__, 2, 3)));
/* Whoever of these may end its wait: a thread; all threads of a process, but itself; the processes of a list with
 * commas between them (has_name: it is about an object that anybody may open by its name, so that who has it alone does
 * not wait for itself).  They are in that relation to it. */
void held_by_thread(struct thread *thread, const char *relation, int tid);
void held_by_process(struct thread *thread, const char *relation, int pid);
void held_by_list(struct thread *thread, const char *relation, const char *pids, bool has_name);

/* waits.c, sockets.c, words.c.  Find out what a thread waits for, and who has it. */
void wait_explain(struct thread *thread);
void socket_explain(struct thread *thread);
void word_explain(struct thread *thread);
/* library.c: the same for a lock of the C library's own, at an address of its memory. */
void library_lock_explain(struct thread *thread, uint32_t address);

/* lines.c.  Where in the program it waits: "take (dining.c:31)", or "" where that is not known. */
const char *place_of(const struct thread *thread);
/* Has a function of that name called, by others or itself, what the thread waits in?  False where that is not known. */
bool place_is_in(const struct thread *thread, const char *function);
/* The value of the symbol of that name in its program: a variable's address.  False: not known. */
bool symbol_value(const struct thread *thread, const char *name, uint32_t *value);
/* The variable at an address of its program, by name, or by the address alone. */
void name_variable(const struct thread *thread, uint32_t address, char *name, size_t size);
